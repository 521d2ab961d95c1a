import type { SeriesSummary } from '../series.ts';
import type { Snaked } from '../snake-case.ts';
import type { Chart, Colour, Line } from './chart.ts';

type Series = Snaked<SeriesSummary>;

/** A run over time: rate, latency, errors. */
export interface TimeCharts {
  readonly rate: Chart;
  readonly latency: Chart;
  readonly errors: Chart;
}

/** The charts of a series, second by second of the wall clock in UTC. */
export function timeCharts(series: Series): TimeCharts {
  const x = { label: 'time (UTC)', unit: 'time', values: series.at } as const;
  const line = (label: string, colour: Colour, values: Line['values']): Line => ({
    label,
    colour,
    values,
  });
  return {
    rate: {
      ...{ id: 'rate', form: 'lines', x, y: { label: 'per second', unit: 'per-second' } },
      lines: [
        ...(series.due.some((due) => due > 0)
          ? [{ ...line('target', 'quiet', series.due), isDashed: true }]
          : []),
        line('achieved', 'mark', series.achieved),
        ...(series.matched.some((matched) => matched > 0)
          ? [line('matched', 'third', series.matched)]
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
        line('p95', 'third', series.p95_ms),
        line('p99', 'second', series.p99_ms),
      ],
    },
    errors: {
      ...{ id: 'errors-time', form: 'stairs', x, y: { label: 'errors', unit: 'count' } },
      lines: [line('errors', 'bad', series.errors)],
    },
  };
}
