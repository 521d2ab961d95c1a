import { messageOf } from '../errors.ts';
import type { SearchSummary, TrialSummary } from '../metrics/capacity.ts';
import type { Threshold } from '../metrics/thresholds.ts';
import { bisectRate, type RateRange } from './bisect-rate.ts';
import { conditionsOf } from './conditions.ts';
import { Probe } from './probe.ts';
import type { SearchTarget } from './search-target.ts';
import { type TrialSettings, tried } from './trial.ts';

/** Which rates are tried, and how. Rates in records a second, times in milliseconds. */
export interface SearchSettings extends RateRange, TrialSettings {}

/** As `fraudstream search` searches unless its flags say otherwise. */
export const searchDefaults: SearchSettings = {
  from: 100,
  to: 100_000,
  precision: 0.02,
  stepMs: 5_000,
  warmUpMs: 2_000,
  repeat: 3,
  goodMs: 1_000,
  conditions: [],
};

/** What a search needs from outside; `onTrial` is called with each rate that was tried. */
export interface SearchDependencies {
  readonly stop: AbortSignal;
  readonly onTrial?: (trial: TrialSummary) => Promise<void> | void;
}

/** How a search ended. */
export interface SearchResult {
  readonly summary: SearchSummary;
  /** Those of the settings, and those that always count. */
  readonly conditions: readonly Threshold[];
  /** What broke the search before its end; the summary has the rates that were tried until then. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** The rates that were tried, and why no more were. */
interface SearchCourse {
  readonly trials: readonly TrialSummary[];
  readonly isStopped: boolean;
  readonly endReason: string | undefined;
  readonly failure: SearchResult['failure'];
}

/**
 * Finds the highest rate that a target keeps: what `fraudstream search` does.
 *
 * Doubles the rate until a condition is true or fewer than 99 % were answered, then bisects. Each
 * rate is tried until most of the tries agree. Where nothing succeeds at a few records a second
 * either, the search ends. Does not close the target.
 *
 * Errors: none is thrown; see `failure` of the result.
 */
export async function findCapacity(
  target: SearchTarget,
  settings: SearchSettings,
  dependencies: SearchDependencies,
): Promise<SearchResult> {
  const conditions = conditionsOf(settings.conditions);
  const course = await searched(target, { ...settings, conditions }, dependencies);
  return { summary: summaryOf(course), conditions, failure: course.failure };
}

/** The figures that conditions may use: of the probe, and of the target. */
export function searchFigures({ emptyFigures }: SearchTarget): object {
  const nothing = new Probe(1, { stepMs: 1, warmUpMs: 0, goodMs: 0 });
  return { probe: nothing.summary(), ...emptyFigures };
}

async function searched(
  target: SearchTarget,
  settings: SearchSettings,
  { stop, onTrial }: SearchDependencies,
): Promise<SearchCourse> {
  const trials: TrialSummary[] = [];
  let isStopped = false;
  let endReason: string | undefined;
  try {
    await bisectRate(settings, async (perSecond) => {
      const trial = await tried(perSecond, target, settings, stop);
      isStopped = trial === undefined;
      if (!trial) return undefined;
      trials.push(trial.summary);
      endReason = trial.endReason;
      await onTrial?.(trial.summary);
      return endReason === undefined ? trial.summary.isKept : undefined;
    });
    return { trials, isStopped, endReason, failure: undefined };
  } catch (error) {
    const reason = messageOf(error);
    return { trials, isStopped, endReason: reason, failure: { error } };
  }
}

/** What the rates that were tried say together. */
function summaryOf({ trials, isStopped, endReason }: SearchCourse): SearchSummary {
  const sorted = [...trials].sort((a, b) => a.targetPerSecond - b.targetPerSecond);
  const kept = sorted.filter(({ isKept }) => isKept);
  const best = kept.at(-1);
  const rate = best?.targetPerSecond ?? 0;
  const broken = sorted.find((trial) => !trial.isKept && trial.targetPerSecond > rate);
  const knee = [...kept].sort((a, b) => powerOf(b) - powerOf(a))[0];
  return {
    capacityPerSecond: best?.targetPerSecond,
    brokenAtPerSecond: broken?.targetPerSecond,
    goodputPerSecond: best?.goodPerSecond,
    kneePerSecond: knee && powerOf(knee) > 0 ? knee.targetPerSecond : undefined,
    isOurs: broken?.isOurs ?? false,
    isStopped,
    endReason,
    trials: sorted,
  };
}

function powerOf({ achievedPerSecond, p50Ms = 0 }: TrialSummary): number {
  return p50Ms > 0 ? achievedPerSecond / p50Ms : 0;
}
