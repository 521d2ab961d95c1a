import type { SearchSummary } from '../../metrics/capacity.ts';
import { histogramOf, type LatencySummary } from '../../metrics/latency.ts';
import type { QualitySummary, ScoreCounts } from '../../metrics/quality.ts';
import type { Snaked } from '../../metrics/snake-case.ts';
import type { TimeSeriesSummary } from '../../metrics/time-series.ts';

/** Names of colours in the style. */
export type Colour = 'mark' | 'second' | 'third' | 'bad' | 'good' | 'quiet';

/** One line or row of bars of a chart. */
export interface ChartLine {
  readonly label: string;
  readonly colour: Colour;
  readonly values: readonly (number | null)[];
}

/** A value of the x axis that has a name: a vertical line. */
export interface ChartMark {
  readonly x: number;
  readonly label: string;
}

/** How the values of an axis are written. */
export type Unit =
  | 'count'
  | 'ms'
  | 'share'
  | 'per-second'
  | 'plain'
  | 'percentile'
  | 'time'
  | 'date-time'
  | 'name';

/** One chart; `follows` names what of the threshold it marks. */
export interface Chart {
  readonly id: string;
  readonly form: 'lines' | 'bars' | 'stairs';
  readonly x: { readonly label: string; readonly unit: Unit; readonly values: readonly number[] };
  readonly y: { readonly label: string; readonly unit: Unit; readonly isLog?: boolean };
  readonly names?: readonly string[];
  readonly lines: readonly ChartLine[];
  readonly follows?: 'threshold' | 'precision-recall' | 'roc';
  readonly marks?: readonly ChartMark[];
}

/** Scores in bins of equal width, those at 1 in a bin of their own: bin, genuine, frauds. */
export interface ScoreBins {
  readonly bins: number;
  readonly rows: readonly (readonly [number, number, number])[];
  readonly threshold: number;
  /** Those without a score: below every threshold. */
  readonly unscored: { readonly frauds: number; readonly genuine: number };
  readonly missedFraud: number;
  readonly falseAlarm: number;
}

export interface PageData {
  readonly charts: readonly Chart[];
  readonly scores?: ScoreBins;
}

type QualitySection = Snaked<QualitySummary>;

/** Bins of the threshold's slider. */
const BINS = 2_000;
/** Bars of the histogram. */
const BARS = 40;

/**
 * Charts of verdict quality, and the scores from which the page computes other thresholds.
 *
 * The curves need a fraud, and the ROC a genuine transaction as well.
 */
export interface QualityCharts {
  readonly precisionRecall?: Chart;
  readonly roc?: Chart;
  readonly histogram: Chart;
  readonly cost: Chart;
  readonly scores: ScoreBins;
}

type Row = readonly [number, number, number];

interface Step {
  readonly threshold: number;
  readonly found: number;
  readonly alarmed: number;
}

export function qualityCharts(quality: QualitySection): QualityCharts {
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
    ...(frauds > 0 && {
      precisionRecall: {
        ...curve('precision-recall', ['recall', recalls], ['precision', precisions]),
        follows: 'precision-recall',
      },
    }),
    ...(frauds > 0 &&
      genuine > 0 && {
        roc: {
          ...curve('roc', ['false positives', [0, ...alarms]], ['recall', [0, ...recalls]]),
          follows: 'roc',
        },
      }),
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
  for (const [index, value] of score.entries()) {
    // 0.29 * 100 is a hair under 29.
    const bin = Math.floor(value * bins + 1e-9);
    const row = rows.get(bin) ?? [bin, 0, 0];
    row[1] += genuine[index] ?? 0;
    row[2] += frauds[index] ?? 0;
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

type Series = Snaked<TimeSeriesSummary>;

/** A run over time: rate, latency, errors. */
export interface TimeCharts {
  readonly rate: Chart;
  readonly latency: Chart;
  readonly errors: Chart;
}

/** Returns the charts of a run over time, in UTC. */
export function timeCharts(series: Series): TimeCharts {
  const x = { label: 'time (UTC)', unit: 'time', values: series.at } as const;
  const line = (label: string, colour: Colour, values: ChartLine['values']): ChartLine => ({
    label,
    colour,
    values,
  });
  return {
    rate: {
      ...{ id: 'rate', form: 'lines', x, y: { label: 'per second', unit: 'per-second' } },
      lines: [
        ...(series.due.some((due) => due > 0) ? [line('target', 'quiet', series.due)] : []),
        line('sent', 'mark', series.achieved),
        ...(series.matched.some((matched) => matched > 0)
          ? [line(answersOf(series), 'second', series.matched)]
          : []),
        ...(series.dropped.some((dropped) => dropped > 0)
          ? [line('dropped', 'bad', series.dropped)]
          : []),
      ],
    },
    latency: {
      ...{ id: 'latency-time', form: 'lines', x, y: { label: 'latency', unit: 'ms' } },
      lines: [
        line('p50', 'mark', series.p50_ms),
        line('p95', 'second', series.p95_ms),
        line('p99', 'third', series.p99_ms),
      ],
    },
    errors: {
      ...{ id: 'errors-time', form: 'stairs', x, y: { label: 'errors', unit: 'count' } },
      lines: [line('errors', 'bad', series.errors)],
    },
  };
}

/** Returns the name of the latency of a series; early reports had one alone. */
export function latencyOf({ latency_of: name = 'put to verdict' }: Series): string {
  return name;
}

function answersOf({ latency_of: latency }: Series): string {
  if (latency === 'due to receipt') return 'acknowledged';
  return latency === 'due to score' ? 'scored' : 'matched';
}

/** Rates that a search tried: what came of each, and how long it took. */
export interface SearchCharts {
  readonly throughput: Chart;
  readonly latencies: Chart;
}

/** Returns the charts of a search against the rate, with its knee and its capacity. */
export function searchCharts(search: Snaked<SearchSummary>): SearchCharts {
  const { trials, knee_per_second: knee, capacity_per_second: capacity } = search;
  const values = trials.map((trial) => trial.target_per_second);
  const x = { label: 'rate', unit: 'per-second', values } as const;
  const line = (
    label: string,
    colour: Colour,
    of: (trial: (typeof trials)[number]) => number | null | undefined,
  ): ChartLine => ({ label, colour, values: trials.map((trial) => of(trial) ?? null) });
  const named = [
    ...(knee === undefined
      ? []
      : [{ x: knee, label: knee === capacity ? 'knee, capacity' : 'knee' }]),
    ...(capacity === undefined || knee === capacity ? [] : [{ x: capacity, label: 'capacity' }]),
  ];
  return {
    throughput: {
      ...{ id: 'throughput', form: 'lines', x, marks: named },
      y: { label: 'per second', unit: 'per-second' },
      lines: [
        line('target', 'quiet', (trial) => trial.target_per_second),
        line('achieved', 'mark', (trial) => trial.achieved_per_second),
        line('goodput', 'second', (trial) => trial.good_per_second),
      ],
    },
    latencies: {
      ...{ id: 'latency-rate', form: 'lines', x, marks: named },
      y: { label: 'latency', unit: 'ms', isLog: true },
      lines: [
        line('p50', 'mark', (trial) => trial.p50_ms),
        line('p99', 'third', (trial) => trial.p99_ms),
      ],
    },
  };
}

/** A latency with its name. */
export type NamedLatency = readonly [string, Snaked<LatencySummary>];

/** Up to five nines; a point each tenth of a nine. */
const NINES = 5;
const colours: readonly Colour[] = ['mark', 'second', 'third', 'good', 'bad', 'quiet'];

/** Returns the chart of latency by percentile, each nine as wide as the one before, as far as samples allow. */
export function percentileChart(latencies: readonly NamedLatency[]): Chart {
  const most = Math.max(0, ...latencies.map(([, { count }]) => count));
  const end = Math.min(NINES, Math.max(1, Math.ceil(Math.log10(most))));
  const nines = Array.from({ length: end * 10 + 1 }, (_, index) => index / 10);
  return {
    id: 'percentiles',
    form: 'lines',
    x: { label: 'percentile', unit: 'percentile', values: nines },
    y: { label: 'latency', unit: 'ms' },
    lines: latencies.map(([label, latency], at) => {
      const histogram = histogramOf(latency.histogram);
      return {
        label,
        colour: colours[at % colours.length] ?? 'mark',
        values: nines.map((nine) => {
          if (10 ** nine > latency.count) return null;
          const us = histogram.getValueAtPercentile(100 * (1 - 10 ** -nine));
          return Math.min(us / 1000, latency.max_ms);
        }),
      };
    }),
  };
}
