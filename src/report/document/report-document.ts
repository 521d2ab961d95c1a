import type { ScenarioSummary } from '../../metrics/breakdowns.ts';
import type { SearchSummary } from '../../metrics/capacity.ts';
import type { ConsumeSummary, ReconciliationSummary } from '../../metrics/consume-stats.ts';
import type { DeliverySummary } from '../../metrics/delivery.ts';
import type { EndToEndParity } from '../../metrics/end-to-end.ts';
import type { LatencySummary } from '../../metrics/latency.ts';
import type { LoadGeneratorSummary } from '../../metrics/load-generator-health.ts';
import type { CorrelationCounts } from '../../metrics/match.ts';
import type { PausesSummary } from '../../metrics/pauses.ts';
import type { QualityOfScored, QualitySummary } from '../../metrics/quality.ts';
import type { ScoringSummary } from '../../metrics/scoring.ts';
import type { ArrivalTime } from '../../metrics/session-summary.ts';
import type { Snaked } from '../../metrics/snake-case.ts';
import type { CodeCount } from '../../metrics/tally.ts';
import type { ThresholdResult } from '../../metrics/thresholds.ts';
import type { TimeSeriesSummary } from '../../metrics/time-series.ts';
import type { FileValidation, FindingCount } from '../../metrics/validation.ts';
import type { Finding } from '../../transactions/finding.ts';

/** One suspicious transaction, its reasons in words of the features. */
export interface Suspect {
  readonly transactionId: string;
  readonly cardId: string;
  readonly score: number;
  /** Absent where the truth is not known. */
  readonly isFraud?: boolean | undefined;
  readonly reasons: readonly { readonly feature: string; readonly value: number | string }[];
}

/**
 * A figure in the baseline and now, as text. `allowed` and `reason` where `--limit` names it.
 *
 * Where either side was not measured, `is_measured` is false and the row decides nothing.
 */
export interface ComparisonRow {
  readonly name: string;
  readonly before: string;
  readonly now: string;
  readonly change: string;
  readonly allowed?: string;
  readonly regressed: boolean;
  /** Absent in reports of earlier versions. */
  readonly is_measured?: boolean;
  readonly reason?: string;
}

/** A report compared with a baseline report. */
export interface Comparison {
  readonly baseline: string;
  /** Settings that the two runs do not share: `rate 5k/s instead of 10k/s`. */
  readonly different_settings?: readonly string[];
  readonly rows: readonly ComparisonRow[];
}

/**
 * Identity of one run of a merged report: its source, its slice, and
 * the settings that say which records these are and how its figures are defined.
 *
 * `source` is `seed 7` for a generated world, `input FILE` for files; empty where it is not known.
 * `partition` is `1/3`, or `1/1` for everything. `size` tells inputs of one name apart.
 */
export interface PartIdentity {
  readonly source: string;
  readonly partition: string;
  readonly size: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Whether a run passed, the exit code of its process, and each reason to fail as a sentence. */
export interface RunOutcome {
  readonly passed: boolean;
  readonly exit_code: number;
  readonly reasons: readonly string[];
}

/** The signal or error that ended a run early, with the exit code of the process. */
export interface EndedBy {
  readonly exit_code: number;
  readonly reason: string;
}

/** One setting in effect, and its source: a flag, a variable, a file and line, or the default. */
export interface ReportedSetting {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/** The machine, the data and the model of a run. */
export interface EnvironmentFacts {
  readonly node: string;
  readonly platform: string;
  readonly cpus: number;
  readonly cpu_model?: string;
  readonly memory_bytes?: number;
  readonly ip_ranges?: string;
  readonly model_version?: string;
  readonly feature_specification?: string;
}

/** A stream, endpoint or pipeline, and where it is. */
export interface ReportedService {
  readonly name?: string;
  readonly location: string;
  readonly transport?: string;
}

/** One stage of a pace (`--stages`) and its figures. */
export interface ReportedStage {
  readonly stage: string;
  readonly duration_seconds: number;
  readonly target_per_second: number | null;
  readonly sent: number;
  readonly achieved_per_second: number;
  readonly response: Snaked<LatencySummary>;
}

/** Transactions by country of the merchant; `found` frauds have a score that reaches the threshold. */
export interface CountryCount {
  readonly country: string;
  readonly transactions: number;
  readonly frauds: number;
  readonly found: number;
}

/** Findings between records, each of which may be valid by itself. */
export interface ValidationWarnings {
  readonly duplicates: number;
  readonly out_of_order: number;
  readonly back_ms: number;
  readonly unknown_fields: readonly { readonly field: string; readonly count: number }[];
  readonly is_incomplete: boolean;
}

/** Version of the JSON report. New fields keep the number; a removed or renamed field raises it. */
export const SCHEMA_VERSION = 2;

/**
 * The JSON report of one command: a head, and the sections that the command has.
 *
 * Figures that have no meaning (a precision where nothing was predicted) are null. `thresholds` has one
 * entry for each `--fail-if`; `outcome` sums up everything that can fail a run.
 */
export interface ReportDocument {
  readonly schema_version: typeof SCHEMA_VERSION;
  readonly command: string;
  readonly tool_version?: string;
  /** What was given as flags, as a shell takes it, without secrets; absent in reports of earlier versions. */
  readonly command_line?: string;
  /** When the first record was due, RFC 3339. */
  readonly started_at?: string;
  /**
   * How many reports this one was merged from, of which runs, and sections left out because they differ.
   * `misfits` say why the parts are not one whole load, in sentences.
   */
  readonly merged?: {
    readonly reports: number;
    readonly left_out: readonly string[];
    readonly runs?: readonly string[];
    readonly parts?: readonly PartIdentity[];
    readonly misfits?: readonly string[];
  };
  readonly ended_by?: EndedBy;
  readonly outcome?: RunOutcome;
  readonly thresholds?: readonly Snaked<ThresholdResult>[];
  readonly comparison?: Comparison;
  readonly configuration?: readonly ReportedSetting[];
  readonly environment?: EnvironmentFacts;
  readonly pipeline?: ReportedService;
  readonly stream?: ReportedService;
  readonly endpoint?: ReportedService;
  /** Of `search`: the target, and the capacity that was found. */
  readonly target?: string;
  readonly search?: Snaked<SearchSummary>;
  /** How long a command took that neither delivers nor scores. */
  readonly duration_seconds?: number;
  readonly source?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly rates?: {
    readonly target_per_second: number | null;
    readonly achieved_per_second: number;
    readonly dropped: number;
    readonly late: number;
  };
  readonly delivery?: Snaked<DeliverySummary>;
  readonly scoring?: Snaked<ScoringSummary>;
  readonly correlation?: Snaked<CorrelationCounts>;
  readonly reconciliation?: Snaked<ReconciliationSummary>;
  /** Of `consume` and `record`: what was read. */
  readonly intake?: Snaked<ConsumeSummary>;
  /** End to end from the acknowledged put, from the due instant, and our own delay in reading; readers have the last alone. */
  readonly latency?: {
    readonly end_to_end?: Snaked<LatencySummary>;
    readonly from_due?: Snaked<LatencySummary>;
    readonly reading?: Snaked<LatencySummary>;
    readonly clock_skew_ms?: number;
  };
  readonly arrival?: Snaked<ArrivalTime>;
  readonly series?: Snaked<TimeSeriesSummary>;
  readonly stages?: readonly ReportedStage[];
  readonly unscored_by_kind?: readonly CodeCount[];
  readonly rejects_by_reason?: readonly CodeCount[];
  readonly foreign_rejects?: number;
  readonly repeated_rejects?: number;
  readonly read_errors?: readonly CodeCount[];
  readonly unread_verdicts?: number;
  /** Delivered again by an at-least-once queue, and there before the run began. */
  readonly redelivered_records?: number;
  readonly backlog_records?: number;
  /** Read from aggregates outside their shard's range, which a KCL reader drops. */
  readonly out_of_range_verdicts?: number;
  readonly out_of_range_rejects?: number;
  /** Of `score`: verdicts that their stream did not take. */
  readonly undelivered_verdicts?: number;
  /** Of `validate`: records that are none. */
  readonly invalid?: number;
  readonly records?: number;
  readonly valid?: number;
  readonly errors?: number;
  readonly files?: readonly Snaked<FileValidation>[];
  readonly by_reason?: readonly Snaked<FindingCount>[];
  /** As many as `--max-errors` allows, and how many more there were. */
  readonly findings?: readonly Finding[];
  readonly findings_omitted?: number;
  readonly warnings?: ValidationWarnings;
  readonly quality?: Snaked<QualitySummary>;
  /** The same of what got a score alone; absent in reports of earlier versions. */
  readonly quality_of_scored?: Snaked<QualityOfScored>;
  readonly scenarios?: readonly Snaked<ScenarioSummary>[];
  readonly suspects?: readonly Snaked<Suspect>[];
  readonly countries?: readonly CountryCount[];
  readonly parity?: Snaked<EndToEndParity>;
  readonly generator?: Snaked<LoadGeneratorSummary>;
  readonly pauses?: Snaked<PausesSummary>;
  /** Null where no verdict came, or the puts never ended. */
  readonly drain_ms?: number | null;
}

/** A key figure as text, with a note. */
export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}
