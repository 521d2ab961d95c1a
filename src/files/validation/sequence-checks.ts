import { shown } from '../reading/row.ts';

/** Slots at first; twice as many whenever half are taken. */
const FIRST_SLOTS = 1 << 12;
/** 8 million identifiers in 128 MiB. */
const MOST_SLOTS = 1 << 24;
const FNV_PRIME = 0x01000193;
const FNV_OFFSET = 0x811c9dc5;
const OTHER_OFFSET = 0x9747b28c;

/**
 * Identifiers that were seen, by a hash of 64 bits; it takes 8 million of them and then no more.
 *
 * Two identifiers that differ are taken for one with a chance of about 1 in 500,000 at 8 million.
 */
export class IdSet {
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  #size = 0;
  readonly #mostSlots: number;

  constructor(mostSlots: number = MOST_SLOTS) {
    this.#mostSlots = mostSlots;
  }

  /** True when it takes no more, and so says nothing of what comes from here on. */
  get isFull(): boolean {
    return this.#size * 2 >= this.#mostSlots;
  }

  /** True when the identifier was there before. */
  add(id: string): boolean {
    if (this.#size * 2 >= this.#high.length && !this.isFull) this.#grow();
    const [high, low] = hashed(id);
    const slot = this.#slotOf(high, low);
    if (this.#isTaken(slot)) return true;
    if (this.isFull) return false;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#size += 1;
    return false;
  }

  /** Where the hash stands, or the free slot where it would. */
  #slotOf(high: number, low: number): number {
    const mask = this.#high.length - 1;
    let slot = low & mask;
    while (this.#isTaken(slot) && (this.#high[slot] !== high || this.#low[slot] !== low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isTaken(slot: number): boolean {
    return this.#high[slot] !== 0;
  }

  #grow(): void {
    const [highs, lows] = [this.#high, this.#low];
    this.#high = new Uint32Array(highs.length * 2);
    this.#low = new Uint32Array(highs.length * 2);
    for (const [place, high] of highs.entries()) {
      if (high === 0) continue;
      const slot = this.#slotOf(high, lows[place] ?? 0);
      this.#high[slot] = high;
      this.#low[slot] = lows[place] ?? 0;
    }
  }
}

/** Two hashes of 32 bits, FNV-1a and a relative of it, mixed; the first is never 0, which means free. */
function hashed(id: string): readonly [number, number] {
  let high = FNV_OFFSET;
  let low = OTHER_OFFSET;
  for (let place = 0; place < id.length; place += 1) {
    const unit = id.charCodeAt(place);
    high = Math.imul(high ^ unit, FNV_PRIME);
    low = Math.imul(low ^ (unit + place), 0x5bd1e995);
    low ^= low >>> 15;
  }
  return [mixed(high) || 1, mixed(low)];
}

/** The last step of MurmurHash3, which spreads every bit over all others. */
function mixed(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** What a record is called, if it says so, and when it was: epoch milliseconds, NaN where that is not known. */
export interface NamedRecord {
  readonly id: unknown;
  readonly eventAt: number;
}

/** What is odd between records of which each by itself may be sound. */
export interface SequenceProblem {
  readonly field: string;
  readonly value: string | undefined;
  readonly reason: string;
}

/** How often, in all records so far. `backMs` is how far event time went back at most. */
export interface SequenceProblems {
  readonly duplicates: number;
  readonly outOfOrder: number;
  readonly backMs: number;
  /** Fields that nobody knows, with how many records have them. */
  readonly unknownFields: ReadonlyMap<string, number>;
  /** True when not all identifiers could be compared with all others. */
  readonly isIncomplete: boolean;
}

/** Names of unknown fields that are remembered. */
const MOST_NAMES = 100;

/**
 * Looks at records one after the other: identifiers that come again in any file, event times that go
 * back within one, unknown fields. Memory is bounded.
 *
 * Each duplicate is told; of the others the first of each file.
 */
export class SequenceChecks {
  readonly #known: ReadonlySet<string>;
  readonly #ids = new IdSet();
  readonly #unknown = new Map<string, number>();
  #duplicates = 0;
  #outOfOrder = 0;
  #backMs = 0;
  #latestAt = Number.NEGATIVE_INFINITY;
  readonly #reported = new Set<string>();

  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  /** The next record is the first of a file. */
  beginFile(): void {
    this.#latestAt = Number.NEGATIVE_INFINITY;
    this.#reported.clear();
  }

  /** What is odd about a record, to be told; `given` are the fields of its line that might be unknown. */
  add(
    { id, eventAt }: NamedRecord,
    given: Readonly<Record<string, unknown>>,
  ): readonly SequenceProblem[] {
    const oddities: SequenceProblem[] = [];
    if (typeof id === 'string' && this.#ids.add(id)) {
      this.#duplicates += 1;
      oddities.push({ field: 'transaction_id', value: shown(id), reason: 'came before' });
    }
    if (this.#isBack(eventAt) && this.#isFirst('event_time')) {
      oddities.push({
        field: 'event_time',
        value: shown(new Date(eventAt).toISOString()),
        reason: 'is earlier than one before',
      });
    }
    for (const name in given) {
      if (!this.#known.has(name) && this.#isStrange(name)) {
        oddities.push({
          field: name,
          value: shown(given[name]),
          reason: 'is an unknown field',
        });
      }
    }
    return oddities;
  }

  summary(): SequenceProblems {
    return {
      duplicates: this.#duplicates,
      outOfOrder: this.#outOfOrder,
      backMs: this.#backMs,
      unknownFields: this.#unknown,
      isIncomplete: this.#ids.isFull,
    };
  }

  #isBack(at: number): boolean {
    if (!(at < this.#latestAt)) {
      if (at > this.#latestAt) this.#latestAt = at;
      return false;
    }
    this.#outOfOrder += 1;
    this.#backMs = Math.max(this.#backMs, this.#latestAt - at);
    return true;
  }

  #isStrange(name: string): boolean {
    const seen = this.#unknown.get(name);
    if (seen === undefined && this.#unknown.size >= MOST_NAMES) return false;
    this.#unknown.set(name, (seen ?? 0) + 1);
    return this.#isFirst(name);
  }

  #isFirst(what: string): boolean {
    if (this.#reported.has(what)) return false;
    this.#reported.add(what);
    return true;
  }
}
