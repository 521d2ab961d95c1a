import type { ScoreCounts } from './score-table.ts';

/** What a missed fraud and a false alarm cost, in whatever unit the user thinks. */
export interface Costs {
  readonly missedFraud: number;
  readonly falseAlarm: number;
}

/**
 * How well scores rank frauds above the rest, at no threshold or at the best one.
 *
 * `recallAt1` is the recall that a threshold with at most 1 % false positives allows. `bestThreshold`
 * is the one of the lowest cost, the higher of equal ones; NaN where it costs least to raise no alarm.
 */
export interface Ranking {
  readonly averagePrecision: number;
  readonly rocAuc: number;
  readonly recallAt1: number;
  readonly bestThreshold: number;
  readonly bestCost: number;
}

/** How many got no score, by their truth. */
export interface UnscoredCounts {
  readonly frauds: number;
  readonly genuine: number;
}

const none: UnscoredCounts = { frauds: 0, genuine: 0 };

/** Share of genuine transactions that may raise an alarm for `recallAt1`. */
const FALSE_POSITIVES_ALLOWED = 0.01;

/**
 * Walks the thresholds from the highest score down; equal scores are one step.
 *
 *     averagePrecision = sum over steps of (recall gained) * (precision there)
 *     rocAuc = (pairs in which the fraud scores higher + half of those in which both score the same) / all pairs
 *     cost = frauds below * missedFraud + genuine from there on * falseAlarm
 *
 * What got no score ranks below all that did, and no threshold finds it.
 */
export function rankingOf(
  counts: ScoreCounts,
  { missedFraud, falseAlarm }: Costs,
  unscored: UnscoredCounts = none,
): Ranking {
  const frauds = total(counts.frauds) + unscored.frauds;
  const genuine = total(counts.genuine) + unscored.genuine;
  let [found, alarmed, averagePrecision, pairs, recallAt1] = [0, 0, 0, 0, 0];
  let [bestThreshold, bestCost] = [Number.NaN, frauds * missedFraud];
  for (let place = counts.score.length - 1; place >= 0; place -= 1) {
    const hits = counts.frauds[place] as number;
    const alarms = counts.genuine[place] as number;
    pairs += hits * (genuine - alarmed - alarms / 2);
    found += hits;
    alarmed += alarms;
    averagePrecision += (hits / frauds) * (found / (found + alarmed));
    if (alarmed <= FALSE_POSITIVES_ALLOWED * genuine) recallAt1 = found / frauds;
    const cost = (frauds - found) * missedFraud + alarmed * falseAlarm;
    if (cost < bestCost) [bestThreshold, bestCost] = [counts.score[place] as number, cost];
  }
  pairs += (unscored.frauds * unscored.genuine) / 2;
  averagePrecision += (unscored.frauds / frauds) * (frauds / (frauds + genuine));
  const hasBoth = frauds > 0 && genuine > 0;
  return {
    averagePrecision: frauds > 0 ? averagePrecision : Number.NaN,
    rocAuc: hasBoth ? pairs / (frauds * genuine) : Number.NaN,
    recallAt1: hasBoth ? recallAt1 : Number.NaN,
    bestThreshold,
    bestCost,
  };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
