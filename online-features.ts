import { deserialize, serialize } from 'node:v8';
import type { AddressTable } from '../addresses/address-table.ts';
import { FraudstreamError } from '../fraudstream-error.ts';
import { instantMs } from '../records/instant-ms.ts';
import type { Label } from '../records/label.ts';
import type { Transaction } from '../records/transaction.ts';
import { Cards, type SavedCards } from './cards.ts';
import { featureNames, featureSpecification } from './definition.ts';
import { Event } from './event.ts';
import { Ips, type SavedIps } from './ips.ts';
import { Merchants, type SavedMerchants } from './merchants.ts';
import { writeOwn } from './own-features.ts';

export { featureNames, featureSpecification } from './definition.ts';

/** A label that knows the merchant of its transaction, as a chargeback does. */
export interface MerchantLabel extends Pick<Label, 'is_fraud' | 'reported_at'> {
  readonly merchant_id: string;
}

/** What happened so far; keys and evictions by the kind of their key. */
export interface FeatureCounts {
  readonly handled: number;
  readonly late: ByKey;
  readonly keys: ByKey;
  readonly evicted: ByKey;
  /** Reports of frauds that came too late to be counted. */
  readonly staleReports: number;
}

type ByKey = Readonly<Record<'card' | 'ip' | 'merchant', number>>;

/** A snapshot before it is bytes. */
interface Saved {
  readonly kind: string;
  readonly specification: string;
  readonly handled: number;
  readonly cards: SavedCards;
  readonly ips: SavedIps;
  readonly merchants: SavedMerchants;
}

const KIND = 'fraudstream features 1';

/**
 * Features of transactions as they come, by the definition in fixtures/features/.
 *
 * In: transactions in the order in which they are to be handled. Out: one row of `featureNames.length` numbers
 * for each, NaN where something is missing. It knows no clock, and nothing of scores.
 */
export class OnlineFeatures {
  readonly #addresses: AddressTable;
  readonly #event = new Event();
  readonly #cards = new Cards();
  readonly #ips = new Ips();
  readonly #merchants = new Merchants();
  #handled = 0;

  constructor(addresses: AddressTable) {
    this.#addresses = addresses;
  }

  /** Writes the row of a transaction from `offset` on, and then remembers the transaction. */
  row(transaction: Transaction, out: Float32Array, offset: number): void {
    const event = this.#event;
    event.read(transaction, this.#addresses);
    writeOwn(event, transaction, out, offset);
    this.#cards.handle(event, out, offset);
    this.#ips.handle(event, out, offset);
    this.#merchants.handle(event, out, offset);
    this.#handled += 1;
  }

  /** Learns from a label, if it reports a fraud; others teach nothing. */
  learn({
    is_fraud: isFraud,
    reported_at: reportedAt,
    merchant_id: merchant,
  }: MerchantLabel): void {
    if (!isFraud || reportedAt === null || reportedAt === undefined) return;
    this.#merchants.learn(merchant, instantMs(reportedAt));
  }

  counts(): FeatureCounts {
    const [cards, ips, merchants] = [this.#cards, this.#ips, this.#merchants];
    return {
      handled: this.#handled,
      late: { card: cards.late, ip: ips.late, merchant: merchants.late },
      keys: { card: cards.slots.size, ip: ips.slots.size, merchant: merchants.slots.size },
      evicted: {
        card: cards.slots.evicted,
        ip: ips.slots.evicted,
        merchant: merchants.slots.evicted,
      },
      staleReports: merchants.staleReports,
    };
  }

  /** All state as bytes. */
  snapshot(): Uint8Array {
    const saved: Saved = {
      kind: KIND,
      specification: featureSpecification,
      handled: this.#handled,
      cards: this.#cards.save(),
      ips: this.#ips.save(),
      merchants: this.#merchants.save(),
    };
    return serialize(saved);
  }

  /**
   * Goes on where a snapshot was taken, to the last bit.
   *
   * Errors: throws `bad-data` for bytes that are no snapshot, or one of another definition of features.
   */
  static restore(bytes: Uint8Array, addresses: AddressTable): OnlineFeatures {
    const saved = savedIn(bytes);
    const features = new OnlineFeatures(addresses);
    features.#cards.load(saved.cards);
    features.#ips.load(saved.ips);
    features.#merchants.load(saved.merchants);
    features.#handled = saved.handled;
    return features;
  }
}

/** The number of features of a row. */
export const rowLength: number = featureNames.length;

function savedIn(bytes: Uint8Array): Saved {
  const advice = 'Take a new snapshot with --snapshot.';
  let saved: Partial<Saved> | undefined;
  try {
    saved = deserialize(bytes) as Partial<Saved>;
  } catch (cause) {
    throw new FraudstreamError('bad-data', `The snapshot cannot be read. ${advice}`, { cause });
  }
  if (saved?.kind !== KIND) {
    throw new FraudstreamError('bad-data', `This is no snapshot of features. ${advice}`);
  }
  if (saved.specification !== featureSpecification) {
    const message = `The snapshot is of feature specification ${saved.specification}, not ${featureSpecification}. ${advice}`;
    throw new FraudstreamError('bad-data', message);
  }
  return saved as Saved;
}
