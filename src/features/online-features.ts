import type { AddressTable } from '../geoip/address-table.ts';
import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { cardFeatures, writeCardRecord } from './card-features.ts';
import { EncodedTransaction } from './encoded-transaction.ts';
import { FeatureState } from './feature-state.ts';
import { ipFeatures, writeIpRecord } from './ip-features.ts';
import { KeyHistory } from './key-history.ts';
import { type FeatureKey, manifest } from './manifest.ts';
import { type MerchantPast, merchantFeatures, writeMerchantRecord } from './merchant-features.ts';
import { transactionFeatures } from './transaction-features.ts';

/** A feature and its index in the row. */
interface FeatureColumn<Of> {
  readonly index: number;
  readonly windowMs: number;
  readonly of: Of;
}

const own = columnsOf('none', transactionFeatures);
const ofCard = columnsOf('card', cardFeatures);
const ofIp = columnsOf('ip', ipFeatures);
const ofMerchant = columnsOf('merchant', merchantFeatures);
const cardMs = longest(ofCard);
const ipMs = longest(ofIp);
const refundsMs = windowOf('merchant_refunds_48h');
const roundsMs = windowOf('merchant_round_12h');
const merchantMs = longest(ofMerchant.filter(({ windowMs }) => windowMs < roundsMs));

/**
 * The online features of transactions, one after the other in the order in which they are handled.
 *
 * Definitions: fixtures/features/manifest.json, docs/features.md. Equal to them to the last bit.
 */
export class OnlineFeatures {
  readonly #addresses: AddressTable;
  readonly #state: FeatureState;
  readonly #facts = new EncodedTransaction();
  readonly #card = new KeyHistory();
  readonly #ip = new KeyHistory();
  readonly #merchant: MerchantPast = {
    all: new KeyHistory(),
    refunds: new KeyHistory(),
    rounds: new KeyHistory(),
    handled: 0,
    frauds: 0,
  };

  constructor(addresses: AddressTable, state: FeatureState = new FeatureState()) {
    this.#addresses = addresses;
    this.#state = state;
  }

  /** Goes on from a snapshot. Errors: `bad-data` for bytes that are none, or of other definitions. */
  static restore(bytes: Uint8Array, addresses: AddressTable): OnlineFeatures {
    return new OnlineFeatures(addresses, FeatureState.fromBytes(bytes));
  }

  get width(): number {
    return manifest.features.length;
  }

  /** How many transactions were older than the newest one of a key of theirs. */
  get late(): number {
    return this.#state.late;
  }

  /** Writes the features of a transaction to `out` from `offset` on, and then remembers it. */
  row(transaction: Transaction, out: Float32Array, offset: number): void {
    const encoded = this.#facts;
    encoded.read(transaction, this.#addresses);
    for (const { of, index } of own) out[offset + index] = of(encoded);
    const isLateCard = this.#readCard(transaction.card_id, out, offset);
    const isLateIp = this.#readIp(transaction.source_ip, out, offset);
    const isLateMerchant = this.#readMerchant(transaction.merchant_id, out, offset);
    if (isLateCard || isLateIp || isLateMerchant) this.#state.late += 1;
    this.#state.advance(encoded.time);
  }

  /** What was reported of a transaction: its merchant learns of it. */
  learn({ is_fraud: isFraud, merchant_id: merchant }: Label): void {
    if (!isFraud || !merchant) return;
    const { frauds } = this.#state;
    frauds.set(merchant, (frauds.get(merchant) ?? 0) + 1);
  }

  /** All that is remembered, as bytes that `restore` takes. */
  snapshot(): Uint8Array {
    return this.#state.toBytes();
  }

  size(): ReturnType<FeatureState['size']> {
    return this.#state.size();
  }

  #readCard(key: string, out: Float32Array, offset: number): boolean {
    const encoded = this.#facts;
    const rings = this.#state.card;
    rings.find(key);
    this.#card.look(rings, encoded.time, cardMs);
    for (const { of, index, windowMs } of ofCard) {
      out[offset + index] = of(this.#card, encoded, windowMs);
    }
    const isLate = rings.isLate(encoded.time);
    const at = rings.insert(key, encoded.time);
    writeCardRecord(rings.numbers, at, encoded);
    return isLate;
  }

  #readIp(key: string | null | undefined, out: Float32Array, offset: number): boolean {
    if (!key) return unknown(ofIp, out, offset);
    const encoded = this.#facts;
    const rings = this.#state.ip;
    rings.find(key);
    this.#ip.look(rings, encoded.time, ipMs);
    for (const { of, index, windowMs } of ofIp) {
      out[offset + index] = of(this.#ip, encoded, windowMs);
    }
    const isLate = rings.isLate(encoded.time);
    const at = rings.insert(key, encoded.time);
    writeIpRecord(rings.numbers, at, encoded);
    return isLate;
  }

  #readMerchant(key: string | null | undefined, out: Float32Array, offset: number): boolean {
    if (!key) return unknown(ofMerchant, out, offset);
    const encoded = this.#facts;
    const { merchant, refunds, rounds, frauds } = this.#state;
    const history = this.#merchant;
    this.#state.findMerchant(key, encoded.time);
    history.all.look(merchant, encoded.time, merchantMs);
    history.refunds.look(refunds, encoded.time, refundsMs);
    history.rounds.look(rounds, encoded.time, roundsMs);
    history.handled = merchant.count;
    history.frauds = frauds.get(key) ?? 0;
    for (const { of, index, windowMs } of ofMerchant) {
      out[offset + index] = of(history, encoded, windowMs);
    }
    const isLate = merchant.isLate(encoded.time);
    const at = merchant.insert(key, encoded.time);
    writeMerchantRecord(merchant.numbers, at, encoded);
    if (encoded.isRefund) refunds.insert(key, encoded.time);
    if (encoded.isRound) rounds.insert(key, encoded.time);
    return isLate;
  }
}

function unknown(
  features: readonly { readonly index: number }[],
  out: Float32Array,
  offset: number,
): boolean {
  for (const { index } of features) out[offset + index] = Number.NaN;
  return false;
}

/** Nothing older is looked at by any of these. */
function longest(features: readonly { readonly windowMs: number }[]): number {
  return Math.max(...features.map(({ windowMs }) => windowMs));
}

function windowOf(name: string): number {
  return manifest.features.find((definition) => definition.name === name)?.window_ms ?? 0;
}

function columnsOf<Of>(
  key: FeatureKey,
  known: Readonly<Record<string, Of>>,
): readonly FeatureColumn<Of>[] {
  return manifest.features.flatMap((definition, index) => {
    if (definition.key !== key) return [];
    const of = known[definition.name];
    if (of === undefined) throw new Error(`no function computes the feature ${definition.name}`);
    return [{ index, windowMs: definition.window_ms ?? 0, of }];
  });
}
