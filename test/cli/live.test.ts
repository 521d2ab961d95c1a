import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { started } from '../support/embedded.ts';
import { fraudstream, local, start } from '../support/fraudstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-live-'));
after(() => rmSync(folder, { recursive: true }));

/** The status of a request that names this host. */
const statusFor = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

test('--live serves the report on loopback, and a line of figures each second, until the run is over', async () => {
  const run = start(['run', '--local', '--live', '0', '--rate', '300/s', '--duration', '6s']);
  const [, url = ''] = await run.says(/Live at (http:\/\/127\.0\.0\.1:\d+\/)/);
  const page = await (await fetch(url)).text();
  assert.match(page, /<!doctype html>/);
  assert.match(page, /EventSource\('\/events'\)/);
  // Nothing is asked of the network.
  assert.doesNotMatch(page, /https?:\/\//);
  const events = await (await fetch(`${url}events`)).text();
  const lines = events.split('\n').filter((line) => line.startsWith('data: '));
  assert.ok(lines.length >= 3, events);
  assert.match(lines.at(-2) ?? '', /in flight.*errors/);
  assert.match(lines.at(-2) ?? '', /\d+ %, \d+:\d\d, \d+:\d\d left, /);
  assert.match(events, /event: end\ndata: Passed, exit code 0\n/);
  const ended = await run.ended;
  assert.equal(ended.code, 0, ended.err);
  await assert.rejects(fetch(url));
});

test('--live shows the figures so far, as JSON and as a page, and only to this machine', async () => {
  const run = start(['run', '--local', '--live', '0', '--rate', '300/s', '--duration', '5s']);
  const [, url = ''] = await run.says(/Live at (http:\/\/127\.0\.0\.1:\d+\/)/);
  for (let matched = 0; matched === 0; ) {
    const report = JSON.parse(await (await fetch(`${url}report.json`)).text());
    assert.equal(report.command, 'run');
    // Before the pipeline is open there is nothing to say of it.
    matched = report.correlation?.matched ?? 0;
  }
  assert.match(await (await fetch(`${url}report.html`)).text(), /^<!doctype html>.*matched/is);
  assert.equal((await fetch(`${url}other`)).status, 404);
  assert.equal(await statusFor(url, 'attacker.example'), 403);
  assert.equal((await run.ended).code, 0);
});

test('a port for --live that is taken is told, exit code 2', async () => {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const ended = await start(['run', '--local', '--live', String(port), '--count', '10']).ended;
  server.close();
  assert.equal(ended.code, 2);
  assert.match(ended.err, /--live \d+: the port cannot be taken \(EADDRINUSE\)/);
});

const endless = ['--rate', '300/s', '--seed', '1', '--live', '0', '--metrics', '0'];

for (const [command, flags, metric] of [
  ['produce', ['--local', '--duration', '1m'], 'fraudstream_delivery_accepted'],
  ['score', ['--local', '--duration', '1m'], 'fraudstream_scoring_scored'],
  ['demo', ['--count', '20k'], 'fraudstream_delivery_accepted'],
] as const) {
  test(`${command} is followed by --live and --metrics, and its report has the series`, async () => {
    const run = start([command, ...flags, ...endless, '--output', 'json']);
    const [, live = '', url = ''] = await run.says(/Live at (http\S+)[\s\S]*Metrics at (http\S+)/);
    let metrics = '';
    for (let value = 0; value === 0; ) {
      metrics = await (await fetch(url)).text();
      value = Number(
        new RegExp(`^${metric}\\{command="${command}"\\} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0,
      );
    }
    assert.match(metrics, /^fraudstream_progress_ratio\{command="\w+"\} 0\.\d+$/m);
    const soFar = JSON.parse(await (await fetch(`${live}report.json`)).text());
    assert.ok(soFar.series.at.length > 0);
    if (command === 'demo') {
      run.child.kill();
      await run.ended;
      return;
    }
    run.child.kill('SIGINT');
    const { out } = await run.ended;
    const { series, delivery, scoring } = JSON.parse(out);
    const sum = (column: readonly number[]): number => column.reduce((all, one) => all + one, 0);
    assert.equal(sum(series.matched), delivery?.accepted ?? scoring.scored);
    assert.equal(sum(series.due), delivery?.sent ?? scoring.transactions);
    assert.equal(series.latency_of, command === 'produce' ? 'due to receipt' : 'due to score');
  });
}

for (const [command, flags] of [
  ['consume', []],
  ['record', ['--out', join(folder, 'recording.ndjson')]],
] as const) {
  test(`${command} is followed by --live and --metrics`, async () => {
    const kinesis = await started({ streams: { transactions: 2 } });
    const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
    const filled = ['produce', '--count', '500', '--rate', 'max', '--progress', 'none'];
    assert.equal((await fraudstream(filled, env)).code, 0);
    const run = start([command, ...flags, '--live', '0', '--metrics', '0'], env);
    const [, live = '', url = ''] = await run.says(/Live at (http\S+)[\s\S]*Metrics at (http\S+)/);
    const all = `fraudstream_intake_records{command="${command}"} 500`;
    while (!(await (await fetch(url)).text()).includes(all));
    const soFar = JSON.parse(await (await fetch(`${live}report.json`)).text());
    assert.equal(soFar.intake.records, 500);
    assert.match(await (await fetch(`${live}report.html`)).text(), /arrival to reading/);
    run.child.kill('SIGINT');
    const { out, err } = await run.ended;
    assert.match(out + err, /User records +500/);
  });
}
