import type { SearchSummary, TrialSummary } from '../../../reporting/search.ts';

/** What the rates that were tried say together. */
export function found(
  trials: readonly TrialSummary[],
  isStopped: boolean,
  endReason: string | undefined,
): SearchSummary {
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
