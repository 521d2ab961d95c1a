import type { Runtime } from '../cli/runtime.ts';
import type { PaceValues } from '../commands/shared/source.ts';
import type { ProbeSettings, ProbeSummary } from './probe.ts';

/** How a target is asked. */
export type TargetSettings = ProbeSettings;

/** How long one rate is held. */
export type ProbeSpan = Omit<ProbeSettings, 'goodMs'>;

/**
 * What one rate came to: the probe, and the whole report on it.
 *
 * `firstError` is the first one of the probe, for people. `isCutShort`: the source ended before the rate was held.
 */
export interface Held {
  readonly probe: ProbeSummary;
  readonly figures: object;
  readonly firstError: string | undefined;
  readonly isCutShort: boolean;
}

/** Something that takes records at a rate, again and again. */
export interface SearchTarget {
  readonly place: string;
  /** A report of nothing, for the names in it. */
  readonly names: object;
  /** Holds a rate for so long. */
  hold(perSecond: number, span: ProbeSpan): Promise<Held>;
  close(): Promise<void>;
}

/**
 * The pace of a probe: a constant rate, each record due at random within its interval.
 *
 * Records at even distances would meet a stall that comes once a second always or never, where the rate is a whole number.
 */
export function probePace(
  perSecond: number,
  { stepMs, warmUpMs }: ProbeSpan,
  { random }: Pick<Runtime, 'random'>,
): PaceValues {
  const duration = warmUpMs + stepMs;
  return { rate: perSecond, duration, stages: undefined, count: undefined, jitter: random };
}
