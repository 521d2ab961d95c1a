import type { Clock } from './clock.ts';

/** Records that one input brought, in its order; an empty list says that a read found none. Nothing comes after `isEnd`. */
export interface Brought<T> {
  readonly input: string;
  readonly records: readonly T[];
  readonly isEnd: boolean;
}

/** Records in order, and the inputs that have ended. */
export interface Turn<T> {
  readonly records: readonly T[];
  readonly ended: readonly string[];
}

/** How inputs are merged. Units: milliseconds; `timeOf` in any unit, the same for all. */
export interface MergeSettings<T> {
  /** Lanes that are waited for from the beginning. */
  readonly inputs: readonly string[];
  readonly timeOf: (record: T) => number;
  /** What comes first of two records of one time: the lesser. */
  readonly nameOf: (record: T) => string;
  /**
   * True to arrange records of one time by their names also where one input brought them. A record then waits until each input has a
   * later one, or is idle, five seconds at most. False leaves each input in its own order.
   */
  readonly arrangesInstants: boolean;
  /** An input is idle if a read found nothing this long after a record arrived; the record then leaves. */
  readonly quietMs: number;
  /** Records buffered at most; beyond that the earliest leaves. */
  readonly most: number;
}

/** A turn ends after so many records; with the last of their time, where instants are arranged. */
const TURN = 1000;
/** So long a record waits at most for others of its time behind it: some streams have one time alone. */
const MOST_INSTANT_MS = 5_000;

/**
 * Merges records of several inputs by event time, each input in its own order.
 *
 * A record leaves once every other input has a record to compare with, or is idle. So for
 * inputs in order the result depends on the records alone, not on which input was read first, nor on how slowly. At the end all
 * that waits leaves.
 */
export async function* mergedByTime<T>(
  source: AsyncIterable<Brought<T>>,
  clock: Clock,
  settings: MergeSettings<T>,
): AsyncGenerator<Turn<T>, void, undefined> {
  const inputs = new MergeInputs(clock, settings);
  const reading = source[Symbol.asyncIterator]();
  let next = reading.next();
  try {
    for (;;) {
      const turn = inputs.turn(false);
      if (turn) yield turn;
      else {
        const brought = await broughtOrOver(next, clock, inputs.endedInMs());
        if (brought === 'over') continue;
        if (brought.done) break;
        inputs.add(brought.value);
        next = reading.next();
      }
    }
    for (let rest = inputs.turn(true); rest; rest = inputs.turn(true)) yield rest;
  } finally {
    // A source that is waiting for input would let us wait as well, and its failure is nobody's any more.
    next.catch(() => undefined);
    reading.return?.().catch(() => undefined);
  }
}

async function broughtOrOver<T>(
  next: Promise<T>,
  clock: Clock,
  overInMs: number | undefined,
): Promise<T | 'over'> {
  if (overInMs === undefined) return next;
  const waiting = new AbortController();
  const over = clock.sleep(overInMs, waiting.signal).then(() => 'over' as const);
  try {
    return await Promise.race([next, over]);
  } finally {
    waiting.abort();
  }
}

/** An input: its buffered records, since when, and when it last had none or ended. */
interface MergeInput<T> {
  batches: { readonly records: readonly T[]; readonly addedAt: number }[];
  position: number;
  /** The latest time that it brought. */
  newest: number;
  emptyAt: number;
  hasEnded: boolean;
}

/** The record that leaves next. */
interface Head<T> {
  readonly record: T;
  readonly addedAt: number;
  readonly input: MergeInput<T>;
}

/** Lanes side by side. */
class MergeInputs<T> {
  readonly #clock: Clock;
  readonly #settings: MergeSettings<T>;
  readonly #inputs = new Map<string, MergeInput<T>>();
  #buffered = 0;

  constructor(clock: Clock, settings: MergeSettings<T>) {
    this.#clock = clock;
    this.#settings = settings;
    for (const name of settings.inputs) this.#input(name);
  }

  add({ input: name, records, isEnd }: Brought<T>): void {
    const input = this.#input(name);
    const addedAt = this.#clock.now();
    if (records.length > 0) input.batches.push({ records, addedAt });
    else input.emptyAt = addedAt;
    for (const record of records) {
      input.newest = Math.max(input.newest, this.#settings.timeOf(record));
    }
    if (isEnd) {
      input.hasEnded = true;
      input.emptyAt = addedAt;
    }
    this.#buffered += records.length;
  }

  /** The records whose turn it is; with `isLast` all of them, group by group. */
  turn(isLast: boolean): Turn<T> | undefined {
    const records: T[] = [];
    while (records.length < TURN) {
      const first = this.#first();
      if (!first || !(isLast || this.#isDecided(first))) break;
      if (this.#settings.arrangesInstants) records.push(...this.#takeInstant(first));
      else {
        records.push(first.record);
        this.#leave(first.input);
      }
    }
    const ended = this.#takeEnded(isLast);
    return records.length + ended.length > 0 ? { records, ended } : undefined;
  }

  /** When the next ended input is no longer waited for. */
  endedInMs(): number | undefined {
    const over = [...this.#inputs.values()]
      .filter((input) => input.hasEnded && isEmpty(input))
      .map(({ emptyAt }) => emptyAt + this.#settings.quietMs - this.#clock.now());
    return over.length === 0 ? undefined : Math.max(1, Math.min(...over));
  }

  #input(name: string): MergeInput<T> {
    const known = this.#inputs.get(name);
    if (known) return known;
    const never = Number.NEGATIVE_INFINITY;
    const input = { batches: [], position: 0, newest: never, emptyAt: never, hasEnded: false };
    this.#inputs.set(name, input);
    return input;
  }

  #leave(input: MergeInput<T>): void {
    input.position += 1;
    this.#buffered -= 1;
    if (input.position < (input.batches[0]?.records.length ?? 0)) return;
    input.batches.shift();
    input.position = 0;
  }

  /** All that begins its input and has the time of this record, by name. */
  #takeInstant({ record: first }: Head<T>): readonly T[] {
    const { timeOf, nameOf } = this.#settings;
    const time = timeOf(first);
    const named: { readonly name: string; readonly record: T }[] = [];
    for (const input of this.#inputs.values()) {
      for (let [batch] = input.batches; batch; [batch] = input.batches) {
        const record = batch.records[input.position] as T;
        if (timeOf(record) !== time) break;
        named.push({ name: nameOf(record), record });
        this.#leave(input);
      }
    }
    if (named.length > 1) named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
    return named.map(({ record }) => record);
  }

  /** Returns true if no input can bring a record that comes before this one. */
  #isDecided({ record, addedAt }: Head<T>): boolean {
    const { arrangesInstants, most, quietMs, timeOf } = this.#settings;
    if (this.#buffered > most) return true;
    const time = timeOf(record);
    const waits = arrangesInstants && this.#clock.now() - addedAt < MOST_INSTANT_MS;
    for (const input of this.#inputs.values()) {
      const isOpen = isEmpty(input) || (waits && input.newest <= time);
      if (isOpen && input.emptyAt < addedAt + quietMs) return false;
    }
    return true;
  }

  #first(): Head<T> | undefined {
    const { timeOf, nameOf } = this.#settings;
    let first: Head<T> | undefined;
    for (const input of this.#inputs.values()) {
      const [batch] = input.batches;
      if (!batch) continue;
      const record = batch.records[input.position] as T;
      const isEarlier =
        !first ||
        timeOf(record) < timeOf(first.record) ||
        (timeOf(record) === timeOf(first.record) && nameOf(record) < nameOf(first.record));
      if (isEarlier) first = { record, addedAt: batch.addedAt, input };
    }
    return first;
  }

  /** An ended input is waited for a while: its child shards come as new inputs. */
  #takeEnded(isLast: boolean): readonly string[] {
    const quietSince = this.#clock.now() - this.#settings.quietMs;
    const ended = [...this.#inputs].filter(
      ([, input]) => input.hasEnded && isEmpty(input) && (isLast || input.emptyAt <= quietSince),
    );
    for (const [name] of ended) this.#inputs.delete(name);
    return ended.map(([name]) => name);
  }
}

function isEmpty<T>({ batches }: MergeInput<T>): boolean {
  return batches.length === 0;
}
