import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Delivery } from '../../metrics/delivery.ts';
import { type LimitedBy, LoadGeneratorHealth } from '../../metrics/load-generator-health.ts';
import { snaked } from '../../metrics/snake-case.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { reportPageParts } from '../html/page-assets.ts';
import { reportText } from '../text/report-text.ts';
import { renderingFor } from './export-formats.ts';
import { githubAnnotations } from './github.ts';

function rendered(document: ReportDocument, ending: string): string {
  const rendering = renderingFor(`x.${ending}`);
  assert.ok(rendering);
  return rendering(document, reportPageParts);
}

const search: ReportDocument = {
  schema_version: 2,
  command: 'search',
  target: 'an endpoint',
  started_at: '2026-01-02T03:04:05.678Z',
  duration_seconds: 12.5,
  search: snaked({
    ...{ capacityPerSecond: 200, brokenAtPerSecond: 400, goodputPerSecond: 199.6 },
    ...{ kneePerSecond: 150, isOurs: false, isStopped: false },
    trials: [200, 400].map((targetPerSecond) => ({
      ...{ targetPerSecond, isKept: targetPerSecond < 400, agreeing: 2, tries: 3, isOurs: false },
      ...{ achievedPerSecond: 198, goodPerSecond: 190, errorsShare: 0, p50Ms: 3, p99Ms: 7 },
      why: targetPerSecond < 400 ? undefined : 'achieved < 99% (50 %)',
    })),
  }),
};

test('every form for people has what a search found, and each rate that it tried', () => {
  const texts = [
    ...['md', 'html', 'xml'].map((ending) => rendered(search, ending)),
    reportText(search).join('\n'),
  ];
  for (const text of texts) {
    assert.match(text, /fraudstream search: an endpoint/);
    for (const name of ['capacity', 'goodput', 'knee']) assert.ok(text.includes(name), text);
    assert.match(text, /breaks at 400\/s: achieved (\\?<|&lt;) 99%/);
    assert.match(text, /198\/s[\s\S]*190\/s[\s\S]*7\.00 ms[\s\S]*2\/3[\s\S]*kept/);
    assert.match(text, /broken: achieved/);
  }
  const junit = rendered(search, 'xml');
  assert.match(junit, /time="12\.500" skipped="0" timestamp="2026-01-02T03:04:05"/);
  assert.match(junit, /<testcase name="a rate was sustained"/);
  const [line = ''] = rendered(search, 'emf').split('\n');
  assert.equal(JSON.parse(line)._aws.Timestamp, Date.UTC(2026, 0, 2, 3, 4, 5, 678));
});

function deliveryOfOne(): Delivery {
  const delivery = new Delivery();
  delivery.addRequest({
    ...{ sentAt: 0, durationMs: 5, entries: 1, failedEntries: 0, payloadBytes: 9 },
    errorCode: undefined,
  });
  return delivery;
}

test('CloudWatch gets bytes as bytes', () => {
  const document: ReportDocument = {
    schema_version: 2,
    command: 'produce',
    delivery: snaked(deliveryOfOne().summary(1)),
  };
  const lines = rendered(document, 'emf').trimEnd().split('\n');
  const metrics: readonly { readonly Name: string; readonly Unit: string }[] = lines.flatMap(
    (line) => JSON.parse(line)._aws.CloudWatchMetrics[0].Metrics,
  );
  const unitOf = (name: string) => metrics.find(({ Name }) => Name === name)?.Unit;
  assert.equal(unitOf('delivery.bytes'), 'Bytes');
  assert.equal(unitOf('delivery.bytes_per_second'), 'Bytes/Second');
  assert.equal(unitOf('delivery.records_per_second'), 'Count/Second');
  assert.equal(unitOf('delivery.request.p99'), 'Milliseconds');
});

function limited(by: LimitedBy): ReportDocument {
  const generator = { ...snaked(new LoadGeneratorHealth(true).summary()), limited_by: by };
  return { schema_version: 2, command: 'run', generator };
}

test('every form for people says that this machine was at its end, and none says so without need', () => {
  const textsOf = (by: LimitedBy): readonly string[] => [
    ...['md', 'html', 'xml'].map((ending) => rendered(limited(by), ending)),
    reportText(limited(by)).join('\n'),
    githubAnnotations(limited(by)).join('\n'),
  ];
  for (const text of textsOf('generator')) assert.match(text, /SATURATED: this machine could not/);
  for (const text of textsOf('target'))
    assert.match(text, /limited by the target, which accepted no more/);
  for (const text of textsOf('nothing'))
    assert.doesNotMatch(text, /SATURATED|limited by the target|kept its/);
  const metric = /^fraudstream_generator_limited_by\{command="run",by="generator"\} 1$/m;
  assert.match(rendered(limited('generator'), 'prom'), metric);
});
