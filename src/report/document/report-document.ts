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
import type { TimeSeriesSummary } from '../../metrics/time-series.ts';
import type { FileValidation, FindingCount } from '../../metrics/validation.ts';
import { count } from '../../text/format.ts';
import type { Finding } from '../../transactions/finding.ts';
import type { PartIdentity } from '../merge/part-identity.ts';
import type { Suspect } from '../text/scoring-text.ts';
import type { Comparison } from './comparison.ts';

/** The answer of a run: whether it held, what the process says to the shell, and why, in sentences. */
export interface RunOutcome {
  readonly held: boolean;
  readonly exit_code: number;
  readonly reasons: readonly string[];
}

/** What ended a run before its end, a signal or an error, and what the process says of it to the shell. */
export interface EndedBy {
  readonly exit_code: number;
  readonly reason: string;
}

/** One setting as it was used, and who said so: a flag, a variable, a file and line, or the default. */
export interface ReportedSetting {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

/** On what machine, and with which data and model, the run was made. */
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

/** Where records went, or came from. */
export interface ReportedPlace {
  readonly name?: string;
  readonly place: string;
  readonly transport?: string;
}

/** One part of a pace, with figures of its own. */
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

/** What was odd between records of which each by itself may be sound. */
export interface ValidationWarnings {
  readonly duplicates: number;
  readonly out_of_order: number;
  readonly back_ms: number;
  readonly unknown_fields: readonly { readonly field: string; readonly count: number }[];
  readonly is_incomplete: boolean;
}

/** The version of the JSON report; it grows by fields, and changes number when one goes. */
export const SCHEMA_VERSION = 1;

/**
 * The report of one command as it lies on disk: a head, and the sections that the command has.
 *
 * Figures that have no meaning (a precision where nothing was predicted) are null. What fails is
 * told in `limits`, one entry for each `--fail-if`; `outcome` is the answer to all of it.
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
  readonly limits?: readonly Snaked<ThresholdOutcome>[];
  readonly comparison?: Comparison;
  readonly configuration?: readonly ReportedSetting[];
  readonly environment?: EnvironmentFacts;
  readonly pipeline?: ReportedPlace;
  readonly stream?: ReportedPlace;
  readonly endpoint?: ReportedPlace;
  /** Of `search`: the target, and what was found. */
  readonly place?: string;
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
  readonly untold?: number;
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

/** One `--fail-if` and what became of it; `holds` means that the run failed by it. */
export interface ThresholdOutcome {
  readonly expression: string;
  readonly holds: boolean;
  /** Null or absent where it was not measured. */
  readonly actual?: number | null | undefined;
  readonly told: string;
}

/** Why a run did not hold, and what that says to the shell. */
interface Reason {
  readonly code: ExitCode;
  readonly text: string;
}

/** The answer that the figures of a report give; that of a report that has limits includes them. */
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
    held: reasons.length === 0,
    exit_code: strongest(exitCodes.held, ...reasons.map(({ code }) => code)),
    reasons: reasons.map(({ text }) => text),
  };
}

/** Reports that are not the whole of one load answer for none. */
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

function crossed({ limits = [], comparison }: ReportDocument): readonly Reason[] {
  const regressions = (comparison?.rows ?? []).flatMap(({ reason }) => reason ?? []);
  const texts = limits
    .filter(({ holds }) => holds)
    .map(({ expression, told }) => `${expression}: it is ${told}`);
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
    [correlation?.missing, 'transactions were never heard of again'],
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
