import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fraudstream, start } from '../support/fraudstream.ts';
import { freePort } from '../support/kinesis-local.ts';
import { accepts, otlpReceiver, type Push } from '../support/otlp-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-otlp-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const small = ['produce', '--local', '--count', '200', '--rate', 'max', '--seed', '1'];
const quiet = ['--progress', 'none', '--output', 'json'];

const figure = (push: Push | undefined, name: string): number | undefined =>
  push?.metrics.find((metric) => metric.name === name)?.value;

test('--otlp pushes what --metrics serves, while the run goes on and at its end', async () => {
  const receiver = await otlpReceiver(accepts);
  const env = { OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_RESOURCE_ATTRIBUTES: 'team=payments' };
  const paced = ['--rate', '200/s', '--duration', '3s', '--otlp', receiver.url, '--metrics', '0'];
  const run = start(['produce', '--local', '--seed', '1', ...paced, ...quiet], env);
  const [, scrape = ''] = await run.says(/Metrics at (http\S+metrics)/);
  let text = '';
  while (!/fraudstream_delivery_accepted\{command="produce"\} [1-9]/.test(text))
    text = await (await fetch(scrape)).text();
  const { code, out, err } = await run.ended;
  assert.equal(code, 0, err);
  const last = receiver.pushes.at(-1);
  const scraped = new Set([...text.matchAll(/^(\w+)\{/gm)].map(([, name = '']) => name));
  const pushed = new Set(
    receiver.pushes
      .flatMap(({ metrics }) => metrics)
      .map(({ name, unit }) => {
        const base = name.replaceAll('.', '_');
        const suffix = { s: '_seconds', By: '_bytes', 1: '_ratio' }[unit] ?? '';
        return base.endsWith(suffix) ? base : base + suffix;
      }),
  );
  assert.deepEqual(
    [...scraped].filter((name) => !pushed.has(name)),
    [],
  );
  const shares = receiver.pushes.map((push) => figure(push, 'fraudstream.progress') ?? 0);
  assert.ok(shares.some((share) => share > 0 && share < 1));
  const { delivery } = JSON.parse(out);
  assert.equal(figure(last, 'fraudstream.delivery.accepted'), delivery.accepted);
  assert.equal(figure(last, 'fraudstream.outcome.exit_code'), 0);
  assert.equal(last?.resource['service.name'], 'fraudstream');
  assert.match(last?.resource['service.version'] ?? '', /^\d+\.\d+\.\d+/);
  assert.equal(last?.resource.team, 'payments');
  assert.equal(err.match(/Warning/g), null);
});

test('OTEL_EXPORTER_OTLP_ENDPOINT is a collector, and its headers are in no output', async () => {
  const receiver = await otlpReceiver(accepts);
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=CANARY-2001,authorization=Bearer%20CANARY-2002',
  };
  const config = await fraudstream([...small, ...quiet, '--print-config'], env);
  const { code, out, err } = await fraudstream([...small, ...quiet], env);
  assert.equal(code, 0, err);
  assert.match(err, new RegExp(`Metrics go to ${receiver.url}/v1/metrics every 5 s`));
  assert.equal(receiver.pushes.at(-1)?.headers['x-tenant'], 'CANARY-2001');
  assert.doesNotMatch(out + err + config.out + config.err, /CANARY/);
});

test('a collector that is down changes nothing of the run', async () => {
  const { code, out, err } = await fraudstream([
    ...[...small, ...quiet, '--otlp', 'http://user:CANARY-2003@127.0.0.1:1'],
  ]);
  assert.equal(code, 0, err);
  assert.equal(JSON.parse(out).delivery.accepted, 200);
  assert.equal(err.match(/Metrics cannot be pushed to .*ECONNREFUSED/g)?.length, 1, err);
  assert.match(err, /^Warning: 2 of 2 pushes of metrics to the collector failed\.$/m);
  assert.doesNotMatch(out + err, /CANARY/);
});

test('without the packages --otlp says which to install; variables only warn', async () => {
  const hook = join(folder, 'without-opentelemetry.cjs');
  const fails = `throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })`;
  const resolve = `export const resolve = (name, context, next) => { if (name.startsWith('@opentelemetry/')) ${fails}; return next(name, context); };`;
  const url = `data:text/javascript,${encodeURIComponent(resolve)}`;
  writeFileSync(hook, `require('node:module').register(${JSON.stringify(url)});`);
  const env = { NODE_OPTIONS: `--require ${hook}` };
  const advice =
    /Pushing metrics by OTLP \(--otlp\) needs a package that is not installed\. Run "npm install @opentelemetry\/api .*" beside fraudstream/;
  const refused = await fraudstream([...small, ...quiet, '--otlp', 'http://127.0.0.1:1'], env);
  assert.equal(refused.code, 2, refused.err);
  assert.match(refused.err, advice);
  const warned = await fraudstream([...small, ...quiet], {
    ...env,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  });
  assert.equal(warned.code, 0, warned.err);
  assert.match(warned.err, advice);
  assert.match(warned.err, /OTEL_EXPORTER_OTLP_ENDPOINT is set; unset it to push nothing/);
});

const prometheus = process.env.FRAUDSTREAM_PROMETHEUS;
const skip = prometheus ? false : 'FRAUDSTREAM_PROMETHEUS names no Prometheus 3';

test('a real Prometheus makes one metric of a figure, pushed or scraped', { skip }, async () => {
  const port = await freePort();
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, '');
  const server = spawn(prometheus ?? '', [
    ...[`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`],
    ...[`--web.listen-address=127.0.0.1:${port}`, '--web.enable-otlp-receiver'],
  ]);
  try {
    const url = `http://127.0.0.1:${port}`;
    while (!(await fetch(`${url}/-/ready`).catch(() => undefined))?.ok) {
      assert.equal(server.exitCode, null);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const file = join(folder, 'run.prom');
    const otlp = ['--otlp', `${url}/api/v1/otlp`, '--report', file];
    const { code, err } = await fraudstream([...small, ...quiet, ...otlp]);
    assert.equal(code, 0, err);
    assert.doesNotMatch(err, /Warning/);
    const found = await (await fetch(`${url}/api/v1/label/__name__/values`)).json();
    const stored = new Set((found as { readonly data: readonly string[] }).data);
    const named = [...readFileSync(file, 'utf8').matchAll(/^(\w+)\{/gm)].map(([, name]) => name);
    assert.deepEqual(
      named.filter((name) => !stored.has(name ?? '')),
      [],
    );
    assert.ok(named.length > 20);
  } finally {
    server.kill();
    await once(server, 'close');
  }
});
