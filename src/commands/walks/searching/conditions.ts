import type { Limit } from '../../../reporting/limit.ts';
import { limitIn } from '../../settings/fail-if.ts';
import { alwaysTooHigh } from '../../settings/search-settings.ts';

/** Records that must lie beyond a percentile: the share of those that do is then known to within a third. */
const BEYOND_PERCENTILE = 10;
/** Records that the distance of a share from 0 or 100 % must be worth, so that one alone does not decide. */
const WITHIN_SHARE = 2;
/** A rate is held no longer than this for the sake of its samples. */
const LONGEST_MS = 60_000;

/** The conditions of a search: those that always count, and those of the flags. */
export function conditionsOf(own: readonly Limit[]): readonly Limit[] {
  const always = alwaysTooHigh.flatMap((expression) => limitIn(expression) ?? []);
  const others = own.filter(({ expression }) => !alwaysTooHigh.includes(expression));
  return [...always, ...others];
}

/** How many records a probe needs, so that each condition can be judged. */
export function samplesFor(conditions: readonly Limit[]): number {
  return Math.max(0, ...conditions.map(samplesOf));
}

/**
 * How long a rate is held: a step, or until there are so many samples, up to a minute.
 *
 * A record more at both ends of the step, for those that the ends cut off.
 */
export function stepFor(perSecond: number, samples: number, stepMs: number): number {
  const wantedMs = ((samples + 2) * 1000) / perSecond;
  return Math.max(stepMs, Math.min(wantedMs, LONGEST_MS));
}

function samplesOf({ name, unit, value }: Limit): number {
  const [, digits] = /(?:^|\.)p(\d{2,3})$/.exec(name) ?? [];
  if (digits !== undefined) return Math.round(BEYOND_PERCENTILE / (1 - Number(`0.${digits}`)));
  const distance = unit === 'percent' ? Math.min(value, 1 - value) : 0;
  return distance > 0 ? Math.round(WITHIN_SHARE / distance) : 0;
}
