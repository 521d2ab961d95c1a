import { deserialize, serialize } from 'node:v8';
import { FraudstreamError } from '../errors.ts';
import { cardRecord } from './card-features.ts';
import { cardDayRecord, dayRecord } from './day-sums.ts';
import { ipRecord } from './ip-features.ts';
import { KeySlots } from './key-slots.ts';
import { featureSpecification, manifest } from './manifest.ts';
import { merchantRecord } from './merchant-features.ts';
import { RingBuffers } from './ring-buffers.ts';
import { TerminalSlots } from './terminal-slots.ts';

const TIME_ALONE = 1;
const DAY_MS = 86_400_000;
const { rings: most, kept_days: keptDays } = manifest;
/** Stands for the slot of a merchant that is not known. */
export const UNKNOWN_MERCHANT = -1;
/** No feature looks further back. */
const LOOKED_BACK_DAYS = Math.max(...Object.values(keptDays));

interface Kept {
  readonly specification: string;
  readonly newest: number;
  readonly sweptAt: number;
  readonly late: number;
  readonly rings: Readonly<Record<string, Map<string, Float64Array>>>;
}

/** The keys of one kind: their slots, and the rings of each. */
class KeyedRings<Rings extends Readonly<Record<string, RingBuffers>>> {
  readonly slots: KeySlots = new KeySlots();
  readonly rings: Rings;
  readonly #keptMs: number;

  constructor(days: number, rings: Rings) {
    this.rings = rings;
    this.#keptMs = days * DAY_MS;
  }

  /** Forgets the keys of which nothing is new enough to be seen. */
  forget(now: number): void {
    const since = now - this.#keptMs;
    const rings = Object.values(this.rings);
    for (const [key, slot] of this.slots.entries()) {
      if (rings.some((ring) => ring.isKept(slot, since))) continue;
      for (const ring of rings) ring.drop(slot);
      this.slots.free(key);
    }
  }

  get bytes(): number {
    return Object.values(this.rings).reduce((sum, ring) => sum + ring.bytes, 0);
  }

  kept(name: keyof Rings): Map<string, Float64Array> {
    const kept = new Map<string, Float64Array>();
    for (const [key, slot] of this.slots.entries()) {
      const ring = this.rings[name]?.kept(slot);
      if (ring !== undefined) kept.set(key, ring);
    }
    return kept;
  }

  restore(name: keyof Rings, kept: ReadonlyMap<string, Float64Array>): void {
    for (const [key, ring] of kept) this.rings[name]?.restore(this.slots.take(key), ring);
  }
}

const terminalRings = ['days', 'reports'] as const;
const daysOf = (ring: 'ip' | 'merchant' | 'terminal'): RingBuffers =>
  new RingBuffers(dayRecord.width, most[`${ring}_days`]);

/** The rings of terminals, which are known by the slot of their merchant and the hash of their number. */
class TerminalRings {
  readonly slots: TerminalSlots = new TerminalSlots();
  readonly rings = {
    days: daysOf('terminal'),
    reports: new RingBuffers(dayRecord.width, most.terminal_reports),
  } as const;

  /** A terminal is never newer than its merchant, and is kept no longer. */
  forget(now: number): void {
    const since = now - keptDays.terminal * DAY_MS;
    const { days, reports } = this.rings;
    this.slots.forget((slot) => {
      if (days.isKept(slot, since) || reports.isKept(slot, since)) return true;
      days.drop(slot);
      reports.drop(slot);
      return false;
    });
  }

  get bytes(): number {
    return this.rings.days.bytes + this.rings.reports.bytes + this.slots.bytes;
  }

  /** The rings of each terminal, by its hash and its merchant. */
  kept(name: keyof TerminalRings['rings'], merchants: KeySlots): Map<string, Float64Array> {
    const merchantKeys = new Map([...merchants.entries()].map(([key, slot]) => [slot, key]));
    const kept = new Map<string, Float64Array>();
    for (const { merchant, terminal, slot } of this.slots.entries()) {
      const ring = this.rings[name].kept(slot);
      if (ring) kept.set(`${terminal} ${merchantKeys.get(merchant) ?? ''}`, ring);
    }
    return kept;
  }

  restore(
    name: keyof TerminalRings['rings'],
    kept: ReadonlyMap<string, Float64Array>,
    merchants: KeySlots,
  ): void {
    for (const [key, ring] of kept) {
      const [terminal = ''] = key.split(' ', 1);
      const merchant = key.slice(terminal.length + 1);
      const slot = merchant === '' ? UNKNOWN_MERCHANT : merchants.take(merchant);
      this.rings[name].restore(this.slots.take(slot, Number(terminal)), ring);
    }
  }
}

/** All pasts: the rings of cards, addresses, merchants and terminals. */
export class FeatureState {
  readonly cards = new KeyedRings(keptDays.card, {
    recent: new RingBuffers(cardRecord.width, most.card),
    days: new RingBuffers(cardDayRecord.width, most.card_days),
  });
  readonly addresses = new KeyedRings(keptDays.ip, {
    recent: new RingBuffers(ipRecord.width, most.ip),
    days: daysOf('ip'),
  });
  readonly merchants = new KeyedRings(keptDays.merchant, {
    recent: new RingBuffers(merchantRecord.width, most.merchant),
    refunds: new RingBuffers(TIME_ALONE, most.merchant_refunds),
    rounds: new RingBuffers(TIME_ALONE, most.merchant_round),
    days: daysOf('merchant'),
    reports: new RingBuffers(dayRecord.width, most.merchant_reports),
  });
  readonly terminals: TerminalRings = new TerminalRings();
  /** Transactions older than the newest one of their card, address or merchant. */
  late: number = 0;
  #newest = Number.NEGATIVE_INFINITY;
  #sweptAt = Number.NEGATIVE_INFINITY;

  get #all(): Readonly<Record<string, KeyedRings<Readonly<Record<string, RingBuffers>>>>> {
    const { cards, addresses, merchants } = this;
    return { cards, addresses, merchants };
  }

  /** Time goes on: once a day, keys are forgotten whose past can be seen no more. */
  advance(time: number): void {
    if (time <= this.#newest) return;
    // A single transaction of the far future must not end every past: a day at a time.
    const hasBegun = Number.isFinite(this.#newest);
    this.#newest = hasBegun ? Math.min(time, this.#newest + DAY_MS) : time;
    if (this.#newest - this.#sweptAt < DAY_MS) return;
    this.#sweptAt = this.#newest;
    for (const keyed of Object.values(this.#all)) keyed.forget(this.#newest);
    this.terminals.forget(this.#newest);
  }

  /** What is kept, and how much memory its numbers take. */
  size(): { readonly cards: number; readonly keys: number; readonly bytes: number } {
    const all = [...Object.values(this.#all), this.terminals];
    const keys = all.reduce((sum, { slots }) => sum + slots.size, 0);
    const bytes = all.reduce((sum, keyed) => sum + keyed.bytes, 0);
    return { cards: this.cards.slots.size, keys, bytes };
  }

  toBytes(): Uint8Array {
    const rings = Object.entries(this.#all).flatMap(([kind, keyed]) =>
      Object.keys(keyed.rings).map((name) => [`${kind}.${name}`, keyed.kept(name)]),
    );
    const { slots } = this.merchants;
    const terminals = terminalRings.map((name) => [
      `terminals.${name}`,
      this.terminals.kept(name, slots),
    ]);
    return serialize({
      specification: featureSpecification,
      newest: this.#newest,
      sweptAt: this.#sweptAt,
      late: this.late,
      rings: Object.fromEntries([...rings, ...terminals]),
    });
  }

  /** Errors: `bad-data` for bytes that are no state, or one of other definitions. */
  static fromBytes(bytes: Uint8Array): FeatureState {
    const kept = keptIn(bytes);
    const state = new FeatureState();
    state.#newest = kept.newest;
    state.#sweptAt = kept.sweptAt;
    state.late = kept.late;
    for (const [kind, keyed] of Object.entries(state.#all)) {
      for (const name of Object.keys(keyed.rings)) {
        keyed.restore(name, kept.rings[`${kind}.${name}`] ?? new Map());
      }
    }
    for (const name of terminalRings) {
      const rings = kept.rings[`terminals.${name}`] ?? new Map();
      state.terminals.restore(name, rings, state.merchants.slots);
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
  const message = `The state of the features belongs to other definitions (${kept?.specification}, not ${featureSpecification}). Compute it again from the transactions of the last ${LOOKED_BACK_DAYS} days, or start without it.`;
  throw new FraudstreamError('bad-data', message);
}
