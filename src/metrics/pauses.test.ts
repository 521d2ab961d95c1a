import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportDocument } from '../report/document/report-document.ts';
import { markdown } from '../report/export/markdown.ts';
import { prometheus } from '../report/export/prometheus.ts';
import { paceSection } from '../report/html/sections.ts';
import { pausesText } from '../report/text/pauses-text.ts';
import { Pauses } from './pauses.ts';

const load = (delayMaxMs: number, gcMs: number) => ({
  seconds: 1,
  cores: 0.1,
  busyShare: 0.1,
  delayP99Ms: delayMaxMs / 2,
  delayMaxMs,
  memoryBytes: 1e8,
  gcCount: 2,
  gcMs,
  gcMaxMs: gcMs / 2,
});

test('pauses are those of the worst second, garbage collections add up', () => {
  const pauses = new Pauses();
  pauses.add(load(8, 10));
  pauses.add(load(2, 30));
  const summary = pauses.summary();
  assert.deepEqual(summary, {
    loopDelayP99Ms: 4,
    loopDelayMaxMs: 8,
    gcCount: 4,
    gcMs: 40,
    gcMaxMs: 15,
  });
  assert.match(pausesText(summary)[0] ?? '', /Own pauses +event loop 4\.00 ms late in p99/);
});

test('pauses stand beside the latencies in every form of a report', () => {
  const document: ReportDocument = {
    schema_version: 2,
    command: 'score',
    pauses: { loop_delay_p99_ms: 4, loop_delay_max_ms: 8, gc_count: 4, gc_ms: 40, gc_max_ms: 15 },
  };
  const chart = { lines: [] } as unknown as Parameters<typeof paceSection>[2];
  for (const text of [markdown(document), paceSection(document, undefined, chart)]) {
    assert.match(text, /4 garbage collections, 40\.0 ms in all, 15\.0 ms at most/);
  }
  assert.match(
    prometheus(document),
    /fraudstream_pauses_gc_max\S* 0\.015|fraudstream_pauses\S*gc_max/,
  );
});
