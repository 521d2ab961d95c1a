import type { AddressTable } from '../geoip/address-table.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { cardFeatures, writeCardRecord } from './card-features.ts';
import { DayFeatures, dayColumns } from './day-features.ts';
import { addToDay, dayOf } from './day-sums.ts';
import { EncodedTransaction, fnv } from './encoded-transaction.ts';
import { FeatureState, UNKNOWN_MERCHANT } from './feature-state.ts';
import { ipFeatures, writeIpRecord } from './ip-features.ts';
import { KeyHistory } from './key-history.ts';
import { type FeatureKey, manifest } from './manifest.ts';
import { type MerchantPast, merchantFeatures, writeMerchantRecord } from './merchant-features.ts';
import type { ReportedFraud } from './reported-frauds.ts';
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
checkAllComputed();
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
  };
  readonly #days = new DayFeatures();
  /** That of the current transaction. */
  #merchantSlot = UNKNOWN_MERCHANT;

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

  /** How many transactions were older than the newest one of their card, address or merchant. */
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
    this.#readTerminal(transaction.terminal_id, out, offset);
    if (isLateCard || isLateIp || isLateMerchant) this.#state.late += 1;
    this.#state.advance(encoded.time);
  }

  /** Learns a reported fraud: by its merchant and its terminal, on the day of `reportedAt` (epoch milliseconds). */
  learn(label: ReportedFraud, reportedAt: number): void {
    const day = dayOf(reportedAt);
    const { merchants, terminals } = this.#state;
    const { merchant_id: merchant, terminal_id: terminal } = label;
    const merchantSlot = merchant ? merchants.slots.take(merchant) : UNKNOWN_MERCHANT;
    if (merchant) {
      merchants.rings.reports.find(merchantSlot);
      addToDay(merchants.rings.reports, day);
    }
    if (!terminal) return;
    terminals.rings.reports.find(terminals.slots.take(merchantSlot, fnv(terminal)));
    addToDay(terminals.rings.reports, day);
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
    const { slots, rings } = this.#state.cards;
    const { recent, days } = rings;
    const slot = slots.take(key);
    recent.find(slot);
    this.#card.look(recent, encoded.time, cardMs);
    for (const { of, index, windowMs } of ofCard) {
      out[offset + index] = of(this.#card, encoded, windowMs);
    }
    const isLate = recent.isLate(encoded.time);
    const at = recent.insert(encoded.time);
    writeCardRecord(recent.numbers, at, encoded);
    days.find(slot);
    this.#days.card(days, encoded, out, offset);
    return isLate;
  }

  #readIp(key: string | null | undefined, out: Float32Array, offset: number): boolean {
    if (!key) return unknown(columnsOfKey.ip, out, offset);
    const encoded = this.#facts;
    const { slots, rings } = this.#state.addresses;
    const { recent, days } = rings;
    const slot = slots.take(key);
    recent.find(slot);
    this.#ip.look(recent, encoded.time, ipMs);
    for (const { of, index, windowMs } of ofIp) {
      out[offset + index] = of(this.#ip, encoded, windowMs);
    }
    const isLate = recent.isLate(encoded.time);
    const at = recent.insert(encoded.time);
    writeIpRecord(recent.numbers, at, encoded);
    days.find(slot);
    this.#days.ip(days, encoded, out, offset);
    return isLate;
  }

  #readMerchant(key: string | null | undefined, out: Float32Array, offset: number): boolean {
    this.#merchantSlot = UNKNOWN_MERCHANT;
    if (!key) return unknown(columnsOfKey.merchant, out, offset);
    const encoded = this.#facts;
    const { slots, rings } = this.#state.merchants;
    const { recent, refunds, rounds, days, reports } = rings;
    const slot = slots.take(key);
    this.#merchantSlot = slot;
    const history = this.#merchant;
    recent.find(slot);
    refunds.find(slot);
    rounds.find(slot);
    history.all.look(recent, encoded.time, merchantMs);
    history.refunds.look(refunds, encoded.time, refundsMs);
    history.rounds.look(rounds, encoded.time, roundsMs);
    for (const { of, index, windowMs } of ofMerchant) {
      out[offset + index] = of(history, encoded, windowMs);
    }
    const isLate = recent.isLate(encoded.time);
    const at = recent.insert(encoded.time);
    writeMerchantRecord(recent.numbers, at, encoded);
    if (encoded.isRefund) refunds.insert(encoded.time);
    if (encoded.isRound) rounds.insert(encoded.time);
    days.find(slot);
    reports.find(slot);
    this.#days.risk('merchant', rings, encoded, out, offset);
    return isLate;
  }

  #readTerminal(key: string | null | undefined, out: Float32Array, offset: number): void {
    if (!key) {
      unknown(columnsOfKey.terminal, out, offset);
      return;
    }
    const { slots, rings } = this.#state.terminals;
    const slot = slots.take(this.#merchantSlot, fnv(key));
    rings.days.find(slot);
    rings.reports.find(slot);
    this.#days.risk('terminal', rings, this.#facts, out, offset);
  }
}

/** Where the features of a key stand. */
const columnsOfKey = {
  ip: columnsOfFeatures('ip'),
  merchant: columnsOfFeatures('merchant'),
  terminal: columnsOfFeatures('terminal'),
} as const;

function unknown(columns: readonly number[], out: Float32Array, offset: number): boolean {
  for (const index of columns) out[offset + index] = Number.NaN;
  return false;
}

function columnsOfFeatures(key: FeatureKey): readonly number[] {
  return manifest.features.flatMap((feature, index) => (feature.key === key ? [index] : []));
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
    return of === undefined ? [] : [{ index, windowMs: definition.window_ms ?? 0, of }];
  });
}

function checkAllComputed(): void {
  const columns = [own, ofCard, ofIp, ofMerchant].flat().map(({ index }) => index);
  const computed = new Set([...columns, ...dayColumns]);
  const missing = manifest.features.find((_, index) => !computed.has(index));
  if (missing) throw new Error(`there is no function for the feature ${missing.name}`);
}
