import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Metric, metricsOf } from '../../dist/report/export/metrics.js';
import { openOtlpPush } from '../../dist/report/otlp-push.js';
import { otlpSettings } from '../../dist/report/otlp-settings.js';
import { type Answer, accepts, otlpReceiver, refusal } from '../support/otlp-receiver.ts';

/** A push of one document to a collector; `lines` are the warnings. */
async function pushTo(url: string, env: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const settings = otlpSettings(url, { OTEL_METRIC_EXPORT_INTERVAL: '3600000', ...env });
  assert.ok(settings);
  const document = {
    command: 'run',
    delivery: { sent: 5, accepted: 4, duration_seconds: 2.5, bytes: 900 },
    scoring: { failures_by_kind: [{ kind: 'timeout', count: 3 }] },
  };
  const metrics = (): readonly Metric[] => metricsOf(document as never);
  const source = {
    ...{ version: '1.2.3', metrics, now: () => 1_700_000_000_123 },
    warn: (line: string) => void lines.push(line),
  };
  return { push: await openOtlpPush(settings, source), lines };
}

test('a push has every figure with its unit and its label, and says who it is from', async () => {
  const receiver = await otlpReceiver(accepts);
  const env = {
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc,x-team=a',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-team=b',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
  };
  const { push, lines } = await pushTo(`${receiver.url}/api/`, env);
  await push.close();
  assert.deepEqual(lines, []);
  // One at the start and one at the end.
  assert.equal(receiver.pushes.length, 2);
  const { path, headers, resource, metrics } = receiver.pushes[1] ?? assert.fail();
  assert.equal(path, '/api/v1/metrics');
  assert.equal(headers.authorization, 'Basic abc');
  assert.equal(headers['x-team'], 'b');
  assert.equal(resource['service.name'], 'fraudstream');
  assert.equal(resource['service.version'], '1.2.3');
  assert.match(resource['service.instance.id'] ?? '', /^[0-9a-f-]{36}$/);
  const attributes = { command: 'run' };
  const expected = [
    { name: 'fraudstream.delivery.accepted', unit: '', value: 4, attributes },
    { name: 'fraudstream.delivery.bytes', unit: '', value: 900, attributes },
    { name: 'fraudstream.delivery.duration', unit: 's', value: 2.5, attributes },
    { name: 'fraudstream.delivery.sent', unit: '', value: 5, attributes },
    { name: 'fraudstream.scoring.failures_by_kind.timeout', unit: '', value: 3, attributes },
  ];
  const sorted = [...metrics].sort((a, b) => (a.name < b.name ? -1 : 1));
  assert.deepEqual(sorted, expected);
});

const status =
  (code: number, body = ''): Answer =>
  (response) => {
    response.writeHead(code, { 'content-type': 'text/plain' }).end(body);
  };

for (const [name, answer, reason] of [
  ['answers 500', status(500, 'no disk'), /HTTP 500 Internal Server Error: no disk/],
  ['answers 401', status(401), /HTTP 401 Unauthorized/],
  ['moved', status(308), /HTTP 308/],
  [
    'answers with a page',
    status(200, '<html>'),
    /HTTP 200 with text\/plain that are not the answer/,
  ],
  ['resets', (response) => response.destroy(), /socket hang up/],
  [
    'refuses a part',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/x-protobuf' });
      response.end(refusal(7, 'out of order'));
    },
    /7 data points were refused: out of order/,
  ],
] as readonly (readonly [string, Answer, RegExp])[]) {
  test(`a collector that ${name}: one warning, and all are counted`, async () => {
    const receiver = await otlpReceiver(answer);
    const { push, lines } = await pushTo(receiver.url);
    await push.close();
    assert.equal(lines.length, 2, lines.join('\n'));
    assert.match(lines[0] ?? '', reason);
    assert.match(lines[1] ?? '', /^2 of 2 pushes of metrics to the collector failed\.$/);
  });
}

test('a collector that answers without end, or never, does not delay the end of a run', async () => {
  for (const answer of [
    () => undefined,
    (response) => {
      response.writeHead(200, { 'content-type': 'application/x-protobuf' });
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    },
  ] as readonly Answer[]) {
    const receiver = await otlpReceiver(answer);
    const { push, lines } = await pushTo(receiver.url);
    await push.close();
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /no complete answer in 3000 ms/);
    assert.match(lines[1] ?? '', /^2 of 2 pushes/);
  }
});

test('a collector that comes back gets the figures: only what failed is counted', async () => {
  let isThere = (): void => undefined;
  const fails = status(503);
  const second = new Promise<void>((resolve) => {
    isThere = resolve;
  });
  const receiver = await otlpReceiver((response, push) => {
    (push === 1 ? fails : accepts)(response, push);
    if (push === 2) isThere();
  });
  const { push, lines } = await pushTo(receiver.url, { OTEL_METRIC_EXPORT_INTERVAL: '20' });
  await second;
  await push.close();
  assert.match(lines[0] ?? '', /HTTP 503/);
  assert.match(lines[1] ?? '', new RegExp(`^1 of ${receiver.pushes.length} pushes`));
  assert.equal(lines.length, 2);
});
