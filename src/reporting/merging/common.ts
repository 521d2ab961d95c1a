import { type LatencySummary, mergedLatency } from '../latency.ts';
import { type Snaked, snaked } from '../snake-case.ts';
import { type CodeCount, Tally } from '../tally.ts';

/** Ids that are named in a report; the rest is counted. */
const IDS_NAMED = 10;

export function latencies(parts: readonly Snaked<LatencySummary>[]): Snaked<LatencySummary> {
  const known = parts.map(({ histogram, max_ms: maxMs }) => ({ histogram, maxMs }));
  return snaked(mergedLatency(known));
}

export function tallies(lists: readonly (readonly CodeCount[])[]): readonly CodeCount[] {
  const tally = new Tally();
  for (const { code, count } of lists.flat()) tally.add(code, count);
  return tally.summary();
}

export function namedIds(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.flat().slice(0, IDS_NAMED);
}
