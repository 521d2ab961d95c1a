import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
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
import type { Snaked } from '../../metrics/snake-case.ts';
import type { CodeCount } from '../../metrics/tally.ts';
import type { ThresholdResult } from '../../metrics/thresholds.ts';
import type { TimeSeriesSummary } from '../../metrics/time-series.ts';
import type { FileValidation, FindingCount } from '../../metrics/validation.ts';
import { count } from '../../text/format.ts';
import type { Finding } from '../../transactions/finding.ts';
import type { PartIdentity } from '../merge/part-identity.ts';
import type { Suspect } from '../text/scoring-text.ts';
import type { Comparison } from './comparison.ts';

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
  /** End to end from the acknowledged put, from the due instant, and our own delay in reading. */
  readonly latency?: {
    readonly end_to_end: Snaked<LatencySummary>;
    readonly from_due: Snaked<LatencySummary>;
    readonly reading: Snaked<LatencySummary>;
    readonly clock_skew_ms: number;
  };
  readonly series?: Snaked<TimeSeriesSummary>;
  readonly stages?: readonly ReportedStage[];
  readonly unscored_by_kind?: readonly CodeCount[];
  readonly rejects_by_reason?: readonly CodeCount[];
  readonly foreign_rejects?: number;
  readonly repeated_rejects?: number;
  readonly read_errors?: readonly CodeCount[];
  readonly unread_verdicts?: number;
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

/** One reason to fail, and its exit code. */
interface Reason {
  readonly code: ExitCode;
  readonly text: string;
}

/** Returns the outcome that follows from a report's figures, thresholds and comparison. */
export function outcomeOf(document: ReportDocument): RunOutcome {
  const reasons = [
    ...misfits(document),
    ...ended(document),
    ...unfound(document),
    ...crossed(document),
    ...lost(document),
    ...badLines(document),
  ];
  return {
    passed: reasons.length === 0,
    exit_code: strongest(exitCodes.ok, ...reasons.map(({ code }) => code)),
    reasons: reasons.map(({ text }) => text),
  };
}

/** Merged parts that are not one whole load. */
function misfits({ merged }: ReportDocument): readonly Reason[] {
  return (merged?.misfits ?? []).map((text) => ({ code: exitCodes.badData, text }));
}

function ended({ ended_by: by }: ReportDocument): readonly Reason[] {
  return by ? [{ code: by.exit_code as ExitCode, text: by.reason }] : [];
}

function unfound({ search, ended_by: endedBy }: ReportDocument): readonly Reason[] {
  if (!search || endedBy) return [];
  const { capacity_per_second: capacity, end_reason: reason } = search;
  const none = capacity === undefined ? 'not even the lowest rate was kept' : undefined;
  const text = reason ?? none;
  return text === undefined ? [] : [{ code: exitCodes.thresholdCrossed, text }];
}

function crossed({ thresholds = [], comparison }: ReportDocument): readonly Reason[] {
  const regressions = (comparison?.rows ?? []).flatMap(({ reason }) => reason ?? []);
  const texts = thresholds
    .filter(({ passed }) => passed === false)
    .map(({ condition, actual_text: actual }) => `${condition}: it is ${actual}`);
  return [...texts, ...regressions].map((text) => ({ code: exitCodes.thresholdCrossed, text }));
}

function lost(document: ReportDocument): readonly Reason[] {
  const { delivery, correlation, reconciliation, scoring, undelivered_verdicts } = document;
  const undelivered = correlation?.undelivered ?? 0;
  const failed = delivery?.failed ?? 0;
  const counts: readonly (readonly [number | undefined, string])[] = [
    // The undelivered transactions of a run are its failed records, and those without any receipt.
    [failed > undelivered ? failed : 0, 'records were not delivered'],
    [undelivered, 'transactions were not delivered to the stream'],
    [correlation?.missing, 'transactions have neither a verdict nor a dead letter'],
    [correlation?.unscored, 'verdicts have an error instead of a score'],
    [correlation?.rejected, 'transactions came back as dead letters'],
    [reconciliation?.missing, 'transactions got no verdict'],
    [reconciliation?.unknown, 'verdicts are about nothing that was sent'],
    [undelivered_verdicts, 'verdicts were not delivered'],
    [scoring?.failed, 'transactions could not be scored'],
    [scoring?.unscored, 'transactions were not scored in time'],
  ];
  return counts
    .filter(([times = 0]) => times > 0)
    .map(([times = 0, what]) => ({ code: exitCodes.undelivered, text: `${count(times)} ${what}` }));
}

function badLines({ source, invalid = 0 }: ReportDocument): readonly Reason[] {
  const lines = Number(source?.rejected_lines ?? 0);
  const unread = Number(source?.unread_records ?? 0);
  const texts = [
    ...(unread > 0 ? [`${count(unread)} records of the stream are no transactions`] : []),
    ...(lines > 0 ? [`${count(lines)} lines of the input are no transactions`] : []),
    ...(invalid > 0 ? [`${count(invalid)} records are invalid`] : []),
  ];
  return texts.map((text) => ({ code: exitCodes.badData, text }));
}
