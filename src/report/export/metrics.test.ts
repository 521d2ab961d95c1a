import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsOf } from './metrics.ts';
import { prometheusText } from './prometheus.ts';

const document = {
  ...{ schema_version: 2, command: 'run' },
  latency: { end_to_end: { p99_ms: 250, count: 4 } },
  generator: { limited_by: 'target', memory_bytes: 1_000, busy_share: 0.5 },
  rates: { achieved_per_second: 99.5, missing_per_second: null },
  rejects_by_reason: [
    { code: 'HTTP 503', count: 1 },
    { code: 'HTTP-503', count: 2 },
  ],
};

/** What a Prometheus server with an OTLP receiver makes of a name and a unit. */
function translated(name: string, unit: string): string {
  const base = name.replace(/[^a-zA-Z0-9]+/g, '_');
  const suffix = { s: '_seconds', By: '_bytes', 1: '_ratio' }[unit] ?? '';
  return base.endsWith(suffix) ? base : base + suffix;
}

test('a metric has one name by OTLP and by scrape: that which Prometheus makes of the first', () => {
  const metrics = metricsOf(document as never);
  assert.ok(metrics.length > 6);
  for (const { name, unit, prometheusName } of metrics) {
    assert.match(name, /^[A-Za-z][A-Za-z0-9_.]{0,254}$/);
    assert.equal(translated(name, unit), prometheusName);
  }
  // No two are one series, in either form.
  for (const key of ['name', 'prometheusName'] as const) {
    const series = metrics.map((metric) => metric[key] + JSON.stringify(metric.attributes));
    assert.equal(new Set(series).size, series.length);
  }
});

test('metrics are in base units, and what was not measured is absent', () => {
  const lines = prometheusText(metricsOf(document as never)).split('\n');
  for (const line of [
    'fraudstream_latency_end_to_end_p99_seconds{command="run"} 0.25',
    'fraudstream_generator_memory_bytes{command="run"} 1000',
    'fraudstream_generator_busy_ratio{command="run"} 0.5',
    'fraudstream_rates_achieved_per_second{command="run"} 99.5',
    'fraudstream_rejects_by_reason_HTTP_503{command="run",figure="rejects_by_reason.HTTP 503"} 1',
    'fraudstream_rejects_by_reason_HTTP_503{command="run",figure="rejects_by_reason.HTTP-503"} 2',
    'fraudstream_generator_limited_by{command="run",by="target"} 1',
  ]) {
    assert.ok(lines.includes(line), line);
  }
  assert.ok(!lines.some((line) => line.includes('missing')));
});
