import { alwaysTooHigh } from '../commands/search/flags.ts';
import { parseThreshold } from '../commands/shared/flags/report-flags.ts';
import type { Threshold } from '../metrics/thresholds.ts';
import type { TooMany } from './probe.ts';

/** Records that must lie beyond a percentile: the share of those that do is then known to within a third. */
const BEYOND_PERCENTILE = 10;
/** Records that the distance of a share from 0 or 100 % must be worth, so that one alone does not decide. */
const WITHIN_SHARE = 2;
/** A rate is held no longer than this for the sake of its samples. */
const LONGEST_MS = 60_000;

/** The conditions of a search: those that always count, and those of the flags. */
export function conditionsOf(own: readonly Threshold[]): readonly Threshold[] {
  const always = alwaysTooHigh.flatMap((expression) => parseThreshold(expression) ?? []);
  const others = own.filter(({ condition: expression }) => !alwaysTooHigh.includes(expression));
  return [...always, ...others];
}

/** How many records a probe needs, so that each condition can be judged. */
export function samplesFor(conditions: readonly Threshold[]): number {
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

/** What breaks a rate for certain, though fewer than so many records have been seen. */
export function tooManyOf(conditions: readonly Threshold[], records: number): readonly TooMany[] {
  return conditions.flatMap(({ name, operator, unit, value }): readonly TooMany[] => {
    if (operator !== '>' && operator !== '>=') return [];
    const isErrors = /^(probe\.)?errors$/.test(name) && unit === 'percent';
    if (isErrors) return [{ slowerThanMs: undefined, most: value * records }];
    const share = /^probe\.response\./.test(name) && unit === 'ms' ? shareBeyond(name) : undefined;
    return share === undefined ? [] : [{ slowerThanMs: value, most: share * records }];
  });
}

/** The share of records beyond the percentile of a name. */
function shareBeyond(name: string): number | undefined {
  const [, digits] = /(?:^|\.)p(\d{2,3})$/.exec(name) ?? [];
  return digits === undefined ? undefined : 1 - Number(`0.${digits}`);
}

function samplesOf({ name, unit, value }: Threshold): number {
  const beyond = shareBeyond(name);
  if (beyond !== undefined) return Math.round(BEYOND_PERCENTILE / beyond);
  const distance = unit === 'percent' ? Math.min(value, 1 - value) : 0;
  return distance > 0 ? Math.round(WITHIN_SHARE / distance) : 0;
}
