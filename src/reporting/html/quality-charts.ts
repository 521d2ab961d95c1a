import type { QualitySummary } from '../quality.ts';
import type { ScoreCounts } from '../score-table.ts';
import type { Snaked } from '../snake-case.ts';
import type { Chart, Scores } from './chart.ts';

type Quality = Snaked<QualitySummary>;

/** Bins of the threshold's slider. */
const BINS = 2_000;
/** Bars of the histogram. */
const BARS = 40;

/** What the quality of scores looks like, and the scores from which the page counts anew. */
export interface QualityCharts {
  readonly precisionRecall: Chart;
  readonly roc: Chart;
  readonly histogram: Chart;
  readonly cost: Chart;
  readonly scores: Scores;
}

type Row = readonly [number, number, number];

interface Step {
  readonly threshold: number;
  readonly found: number;
  readonly alarmed: number;
}

export function qualityCharts(quality: Quality): QualityCharts {
  const { scores, costs, threshold } = quality;
  const unscored = {
    frauds: quality.missed_unscored ?? 0,
    genuine: quality.unscored_genuine ?? 0,
  };
  const rows = binned(scores, BINS);
  const frauds = rows.reduce((sum, [, , count]) => sum + count, unscored.frauds);
  const genuine = rows.reduce((sum, [, count]) => sum + count, unscored.genuine);
  const steps = stepsOf(rows);
  const recalls = steps.map(({ found }) => found / frauds);
  const precisions = steps.map(({ found, alarmed }) => found / (found + alarmed));
  const alarms = steps.map(({ alarmed }) => alarmed / genuine);
  const upward = [...steps].reverse();
  const prices = upward.map(
    ({ found, alarmed }) => (frauds - found) * costs.missed_fraud + alarmed * costs.false_alarm,
  );
  return {
    precisionRecall: {
      ...curve('precision-recall', ['recall', recalls], ['precision', precisions]),
      follows: 'precision-recall',
    },
    roc: {
      ...curve('roc', ['false positives', [0, ...alarms]], ['recall', [0, ...recalls]]),
      follows: 'roc',
    },
    histogram: histogram(binned(scores, BARS)),
    cost: {
      ...{ id: 'cost', form: 'lines', follows: 'threshold' },
      x: { label: 'threshold', unit: 'plain', values: upward.map((step) => step.threshold) },
      y: { label: 'cost', unit: 'count' },
      lines: [{ label: 'cost', colour: 'mark', values: prices }],
    },
    scores: {
      ...{ bins: BINS, rows, threshold, unscored },
      missedFraud: costs.missed_fraud,
      falseAlarm: costs.false_alarm,
    },
  };
}

/** Only bins with something in them; a score of 1 has its own. */
function binned({ score, genuine, frauds }: ScoreCounts, bins: number): readonly Row[] {
  const rows = new Map<number, [number, number, number]>();
  for (const [place, value] of score.entries()) {
    // 0.29 * 100 is a hair under 29.
    const bin = Math.floor(value * bins + 1e-9);
    const row = rows.get(bin) ?? [bin, 0, 0];
    row[1] += genuine[place] ?? 0;
    row[2] += frauds[place] ?? 0;
    rows.set(bin, row);
  }
  return [...rows.values()].sort(([a], [b]) => a - b);
}

/** From the highest threshold down: frauds found and false alarms. */
function stepsOf(rows: readonly Row[]): readonly Step[] {
  let [found, alarmed] = [0, 0];
  return [...rows].reverse().map(([bin, genuine, frauds]) => {
    found += frauds;
    alarmed += genuine;
    return { threshold: bin / BINS, found, alarmed };
  });
}

function curve(
  id: string,
  [xLabel, x]: readonly [string, readonly number[]],
  [yLabel, y]: readonly [string, readonly number[]],
): Chart {
  return {
    ...{ id, form: 'lines' },
    x: { label: xLabel, unit: 'share', values: x },
    y: { label: yLabel, unit: 'share' },
    lines: [{ label: yLabel, colour: 'mark', values: y }],
  };
}

function histogram(rows: readonly Row[]): Chart {
  const known = new Map(rows.map(([bin, genuine, frauds]) => [bin, { genuine, frauds }]));
  // The score of 1 joins the last bar.
  const counts = Array.from({ length: BARS }, (_, bin) => {
    const { genuine = 0, frauds = 0 } = known.get(bin) ?? {};
    const last = bin === BARS - 1 ? known.get(BARS) : undefined;
    return [genuine + (last?.genuine ?? 0), frauds + (last?.frauds ?? 0)] as const;
  });
  const shown = (count: number): number | null => (count > 0 ? count : null);
  return {
    ...{ id: 'scores', form: 'bars', follows: 'threshold' },
    x: { label: 'score', unit: 'plain', values: counts.map((_, bin) => bin / BARS) },
    y: { label: 'transactions', unit: 'count', isLog: true },
    lines: [
      { label: 'genuine', colour: 'mark', values: counts.map(([genuine]) => shown(genuine)) },
      { label: 'frauds', colour: 'bad', values: counts.map(([, frauds]) => shown(frauds)) },
    ],
  };
}
