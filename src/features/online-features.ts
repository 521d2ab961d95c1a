import type { AddressTable } from '../addresses/address-table.ts';
import type { Label } from '../records/label.ts';
import type { Transaction } from '../records/transaction.ts';
import { cardFeatures, cardRecord, writeCardRecord } from './card-features.ts';
import { Facts } from './facts.ts';
import { ipFeatures, ipRecord, writeIpRecord } from './ip-features.ts';
import { type FeatureKey, manifest } from './manifest.ts';
import {
  type MerchantPast,
  merchantFeatures,
  merchantRecord,
  writeMerchantRecord,
} from './merchant-features.ts';
import { ownFeatures } from './own-features.ts';
import { Past } from './past.ts';
import type { RingPlace, Rings } from './rings.ts';
import { State } from './state.ts';

/** A feature in its place of the row. */
interface Placed<Of> {
  readonly place: number;
  readonly windowMs: number;
  readonly of: Of;
}

const own = placed('none', ownFeatures);
const ofCard = placed('card', cardFeatures);
const ofIp = placed('ip', ipFeatures);
const ofMerchant = placed('merchant', merchantFeatures);
const { horizon_ms: horizonMs } = manifest;

/**
 * The online features of transactions, one after the other in the order in which they are handled.
 *
 * Definitions: fixtures/features/manifest.json, docs/features.md. Equal to them to the last bit.
 */
export class OnlineFeatures {
  readonly #addresses: AddressTable;
  readonly #state: State;
  readonly #facts = new Facts();
  readonly #card = new Past();
  readonly #ip = new Past();
  readonly #merchant: MerchantPast = {
    all: new Past(),
    refunds: new Past(),
    rounds: new Past(),
    handled: 0,
    frauds: 0,
  };

  constructor(addresses: AddressTable, state: State = new State()) {
    this.#addresses = addresses;
    this.#state = state;
  }

  /** Goes on from a snapshot. Errors: `bad-data` for bytes that are none, or of other definitions. */
  static restore(bytes: Uint8Array, addresses: AddressTable): OnlineFeatures {
    return new OnlineFeatures(addresses, State.fromBytes(bytes));
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
    const facts = this.#facts;
    facts.read(transaction, this.#addresses);
    for (const { of, place } of own) out[offset + place] = of(facts);
    const isLate = [
      this.#readCard(transaction.card_id, out, offset),
      this.#readIp(transaction.source_ip, out, offset),
      this.#readMerchant(transaction.merchant_id, out, offset),
    ];
    if (isLate[0] || isLate[1] || isLate[2]) this.#state.late += 1;
    this.#state.advance(facts.time);
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

  size(): ReturnType<State['size']> {
    return this.#state.size();
  }

  #readCard(key: string, out: Float32Array, offset: number): boolean {
    const facts = this.#facts;
    const rings = this.#state.card;
    const ring = rings.get(key);
    this.#card.look(ring, cardRecord.width, facts.time, horizonMs);
    for (const { of, place, windowMs } of ofCard) {
      out[offset + place] = of(this.#card, facts, windowMs);
    }
    const to = rings.insert(key, ring, facts.time);
    writeCardRecord(to.ring, to.at, facts);
    return isLate(ring, facts.time);
  }

  #readIp(key: string | null | undefined, out: Float32Array, offset: number): boolean {
    if (!key) return unknown(ofIp, out, offset);
    const facts = this.#facts;
    const rings = this.#state.ip;
    const ring = rings.get(key);
    this.#ip.look(ring, ipRecord.width, facts.time, horizonMs);
    for (const { of, place, windowMs } of ofIp) {
      out[offset + place] = of(this.#ip, facts, windowMs);
    }
    const to = rings.insert(key, ring, facts.time);
    writeIpRecord(to.ring, to.at, facts);
    return isLate(ring, facts.time);
  }

  #readMerchant(key: string | null | undefined, out: Float32Array, offset: number): boolean {
    if (!key) return unknown(ofMerchant, out, offset);
    const facts = this.#facts;
    const state = this.#state;
    const past = this.#merchant;
    const ring = state.merchant.get(key);
    past.all.look(ring, merchantRecord.width, facts.time, horizonMs);
    past.refunds.look(state.refunds.get(key), 1, facts.time, horizonMs);
    past.rounds.look(state.rounds.get(key), 1, facts.time, horizonMs);
    past.handled = ring?.[0] ?? 0;
    past.frauds = state.frauds.get(key) ?? 0;
    for (const { of, place, windowMs } of ofMerchant) {
      out[offset + place] = of(past, facts, windowMs);
    }
    const to = state.merchant.insert(key, ring, facts.time);
    writeMerchantRecord(to.ring, to.at, facts);
    if (facts.isRefund) remember(state.refunds, key, facts.time);
    if (facts.isRound) remember(state.rounds, key, facts.time);
    return isLate(ring, facts.time);
  }
}

function remember(rings: Rings, key: string, time: number): RingPlace {
  return rings.insert(key, rings.get(key), time);
}

/** Asked after the insertion, which leaves the newest time of an old ring as it was if this is late. */
function isLate(ring: Float64Array | undefined, time: number): boolean {
  return ring !== undefined && time < (ring[1] as number);
}

function unknown(
  features: readonly { readonly place: number }[],
  out: Float32Array,
  offset: number,
): boolean {
  for (const { place } of features) out[offset + place] = Number.NaN;
  return false;
}

function placed<Of>(key: FeatureKey, known: Readonly<Record<string, Of>>): readonly Placed<Of>[] {
  return manifest.features.flatMap((definition, place) => {
    if (definition.key !== key) return [];
    const of = known[definition.name];
    if (of === undefined) throw new Error(`nobody computes the feature ${definition.name}`);
    return [{ place, windowMs: definition.window_ms ?? 0, of }];
  });
}
