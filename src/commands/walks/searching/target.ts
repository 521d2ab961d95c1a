import type { ProbeSettings, ProbeSummary } from './probe.ts';

/** How a target is asked. */
export type TargetSettings = ProbeSettings;

/** What one rate came to: the probe, and the whole report on it. */
export interface Held {
  readonly probe: ProbeSummary;
  readonly figures: object;
}

/** Something that takes records at a rate, again and again. */
export interface SearchTarget {
  readonly place: string;
  /** A report of nothing, for the names in it. */
  readonly names: object;
  /** Holds a rate for a step. */
  hold(perSecond: number): Promise<Held>;
  close(): Promise<void>;
}
