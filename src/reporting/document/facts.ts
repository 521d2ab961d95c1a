import type { LatencySummary } from '../latency.ts';
import type { Snaked } from '../snake-case.ts';

/** The answer of a run: whether it held, what the process says to the shell, and why, in sentences. */
export interface Outcome {
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
export interface Setting {
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
export interface Place {
  readonly name?: string;
  readonly place: string;
  readonly transport?: string;
}

/** One part of a pace, with figures of its own. */
export interface Stage {
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
