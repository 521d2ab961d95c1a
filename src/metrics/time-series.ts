import type { ScoringOutcome } from '../transactions/scoring-outcome.ts';
import type { Receipt } from '../transactions/user-record.ts';
import { receiptRuns } from './receipt-runs.ts';

/** Buckets of each power of two: neighbours differ by 6 %, their middle is 3 % from either end. */
const PER_OCTAVE = 12;

/** Counts of positive amounts by buckets of equal ratio: as small as the amounts are alike. */
export class LogBuckets {
  readonly #counts = new Map<number, number>();

  /** Everything under a thousandth is a thousandth. */
  add(amount: number, count = 1): void {
    this.#put(Math.floor(Math.log2(Math.max(amount, 1e-3)) * PER_OCTAVE), count);
  }

  /** What `pairs` of another one gave. */
  addPairs(pairs: readonly number[]): void {
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      this.#put(pairs[index] ?? 0, pairs[index + 1] ?? 0);
    }
  }

  /** Bucket, count, bucket, count, and so on, in the order of amounts. */
  pairs(): readonly number[] {
    return [...this.#counts].sort(([a], [b]) => a - b).flat();
  }

  /** The amount that a share of all does not exceed, at four digits; null where there is none. */
  quantile(share: number): number | null {
    const pairs = [...this.#counts].sort(([a], [b]) => a - b);
    let left = share * pairs.reduce((sum, [, count]) => sum + count, 0);
    for (const [bucket, count] of pairs) {
      left -= count;
      if (left <= 0) return Number((2 ** ((bucket + 0.5) / PER_OCTAVE)).toPrecision(4));
    }
    return null;
  }

  #put(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
  }
}

/** Which latency a series has, and so what counts as `matched`: a verdict, a score, or a receipt. */
export type SeriesLatency = 'put to verdict' | 'due to verdict' | 'due to score' | 'due to receipt';

/** What a moment of a run can count. */
export type SeriesSecond = 'due' | 'achieved' | 'matched' | 'errors' | 'dropped';

/**
 * A run second by second, a column each; all columns are equally long, and no second is left out.
 *
 * `at` are epoch seconds. `due` is the rate that was wanted, `achieved` what was sent, `matched` what
 * came back: verdicts, scores, or receipts of puts, as `latencyOf` says. Percentiles are of
 * the seconds' latencies, exact to 3 %; null where there were none. `buckets` are these latencies
 * as (bucket, count) pairs, which merge.
 */
export interface TimeSeriesSummary {
  /** Absent in reports of earlier versions: put to verdict. */
  readonly latencyOf?: SeriesLatency;
  readonly at: readonly number[];
  readonly due: readonly number[];
  readonly achieved: readonly number[];
  readonly matched: readonly number[];
  readonly errors: readonly number[];
  readonly dropped: readonly number[];
  readonly p50Ms: readonly (number | null)[];
  readonly p95Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
  readonly buckets: readonly (readonly number[])[];
}

/** The part of a series from which all of it can be made again. */
export type TimeSeriesParts = Pick<TimeSeriesSummary, 'at' | 'buckets' | SeriesSecond>;

interface Second {
  readonly counts: Record<SeriesSecond, number>;
  readonly latencies: LogBuckets;
}

/** Folds moments into seconds. Instants are epoch milliseconds and may come in any order. */
export class TimeSeries {
  readonly #seconds = new Map<number, Second>();
  readonly #latencyOf: SeriesLatency;

  constructor(latencyOf: SeriesLatency) {
    this.#latencyOf = latencyOf;
  }

  /** An instant that is not known counts in no second. */
  add(at: number, moment: SeriesSecond, count = 1): void {
    if (!Number.isFinite(at)) return;
    this.#second(at).counts[moment] += count;
  }

  /** A latency that ended, or for responses was due, at this instant. */
  addLatency(at: number, latencyMs: number, count = 1): void {
    if (!Number.isFinite(at) || !Number.isFinite(latencyMs)) return;
    this.#second(at).latencies.add(latencyMs, count);
  }

  /** Receipts of puts. */
  addReceipts(receipts: readonly Receipt[]): void {
    for (const { first, count } of receiptRuns(receipts)) {
      const { dueAt, acknowledgedAt, isAccepted, attempts } = first;
      this.add(dueAt, 'due', count);
      const sentAt = attempts[0]?.sentAt;
      if (sentAt !== undefined) this.add(sentAt, 'achieved', count);
      if (isAccepted) this.#addAnswered(dueAt, acknowledgedAt, count);
      else this.add(dueAt, 'errors', count);
    }
  }

  /** Outcomes of scoring. */
  addOutcomes(outcomes: readonly ScoringOutcome[]): void {
    for (const { dueAt, sentAt, settledAt, error } of outcomes) {
      this.add(dueAt, 'due');
      if (!Number.isNaN(sentAt)) this.add(sentAt, 'achieved');
      if (error === undefined) this.#addAnswered(dueAt, settledAt);
      else this.add(dueAt, error === 'dropped' ? 'dropped' : 'errors');
    }
  }

  addParts(parts: TimeSeriesParts): void {
    for (const [index, at] of parts.at.entries()) {
      const second = this.#second(at * 1000);
      for (const moment of moments) second.counts[moment] += parts[moment][index] ?? 0;
      second.latencies.addPairs(parts.buckets[index] ?? []);
    }
  }

  summary(): TimeSeriesSummary {
    const seconds = this.#inOrder();
    const column = (moment: SeriesSecond): number[] => seconds.map(({ counts }) => counts[moment]);
    const quantiles = (share: number): (number | null)[] =>
      seconds.map(({ latencies }) => latencies.quantile(share));
    return {
      latencyOf: this.#latencyOf,
      at: seconds.map(({ at }) => at),
      due: column('due'),
      achieved: column('achieved'),
      matched: column('matched'),
      errors: column('errors'),
      dropped: column('dropped'),
      p50Ms: quantiles(0.5),
      p95Ms: quantiles(0.95),
      p99Ms: quantiles(0.99),
      buckets: seconds.map(({ latencies }) => latencies.pairs()),
    };
  }

  /** Every second from the first to the last. */
  #inOrder(): readonly (Second & { readonly at: number })[] {
    const known = [...this.#seconds.keys()];
    if (known.length === 0) return [];
    // Not Math.min(...): an hour is fine, a week of seconds is too many arguments.
    const first = known.reduce((a, b) => Math.min(a, b));
    const last = known.reduce((a, b) => Math.max(a, b));
    return Array.from({ length: last - first + 1 }, (_, index) => {
      const at = first + index;
      return { at, ...(this.#seconds.get(at) ?? emptySecond()) };
    });
  }

  #second(at: number): Second {
    const key = Math.floor(at / 1000);
    const known = this.#seconds.get(key);
    if (known) return known;
    const second = emptySecond();
    this.#seconds.set(key, second);
    return second;
  }

  #addAnswered(dueAt: number, answeredAt: number, count = 1): void {
    this.add(answeredAt, 'matched', count);
    this.addLatency(dueAt, answeredAt - dueAt, count);
  }
}

const moments: readonly SeriesSecond[] = ['due', 'achieved', 'matched', 'errors', 'dropped'];

function emptySecond(): Second {
  return {
    counts: { due: 0, achieved: 0, matched: 0, errors: 0, dropped: 0 },
    latencies: new LogBuckets(),
  };
}
