import type { DeliverySummary } from './delivery.ts';
import type { EndToEndSummary } from './end-to-end.ts';
import type { LoadGeneratorSummary } from './load-generator-health.ts';
import type { CorrelationCounts } from './match.ts';
import type { PausesSummary } from './pauses.ts';
import type { StageSummary } from './stages.ts';
import type { CodeCount } from './tally.ts';
import type { TimeSeriesSummary } from './time-series.ts';
import type { ChecksSummary } from './verdict-checks.ts';

/**
 * Where the arrival of a verdict is taken from, and how fine it is.
 *
 * `service`: the time at which the service took it; `field`: a field of the verdict; `read`: the time at which it was
 * read here. A time that is cut to whole seconds counts as the last instant that it can stand for.
 */
export interface ArrivalTime {
  readonly of: 'service' | 'field' | 'read';
  readonly resolutionMs: number;
}

/** The figures of one test of a pipeline, at any moment of it. */
export interface SessionSummary {
  readonly delivery: DeliverySummary;
  readonly correlation: CorrelationCounts;
  readonly latency: Pick<EndToEndSummary, 'endToEnd' | 'fromDue' | 'reading' | 'clockSkewMs'>;
  readonly arrival: ArrivalTime;
  readonly unscoredByKind: readonly CodeCount[];
  readonly rejectsByReason: readonly CodeCount[];
  /** Dead letters about nothing that was sent here. */
  readonly foreignRejects: number;
  /** Dead letters after the first of a transaction: a pipeline that delivers at least once may repeat them. */
  readonly repeatedRejects: number;
  /** Reads of the streams of verdicts and dead letters that failed, and were repeated. */
  readonly readErrors: readonly CodeCount[];
  /** Records of the verdict stream that are no verdicts. */
  readonly unreadVerdicts: number;
  /** Records that an at-least-once queue delivered again: no duplicates of the pipeline. */
  readonly redeliveredRecords: number;
  /** Records that were in a queue before the run began: of no transaction of this run. */
  readonly backlogRecords: number;
  /** The first of them, and why they are none; absent where only the form of fraudstream is read. */
  readonly unreadVerdictExamples?: readonly string[];
  /** Conditions of the contract; absent without any. */
  readonly checks?: ChecksSummary | undefined;
  /** Verdicts and dead letters in aggregates outside their shard's range: a KCL reader drops them. */
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
  /** Of the process that measures. */
  readonly pauses: PausesSummary;
  /** From the last put to the last verdict; NaN where none came, or the puts never ended. */
  readonly drainMs: number;
}
