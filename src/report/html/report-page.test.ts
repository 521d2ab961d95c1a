import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Quality } from '../../metrics/quality.ts';
import { snaked } from '../../metrics/snake-case.ts';
import { TimeSeries } from '../../metrics/time-series.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { reportPageParts } from './page-assets.ts';
import { reportPage } from './report-page.ts';

const START = Date.UTC(2026, 0, 1);

test('the page of an hour at 5,000 a second stays under 3 MB', () => {
  const series = new TimeSeries('put to verdict');
  const quality = new Quality(0.5, { missedFraud: 100, falseAlarm: 1 });
  for (let second = 0; second < 3_600; second += 1) {
    for (const moment of ['due', 'achieved', 'matched'] as const) {
      series.add(START + second * 1000, moment, 5_000);
    }
    for (let one = 0; one < 100; one += 1) {
      const luck = ((second * 100 + one) * 0.618_033_988_7) % 1;
      series.addLatency(START + second * 1000, Math.exp(luck * 8));
      quality.add(luck, luck > 0.9);
    }
  }
  const document: ReportDocument = {
    schema_version: 2,
    command: 'run',
    series: snaked(series.summary()),
    quality: snaked(quality.summary()),
  };
  const size = Buffer.byteLength(reportPage(document, reportPageParts()));
  assert.ok(size < 3_000_000, `${size} bytes`);
});

test('text of a report is text in the page, and cannot end its data', () => {
  const document: ReportDocument = {
    schema_version: 2,
    command: '</script><script>alert(1)</script>',
    outcome: { passed: false, exit_code: 99, reasons: ['<img src=x onerror=alert(1)>'] },
  };
  const page = reportPage(document, reportPageParts());
  assert.doesNotMatch(page, /<script>alert|<img/);
});
