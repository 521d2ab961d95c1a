import { Latency, type LatencySummary } from '../metrics/latency.ts';
import {
  type Load,
  LoadGeneratorHealth,
  type LoadGeneratorSummary,
} from '../metrics/load-generator-health.ts';
import { TimeSeries } from '../metrics/time-series.ts';
import { observeDepartures } from '../pipeline-test/departures.ts';
import type { Clock } from '../stream/clock.ts';

/** More of such records than `most` break a rate, however many others follow. */
export interface TooMany {
  /** Answered well but later than this after they were due; undefined for errors. */
  readonly slowerThanMs: number | undefined;
  readonly most: number;
}

/** How long one rate is probed, and how much of its beginning does not count. */
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
 * The figures of one rate.
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
/** After so many errors in so long a time, and no success, a probe need not go on. */
const HOPELESS = { errors: 20, ms: 1_000 } as const;

/** Folds the answers of one probe. */
export class Probe {
  readonly #perSecond: number;
  readonly #settings: ProbeSettings;
  readonly #response = new Latency();
  readonly #generator = new LoadGeneratorHealth(true);
  #from = Number.NaN;
  #left = 0;
  #settled = 0;
  #due = 0;
  #wrong = 0;
  #answered = 0;
  #good = 0;
  #endAt = Number.POSITIVE_INFINITY;
  readonly #beyond: number[];
  readonly #series: TimeSeries;

  /** `series` goes on over all probes of a search. */
  constructor(
    perSecond: number,
    settings: ProbeSettings,
    series: TimeSeries = new TimeSeries('due to score'),
  ) {
    this.#series = series;
    this.#perSecond = perSecond;
    this.#settings = settings;
    this.#beyond = (settings.tooMany ?? []).map(() => 0);
  }

  /** The first record is due now. */
  start(now: number): void {
    this.#from = now + this.#settings.warmUpMs;
  }

  /** A group of records leaves. */
  left(group: readonly { readonly dueAt: number }[], now: number): void {
    this.#left += group.length;
    for (const { dueAt } of group) this.#series.add(dueAt, 'due');
    this.#series.add(now, 'achieved', group.length);
    this.#generator.left(group, now, this.#from);
  }

  /** The target took no records for so long. */
  addBlocked(ms: number): void {
    this.#generator.addBlocked(ms);
  }

  /** How hard this process has worked since the last load. */
  addLoad(load: Load): void {
    this.#generator.addLoad(load);
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
    this.#addToSeries(dueAt, answeredAt, isWell);
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

  #addToSeries(dueAt: number, answeredAt: number, isWell: boolean): void {
    this.#series.add(isWell ? answeredAt : dueAt, isWell ? 'matched' : 'errors');
    if (isWell) this.#series.addLatency(dueAt, answeredAt - dueAt);
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
      generator: this.#generator.summary(),
    };
  }

  get #ms(): number {
    return Math.min(this.#settings.stepMs, this.#endAt - this.#from);
  }
}

/** The groups as they leave, until the probe is decided; its punctuality is noted. */
export async function* probedGroups<T extends { readonly dueAt: number }>(
  groups: AsyncIterable<readonly T[]>,
  probe: Probe,
  isFull: () => boolean,
  clock: Clock,
): AsyncGenerator<readonly T[], void, undefined> {
  const observer = {
    left: (group: readonly T[], now: number): void => probe.left(group, now),
    isFull,
    addBlocked: (ms: number): void => probe.addBlocked(ms),
  };
  for await (const group of observeDepartures(groups, observer, clock)) {
    yield group;
    if (probe.endIfDecided(clock.now())) return;
  }
}

/** One source for one probe after the other: ending a probe does not end it. */
export class SharedSource<T> {
  #isOver = false;
  readonly #records: Iterator<T> | AsyncIterator<T>;

  constructor(source: Iterable<T> | AsyncIterable<T>) {
    this.#records =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** True once a probe has asked for more than there is. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What the probes before have left. */
  rest(): AsyncIterable<T> {
    return { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) };
  }

  async #next(): Promise<IteratorResult<T>> {
    const result = await this.#records.next();
    this.#isOver ||= result.done === true;
    return result;
  }
}
