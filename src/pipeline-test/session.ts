import { Delivery, type DeliverySummary } from '../metrics/delivery.ts';
import { EndToEnd, type EndToEndSettings, type EndToEndSummary } from '../metrics/end-to-end.ts';
import {
  LoadGeneratorHealth,
  type LoadGeneratorSummary,
} from '../metrics/load-generator-health.ts';
import type { CorrelationCounts, Match } from '../metrics/match.ts';
import { Pauses, type PausesSummary } from '../metrics/pauses.ts';
import { type StageSummary, Stages } from '../metrics/stages.ts';
import { type CodeCount, Tally } from '../metrics/tally.ts';
import { TimeSeries, type TimeSeriesSummary } from '../metrics/time-series.ts';
import type { Stage } from '../pacing/pacer.ts';
import { Correlation } from './correlation/correlation.ts';
import type { SentTransaction } from './correlation/sent-table.ts';

/** What a session is judged by. */
export interface SessionSettings extends EndToEndSettings {
  readonly lateAfterMs: number;
  readonly forgetAfterMs: number;
  readonly isOrdered: boolean;
  readonly isAlone: boolean;
  readonly warmUpMs: number;
  readonly isPaced: boolean;
  readonly stages: readonly Stage[] | undefined;
}

/** Everything that is known of one drive through a pipeline, at any moment. */
export interface SessionSummary {
  readonly delivery: DeliverySummary;
  readonly correlation: CorrelationCounts;
  readonly latency: Pick<EndToEndSummary, 'endToEnd' | 'fromDue' | 'reading' | 'clockSkewMs'>;
  readonly unscoredByKind: readonly CodeCount[];
  readonly rejectsByReason: readonly CodeCount[];
  readonly foreignRejects: number;
  readonly repeatedRejects: number;
  readonly readErrors: readonly CodeCount[];
  readonly unreadVerdicts: number;
  readonly outOfRangeVerdicts: number;
  readonly outOfRangeRejects: number;
  readonly quality: EndToEndSummary['quality'];
  readonly qualityOfScored: EndToEndSummary['qualityOfScored'];
  readonly scenarios: EndToEndSummary['scenarios'];
  readonly countries: EndToEndSummary['countries'];
  readonly series: TimeSeriesSummary;
  readonly stages: readonly StageSummary[] | undefined;
  readonly parity: EndToEndSummary['parity'];
  readonly generator: LoadGeneratorSummary;
  readonly pauses: PausesSummary;
  /** From the last put to the last verdict; NaN where none came, or the puts never ended. */
  readonly drainMs: number;
}

/** The folds of one drive through a pipeline. */
export class Session {
  readonly correlation: Correlation;
  readonly endToEnd: EndToEnd;
  readonly delivery: Delivery = new Delivery();
  readonly generator: LoadGeneratorHealth;
  readonly pauses: Pauses = new Pauses();
  readonly rejects: Tally = new Tally();
  readonly #series = new TimeSeries();
  readonly #stages: Stages | undefined;
  readonly #warmUpMs: number;
  #paceFrom = Number.NaN;
  /** What the producer holds: handed to it, no receipt yet. */
  heldRecords: number = 0;
  heldBytes: number = 0;
  /** Dead letters about nothing that was sent here. */
  foreignRejects: number = 0;
  /** Dead letters after the first of a transaction: a pipeline that delivers at least once may repeat them. */
  repeatedRejects: number = 0;
  /** Reads of the streams of verdicts and dead letters that failed, and were repeated. */
  readonly readErrors: Tally = new Tally();
  /** Records of the verdict stream that are no verdicts. */
  unreadVerdicts: number = 0;
  /** Verdicts and dead letters in aggregates outside their shard's range: a KCL reader drops them. */
  outOfRangeVerdicts: number = 0;
  outOfRangeRejects: number = 0;
  lastVerdictAt: number = Number.NaN;
  startedAt: number = Number.NaN;
  /** When the last receipt came. */
  putAt: number = Number.NaN;

  /** `hear` is told of each match as well. */
  constructor(settings: SessionSettings, onMatch: (match: Match) => void = () => undefined) {
    this.endToEnd = new EndToEnd(settings);
    this.correlation = new Correlation(
      settings,
      (match) => {
        this.endToEnd.add(match);
        this.#note(match);
        onMatch(match);
      },
      this.endToEnd.addUnjudged,
    );
    this.generator = new LoadGeneratorHealth(settings.isPaced);
    this.#warmUpMs = settings.warmUpMs;
    this.#stages = settings.stages && new Stages(settings.stages);
  }

  /** A transaction leaves. */
  sent(transaction: SentTransaction, now: number): void {
    // The pace begins with its first record, a little later than the run.
    if (Number.isNaN(this.#paceFrom)) {
      this.#paceFrom = transaction.dueAt;
      this.endToEnd.measuredFrom = this.#paceFrom + this.#warmUpMs;
      this.delivery.measuredFrom = this.endToEnd.measuredFrom;
    }
    this.correlation.sent(transaction);
    this.#series.add(transaction.dueAt, 'due');
    this.#series.add(now, 'achieved');
    this.#stages?.addSent(transaction.dueAt - this.#paceFrom);
  }

  start(now: number): void {
    this.startedAt = now;
  }

  /** The figures so far; `isWhole` also those that take time. */
  summary(now: number, isWhole: boolean): SessionSummary {
    const { endToEnd, fromDue, reading, clockSkewMs, ...journey } = this.endToEnd.summary(isWhole);
    const endAt = Number.isNaN(this.putAt) ? now : this.putAt;
    return {
      delivery: this.delivery.summary((endAt - this.startedAt) / 1000),
      correlation: this.correlation.summary(),
      latency: { endToEnd, fromDue, reading, clockSkewMs },
      ...journey,
      series: this.#series.summary(),
      stages: this.#stages?.summary(),
      rejectsByReason: this.rejects.summary(),
      foreignRejects: this.foreignRejects,
      repeatedRejects: this.repeatedRejects,
      readErrors: this.readErrors.summary(),
      unreadVerdicts: this.unreadVerdicts,
      outOfRangeVerdicts: this.outOfRangeVerdicts,
      outOfRangeRejects: this.outOfRangeRejects,
      generator: this.generator.summary(),
      pauses: this.pauses.summary(),
      drainMs: Math.max(0, this.lastVerdictAt - this.putAt),
    };
  }

  #note({ dueAt, acknowledgedAt, arrivedAt, error }: Match): void {
    if (error !== undefined) {
      this.#series.add(dueAt, 'errors');
      return;
    }
    this.#series.add(arrivedAt, 'matched');
    if (!Number.isNaN(acknowledgedAt)) this.#series.addLatency(dueAt, arrivedAt - acknowledgedAt);
    this.#stages?.addResponse(dueAt - this.#paceFrom, arrivedAt - dueAt);
  }
}

/** A session without any transaction but with every figure: the names that limits may speak of. */
export function emptySession(settings: SessionSettings): SessionSummary {
  const session = new Session(settings);
  session.endToEnd.add({
    ...{ id: '', cardId: '', eventAt: 0, dueAt: 0, acknowledgedAt: 0, arrivedAt: 0, readAt: 0 },
    ...{ score: 0, expected: 0, recomputed: 0, error: undefined },
    ...{ isFraud: false, scenario: undefined, country: undefined, isLate: false },
  });
  return session.summary(0, true);
}
