import { histogramOf, type LatencySummary } from '../latency.ts';
import type { Snaked } from '../snake-case.ts';
import type { Chart, Colour } from './chart.ts';

/** A latency with its name. */
export type NamedLatency = readonly [string, Snaked<LatencySummary>];

/** Up to five nines; a point each tenth of a nine. */
const NINES = 5;
const colours: readonly Colour[] = ['mark', 'second', 'third', 'good', 'bad', 'quiet'];

/** Latency by percentile, each nine as wide as the one before; as far as there are enough of them. */
export function percentileChart(latencies: readonly NamedLatency[]): Chart {
  const most = Math.max(0, ...latencies.map(([, { count }]) => count));
  const end = Math.min(NINES, Math.max(1, Math.ceil(Math.log10(most))));
  const places = Array.from({ length: end * 10 + 1 }, (_, place) => place / 10);
  return {
    id: 'percentiles',
    form: 'lines',
    x: { label: 'percentile', unit: 'percentile', values: places },
    y: { label: 'latency', unit: 'ms' },
    lines: latencies.map(([label, latency], at) => {
      const histogram = histogramOf(latency.histogram);
      return {
        label,
        colour: colours[at % colours.length] ?? 'mark',
        values: places.map((place) => {
          if (10 ** place > latency.count) return null;
          const us = histogram.getValueAtPercentile(100 * (1 - 10 ** -place));
          return Math.min(us / 1000, latency.max_ms);
        }),
      };
    }),
  };
}
