import type { Runtime } from '../cli/runtime.ts';
import { Latency, type LatencySummary } from '../metrics/latency.ts';
import {
  LoadGeneratorHealth,
  type LoadGeneratorSummary,
} from '../metrics/load-generator-health.ts';

/** More of such records than `most` break a rate, however many others follow. */
export interface TooMany {
  /** Answered well but later than this after they were due; undefined for errors. */
  readonly slowerThanMs: number | undefined;
  readonly most: number;
}

/** How long one rate is held, and how much of its beginning does not count. */
export interface ProbeSettings {
  readonly stepMs: number;
  readonly warmUpMs: number;
  /** After so much of the step it ends as soon as there are too many of these. */
  readonly leastMs?: number;
  readonly tooMany?: readonly TooMany[];
  /** An answer is good that comes within so long of being due. */
  readonly goodMs: number;
}

/**
 * One rate, held for a while.
 *
 * Of what was due after the warm-up: `achievedPerSecond` were answered well in that time, whenever
 * they were due; `goodPerSecond` of these in time as well; `errorsShare` were not answered well at all.
 * `response` has those that were answered well: none, where nothing succeeded.
 */
export interface ProbeSummary {
  readonly targetPerSecond: number;
  readonly achievedPerSecond: number;
  readonly achievedShare: number;
  readonly goodPerSecond: number;
  readonly errorsShare: number;
  readonly response: LatencySummary;
  readonly generator: LoadGeneratorSummary;
}

/** The two ends of the time that is measured may each cut off a record that was answered in time. */
const CUT_OFF = 2;
/** After so many errors in so long a time, and no success, a rate need not be held any longer. */
const HOPELESS = { errors: 20, ms: 1_000 } as const;

/** Folds the answers of one probe. */
export class Probe {
  readonly #perSecond: number;
  readonly #settings: ProbeSettings;
  readonly #response = new Latency();
  readonly generator: LoadGeneratorHealth = new LoadGeneratorHealth(true);
  #from = Number.NaN;
  #left = 0;
  #settled = 0;
  #due = 0;
  #wrong = 0;
  #answered = 0;
  #good = 0;
  #endAt = Number.POSITIVE_INFINITY;
  readonly #beyond: number[];

  constructor(perSecond: number, settings: ProbeSettings) {
    this.#perSecond = perSecond;
    this.#settings = settings;
    this.#beyond = (settings.tooMany ?? []).map(() => 0);
  }

  /** The first record is due now. */
  start(now: number): void {
    this.#from = now + this.#settings.warmUpMs;
  }

  /** So many records leave. */
  left(count: number): void {
    this.#left += count;
  }

  /** Records under way. */
  get underWay(): number {
    return this.#left - this.#settled;
  }

  /** Ends where what would still come can change nothing; true from then on. */
  endIfDecided(now: number): boolean {
    if (now >= this.#endAt) return true;
    const { leastMs = Number.POSITIVE_INFINITY, tooMany = [] } = this.#settings;
    const hasTooMany = tooMany.some(({ most }, index) => (this.#beyond[index] ?? 0) > most);
    const isBroken = hasTooMany && now - this.#from >= leastMs;
    if (isBroken || this.#isHopeless(now)) this.#endAt = now;
    return now >= this.#endAt;
  }

  /** Nothing succeeded so far, and there was time for it. */
  #isHopeless(now: number): boolean {
    const isTime = now - this.#from >= HOPELESS.ms && this.#wrong >= HOPELESS.errors;
    return isTime && this.#wrong === this.#due;
  }

  get measuredFrom(): number {
    return this.#from;
  }

  /** One record was answered, well or not; instants in epoch milliseconds. */
  add(dueAt: number, answeredAt: number, isWell: boolean): void {
    this.#settled += 1;
    const isInTime = answeredAt >= this.#from && answeredAt < this.#from + this.#ms;
    if (isWell && isInTime) {
      this.#answered += 1;
      if (answeredAt - dueAt <= this.#settings.goodMs) this.#good += 1;
    }
    if (dueAt < this.#from) return;
    this.#due += 1;
    if (isWell) this.#response.add(answeredAt - dueAt);
    else this.#wrong += 1;
    this.#settings.tooMany?.forEach(({ slowerThanMs }, index) => {
      const isSlower = slowerThanMs !== undefined && answeredAt - dueAt > slowerThanMs;
      const isBeyond = isWell ? isSlower : slowerThanMs === undefined;
      if (isBeyond) this.#beyond[index] = (this.#beyond[index] ?? 0) + 1;
    });
  }

  summary(): ProbeSummary {
    const seconds = this.#ms / 1000;
    const achievedPerSecond = this.#answered / seconds;
    const whole = this.#answered > 0 ? this.#answered + CUT_OFF : 0;
    return {
      targetPerSecond: this.#perSecond,
      achievedPerSecond,
      achievedShare: Math.min(1, whole / (this.#perSecond * seconds)),
      goodPerSecond: this.#good / seconds,
      errorsShare: this.#due > 0 ? this.#wrong / this.#due : 1,
      response: this.#response.summary(),
      generator: this.generator.summary(),
    };
  }

  get #ms(): number {
    return Math.min(this.#settings.stepMs, this.#endAt - this.#from);
  }
}

/** The groups as they leave: how punctual that was, and how long whoever takes them was full. */
export async function* observed<T extends { readonly dueAt: number }>(
  groups: AsyncIterable<readonly T[]>,
  probe: Probe,
  isFull: () => boolean,
  { clock }: Pick<Runtime, 'clock'>,
): AsyncGenerator<readonly T[], void, undefined> {
  for await (const group of groups) {
    const now = clock.now();
    probe.generator.left(group, now, probe.measuredFrom);
    probe.left(group.length);
    yield group;
    if (probe.endIfDecided(clock.now())) return;
    const tookMs = clock.now() - now;
    if (tookMs > HELD_UP_MS && isFull()) probe.generator.addBlocked(tookMs);
  }
}

const HELD_UP_MS = 20;

/** One source for one probe after the other: ending a probe does not end it. */
export class SharedSource<T> {
  /** A probe has asked for more than there is. */
  isOver: boolean = false;
  readonly #records: Iterator<T> | AsyncIterator<T>;

  constructor(source: Iterable<T> | AsyncIterable<T>) {
    this.#records =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** What the probes before have left. */
  rest(): AsyncIterable<T> {
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) };
  }

  async #next(): Promise<IteratorResult<T>> {
    const result = await this.#records.next();
    this.isOver ||= result.done === true;
    return result;
  }
}
