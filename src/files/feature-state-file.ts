import { readFile } from 'node:fs/promises';
import { FraudstreamError, readFailureOf } from '../errors.ts';
import { LabelledFeatures } from '../features/labelled-features.ts';
import type { AddressTable } from '../geoip/address-table.ts';
import { writeFileAtomically } from '../storage/output-file.ts';

/**
 * The state that another run of `features` kept, reports that were not yet due included.
 *
 * Errors: `no-input` when it cannot be read, `bad-data` when it is none, or one of other definitions.
 */
export async function restoredFeatures(
  path: string,
  addresses: AddressTable,
): Promise<LabelledFeatures> {
  const bytes = await bytesOf(path);
  try {
    return LabelledFeatures.restore(bytes, addresses);
  } catch (cause) {
    const reason = readFailureOf(cause);
    const message = `--restore ${path} was not written by features --snapshot: ${reason}`;
    throw new FraudstreamError('bad-data', message, { cause });
  }
}

/** Keeps a state; the file is there whole or not at all. */
export async function keepFeatures(path: string, features: LabelledFeatures): Promise<void> {
  await writeFileAtomically(path, features.snapshot());
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = readFailureOf(cause);
    const message = `--restore ${path} cannot be read: ${reason}.`;
    throw new FraudstreamError('no-input', message, { cause });
  }
}
