import { shown } from '../reading/row.ts';
import { IdSet } from './id-set.ts';

/** What a record is called, if it says so, and when it was: epoch milliseconds, NaN where that is not known. */
export interface Named {
  readonly id: unknown;
  readonly eventAt: number;
}

/** What is odd between records of which each by itself may be sound. */
export interface Oddity {
  readonly field: string;
  readonly value: string | undefined;
  readonly reason: string;
}

/** How often, in all records so far. `backMs` is how far event time went back at most. */
export interface Oddities {
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
 * back within one, fields that nobody knows. Memory is bounded.
 *
 * Each duplicate is told; of the others the first of each file.
 */
export class Sequence {
  readonly #known: ReadonlySet<string>;
  readonly #ids = new IdSet();
  readonly #unknown = new Map<string, number>();
  #duplicates = 0;
  #outOfOrder = 0;
  #backMs = 0;
  #latestAt = Number.NEGATIVE_INFINITY;
  readonly #told = new Set<string>();

  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  /** The next record is the first of a file. */
  beginFile(): void {
    this.#latestAt = Number.NEGATIVE_INFINITY;
    this.#told.clear();
  }

  /** What is odd about a record, to be told; `given` are the fields of its line that might be unknown. */
  add({ id, eventAt }: Named, given: Readonly<Record<string, unknown>>): readonly Oddity[] {
    const oddities: Oddity[] = [];
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
          reason: 'is a field nobody knows',
        });
      }
    }
    return oddities;
  }

  summary(): Oddities {
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
    if (this.#told.has(what)) return false;
    this.#told.add(what);
    return true;
  }
}
