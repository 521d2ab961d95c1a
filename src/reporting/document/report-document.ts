import type { CorrelationCounts } from '../../records/correlation-counts.ts';
import type { Finding } from '../../records/finding.ts';
import type { DeliverySummary } from '../delivery.ts';
import type { GeneratorSummary } from '../generator.ts';
import type { IntakeSummary } from '../intake.ts';
import type { JourneyParity } from '../journey.ts';
import type { LatencySummary } from '../latency.ts';
import type { PartIdentity } from '../merging/identity.ts';
import type { QualityOfScored, QualitySummary } from '../quality.ts';
import type { ReconciliationSummary } from '../reconciliation.ts';
import type { ScenarioSummary } from '../scenarios.ts';
import type { ScoringSummary } from '../scoring.ts';
import type { SearchSummary } from '../search.ts';
import type { SeriesSummary } from '../series.ts';
import type { Snaked } from '../snake-case.ts';
import type { Suspect } from '../suspects-text.ts';
import type { CodeCount } from '../tally.ts';
import type { FileValidation, FindingCount } from '../validation.ts';
import type { Comparison } from './comparison.ts';
import type {
  CountryCount,
  EndedBy,
  EnvironmentFacts,
  Outcome,
  Place,
  Setting,
  Stage,
  ValidationWarnings,
} from './facts.ts';

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
  readonly outcome?: Outcome;
  readonly limits?: readonly Snaked<LimitOutcome>[];
  readonly comparison?: Comparison;
  readonly configuration?: readonly Setting[];
  readonly environment?: EnvironmentFacts;
  readonly pipeline?: Place;
  readonly stream?: Place;
  readonly endpoint?: Place;
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
  readonly intake?: Snaked<IntakeSummary>;
  /** End to end from the acknowledged put, from the due instant, and our own delay in reading. */
  readonly latency?: {
    readonly end_to_end: Snaked<LatencySummary>;
    readonly from_due: Snaked<LatencySummary>;
    readonly reading: Snaked<LatencySummary>;
    readonly clock_skew_ms: number;
  };
  readonly series?: Snaked<SeriesSummary>;
  readonly stages?: readonly Stage[];
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
  readonly parity?: Snaked<JourneyParity>;
  readonly generator?: Snaked<GeneratorSummary>;
  /** Null where no verdict came, or the puts never ended. */
  readonly drain_ms?: number | null;
}

/** One `--fail-if` and what became of it; `holds` means that the run failed by it. */
export interface LimitOutcome {
  readonly expression: string;
  readonly holds: boolean;
  /** Null or absent where it was not measured. */
  readonly actual?: number | null | undefined;
  readonly told: string;
}
