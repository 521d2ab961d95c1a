import { deserialize, serialize } from 'node:v8';
import { FraudstreamError } from '../errors.ts';
import type { AddressTable } from '../geoip/address-table.ts';
import { instantMs } from '../transactions/instant.ts';
import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { OnlineFeatures } from './online-features.ts';
import { type KeptReports, ReportedFrauds } from './reported-frauds.ts';

interface Kept {
  readonly online: Uint8Array;
  readonly reports: KeptReports;
}

/**
 * The online features of transactions whose frauds are reported later.
 *
 * `features` and `score` compute with this, so that the same transactions and labels give the same rows.
 */
export class LabelledFeatures {
  readonly #online: OnlineFeatures;
  readonly #frauds: ReportedFrauds;

  constructor(
    addresses: AddressTable,
    online: OnlineFeatures = new OnlineFeatures(addresses),
    kept?: KeptReports,
  ) {
    this.#online = online;
    this.#frauds = new ReportedFrauds((fraud, at) => online.learn(fraud, at), kept);
  }

  /** Goes on from a snapshot. Errors: `bad-data` for bytes that are none, or of other definitions. */
  static restore(bytes: Uint8Array, addresses: AddressTable): LabelledFeatures {
    const { online, reports } = keptIn(bytes);
    return new LabelledFeatures(addresses, OnlineFeatures.restore(online, addresses), reports);
  }

  get width(): number {
    return this.#online.width;
  }

  /** How many transactions were older than the newest one of a key of theirs. */
  get late(): number {
    return this.#online.late;
  }

  /** Takes a label that is known ahead of its transaction: of a file of labels, or a generated world. */
  expect(label: Label): void {
    this.#frauds.expect(label);
  }

  /** Takes a label that comes while transactions are handled, of a stream that may bring it again. */
  learn(label: Label): void {
    this.#frauds.add(label);
  }

  /** Writes the features of a transaction to `out`, after its merchant and its terminal learnt what was reported by then. */
  row(transaction: Transaction, label: Label | undefined, out: Float32Array, offset: number): void {
    if (label) this.#frauds.add(label);
    this.#frauds.advance(transaction, instantMs(transaction.event_time));
    this.#online.row(transaction, out, offset);
  }

  /** All that is remembered, reports not yet due included, as bytes that `restore` takes. */
  snapshot(): Uint8Array {
    const kept: Kept = { online: this.#online.snapshot(), reports: this.#frauds.kept() };
    return serialize(kept);
  }
}

function keptIn(bytes: Uint8Array): Kept {
  let kept: Partial<Kept> | undefined;
  let cause: unknown;
  try {
    kept = deserialize(bytes);
  } catch (error) {
    cause = error;
  }
  if (kept?.online !== undefined && kept.reports !== undefined) return kept as Kept;
  const message =
    'The state of the features is damaged, or another version wrote it. Start without it.';
  throw new FraudstreamError('bad-data', message, { cause });
}
