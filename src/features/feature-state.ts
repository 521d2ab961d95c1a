import { deserialize, serialize } from 'node:v8';
import { FraudstreamError } from '../errors.ts';
import { cardRecord } from './card-features.ts';
import { ipRecord } from './ip-features.ts';
import { featureSpecification, manifest } from './manifest.ts';
import { merchantRecord } from './merchant-features.ts';
import { RingBuffers } from './ring-buffers.ts';

const TIME_ALONE = 1;
const DAY_MS = 86_400_000;
/** How long after its newest transaction a key is remembered for certain. */
const KEPT_MS = manifest.horizon_ms + DAY_MS;

interface Kept {
  readonly specification: string;
  readonly newest: number;
  readonly sweptAt: number;
  readonly late: number;
  readonly rings: Readonly<Record<string, Map<string, Float64Array>>>;
  readonly frauds: Map<string, number>;
}

/** All pasts: rings by key, and the frauds that were reported of each merchant. */
export class FeatureState {
  readonly card: RingBuffers = new RingBuffers(cardRecord.width, manifest.rings.card);
  readonly ip: RingBuffers = new RingBuffers(ipRecord.width, manifest.rings.ip);
  readonly merchant: RingBuffers = new RingBuffers(merchantRecord.width, manifest.rings.merchant);
  readonly refunds: RingBuffers = new RingBuffers(TIME_ALONE, manifest.rings.merchant_refunds);
  readonly rounds: RingBuffers = new RingBuffers(TIME_ALONE, manifest.rings.merchant_round);
  frauds: Map<string, number> = new Map();
  /** Transactions older than the newest one of a key of theirs. */
  late: number = 0;
  #newest = Number.NEGATIVE_INFINITY;
  #sweptAt = Number.NEGATIVE_INFINITY;

  get #rings(): Readonly<Record<string, RingBuffers>> {
    const { card, ip, merchant, refunds, rounds } = this;
    return { card, ip, merchant, refunds, rounds };
  }

  /** Time goes on: once a day, keys are forgotten whose past can be seen no more. */
  advance(time: number): void {
    if (time <= this.#newest) return;
    // A single transaction of the far future must not end every past: a day at a time.
    const hasBegun = Number.isFinite(this.#newest);
    this.#newest = hasBegun ? Math.min(time, this.#newest + DAY_MS) : time;
    if (this.#newest - this.#sweptAt < DAY_MS) return;
    this.#sweptAt = this.#newest;
    const before = this.#newest - KEPT_MS;
    for (const rings of Object.values(this.#rings)) rings.forget(before);
    for (const merchant of this.frauds.keys()) {
      if (!this.merchant.find(merchant)) this.frauds.delete(merchant);
    }
  }

  /**
   * Goes to the rings of a merchant. One that was silent for so long that it may be forgotten begins anew, whether a
   * sweep has come by or not: its transactions and frauds are counted without a window.
   */
  findMerchant(key: string, time: number): void {
    const isKnown = this.merchant.find(key);
    const isKept = isKnown && time - this.merchant.newest <= KEPT_MS;
    if (isKnown && !isKept) this.merchant.restart(key);
    if (!isKept) this.frauds.delete(key);
    this.refunds.find(key);
    this.rounds.find(key);
  }

  /** What is kept, and how much memory its numbers take. */
  size(): { readonly cards: number; readonly keys: number; readonly bytes: number } {
    const all = Object.values(this.#rings);
    const keys = all.reduce((sum, rings) => sum + rings.size, 0);
    return { cards: this.card.size, keys, bytes: all.reduce((sum, rings) => sum + rings.bytes, 0) };
  }

  toBytes(): Uint8Array {
    const rings = Object.entries(this.#rings).map(([name, one]) => [name, one.kept()]);
    return serialize({
      specification: featureSpecification,
      newest: this.#newest,
      sweptAt: this.#sweptAt,
      late: this.late,
      rings: Object.fromEntries(rings),
      frauds: this.frauds,
    });
  }

  /** Errors: `bad-data` for bytes that are no state, or one of other definitions. */
  static fromBytes(bytes: Uint8Array): FeatureState {
    const kept = keptIn(bytes);
    const state = new FeatureState();
    state.#newest = kept.newest;
    state.#sweptAt = kept.sweptAt;
    state.late = kept.late;
    state.frauds = kept.frauds;
    for (const [name, rings] of Object.entries(state.#rings)) {
      rings.restore(kept.rings[name] ?? new Map());
    }
    return state;
  }
}

function keptIn(bytes: Uint8Array): Kept {
  let kept: Partial<Kept> | undefined;
  try {
    kept = deserialize(bytes);
  } catch (cause) {
    const message = 'The state of the features is damaged. Start without it.';
    throw new FraudstreamError('bad-data', message, { cause });
  }
  if (kept?.specification === featureSpecification) return kept as Kept;
  const message = `The state of the features is of other definitions (${kept?.specification}, not ${featureSpecification}). Start without it.`;
  throw new FraudstreamError('bad-data', message);
}
