import { readFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { AddressTable } from '../../../addresses/address-table.ts';
import { OnlineFeatures } from '../../../features/online-features.ts';
import { FraudstreamError } from '../../../fraudstream-error.ts';
import { writeFileAtomically } from '../../../storage/output-file.ts';
import { ReportedFrauds, type WaitingReports } from './reported-frauds.ts';

/** What a run of `features` knows, and hands on to the next. */
export interface KeptFeatures {
  readonly online: OnlineFeatures;
  readonly frauds: ReportedFrauds;
}

interface Kept {
  readonly online: Uint8Array;
  readonly waiting: WaitingReports;
}

/** A state that knows nothing. */
export function newFeatures(addresses: AddressTable): KeptFeatures {
  const online = new OnlineFeatures(addresses);
  return { online, frauds: new ReportedFrauds(online) };
}

/**
 * The state that another run kept, reports that were not yet due included.
 *
 * Errors: `no-input` when it cannot be read, `bad-data` when it is none, or one of other definitions.
 */
export async function restoredFeatures(
  path: string,
  addresses: AddressTable,
): Promise<KeptFeatures> {
  const kept = keptIn(await bytesOf(path), path);
  const online = OnlineFeatures.restore(kept.online, addresses);
  return { online, frauds: new ReportedFrauds(online, kept.waiting) };
}

/** Keeps a state; the file is there whole or not at all. */
export async function keepFeatures(path: string, { online, frauds }: KeptFeatures): Promise<void> {
  const kept: Kept = { online: online.snapshot(), waiting: frauds.waiting() };
  await writeFileAtomically(path, serialize(kept));
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `--restore ${path} cannot be read: ${reason}.`;
    throw new FraudstreamError('no-input', message, { cause });
  }
}

function keptIn(bytes: Uint8Array, path: string): Kept {
  let kept: Partial<Kept> | undefined;
  try {
    kept = deserialize(bytes);
  } catch {
    // Said below: it is none.
  }
  if (kept?.online !== undefined && kept.waiting !== undefined) return kept as Kept;
  const message = `--restore ${path} is no state that features --snapshot has kept. Start without it.`;
  throw new FraudstreamError('bad-data', message);
}
