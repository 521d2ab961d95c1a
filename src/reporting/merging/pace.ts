import type { Stage } from '../document/facts.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { Series, type SeriesSummary } from '../series.ts';
import { type Snaked, snaked } from '../snake-case.ts';
import { latencies } from './common.ts';
import { byKey, first, merged, most, type Rules, sum, sumMeasured } from './rule.ts';

type Rates = NonNullable<ReportDocument['rates']>;

/** Without a target in one part there is none for all. */
const targets = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : sum(values);

const rate: Rules<Rates> = {
  target_per_second: targets,
  achieved_per_second: sumMeasured,
  dropped: sum,
  late: sum,
};

const stage: Rules<Stage> = {
  stage: first,
  duration_seconds: most,
  target_per_second: targets,
  sent: sum,
  achieved_per_second: sumMeasured,
  response: latencies,
};

export function rates(parts: readonly Rates[]): Rates {
  return merged(rate, parts);
}

export const stages: (lists: readonly (readonly Stage[])[]) => readonly Stage[] = byKey(
  ({ stage: name }) => name,
  (same) => merged(stage, same),
);

/** Second by second of the wall clock. */
export function series(parts: readonly Snaked<SeriesSummary>[]): Snaked<SeriesSummary> {
  const fold = new Series();
  for (const part of parts) fold.addParts(part);
  return snaked(fold.summary());
}
