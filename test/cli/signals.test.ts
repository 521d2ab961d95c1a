import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  fraudstream,
  program,
  type Running,
  shell,
  start,
  startProgram,
} from '../support/fraudstream.ts';

const lines = 100_000;

test('"| head" ends a run at once and quietly: exit code 0', async () => {
  const { out, err, code } = await shell(
    `fraudstream generate --count ${lines} --seed 1 | head -1; exit "\${PIPESTATUS[0]}"`,
  );
  assert.equal(code, 0, err);
  assert.match(out, /^\{.*\}\n$/);
  const [, written = ''] = /^([\d,]+) transactions, seed 1\n$/.exec(err) ?? [];
  assert.ok(Number(written.replaceAll(',', '')) < lines, err);
});

test('help into a reader that has left is no failure', async () => {
  const { code, err } = await shell(`fraudstream produce --help | true; exit "\${PIPESTATUS[0]}"`);
  assert.deepEqual({ code, err }, { code: 0, err: '' });
});

test('a closed stdout is no failure', async () => {
  const { code } = await shell('fraudstream generate --count 10 >&-');
  assert.equal(code, 0);
});

test('a stderr whose reader has left does not stop the run', async () => {
  const run = start(['generate', '--count', '20000', '--seed', '1']);
  run.child.stderr?.destroy();
  const { code, out } = await run.ended;
  assert.equal(code, 0);
  assert.equal(out.trimEnd().split('\n').length, 20_000);
});

test('Ctrl-C ends a run whose output is a file, which is written without waiting', async () => {
  const endless = 'generate --count 1G --seed 1 --progress text';
  const line = `exec '${process.execPath}' '${program}' ${endless} > /dev/null`;
  const run = startProgram('bash', ['-c', line]);
  await run.says(/%/);
  run.child.kill('SIGINT');
  assert.equal((await run.ended).code, 130);
});

const full = '/dev/full';
const skipFull = existsSync(full) ? false : `there is no ${full} here`;

test('a full disk behind stdout is told once: exit code 69', { skip: skipFull }, async () => {
  for (const verb of ['generate', 'features --count 10', 'completion bash', 'demo --help']) {
    const { code, err } = await shell(`fraudstream ${verb} > ${full}`);
    assert.match(err, /^fraudstream: stdout: ENOSPC.*\n$/, verb);
    assert.equal(err.match(/ENOSPC/g)?.length, 1, err);
    assert.equal(code, 69, verb);
  }
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const) {
  test(`${signal} ends "up": exit code ${code}`, async () => {
    const { child, ended, says } = start(['up', '--port', '0']);
    await says(/"kinesis":"http/);
    child.kill(signal);
    const { code: found, err } = await ended;
    assert.equal(found, code, err);
    assert.match(err, /Stopping: draining what is in flight/);
  });
}

/** Two signals that come as one are one: this one is sent until it is heard. */
async function insist({ child, ended }: Running, signal: NodeJS.Signals): Promise<void> {
  const again = setInterval(() => child.kill(signal), 20);
  await ended.finally(() => clearInterval(again));
}

test('a second Ctrl-C leaves at once, without the report: exit code 130', async () => {
  const hanging = ['produce', '--local', '--fault', 'hang:1', '--rate', '100'];
  const run = start([
    ...hanging,
    '--record-ttl',
    '1h',
    '--request-timeout',
    '1h',
    '--progress',
    'bar',
  ]);
  await run.says(/0 acknowledged/);
  run.child.kill('SIGINT');
  await run.says(/Stopping/);
  await insist(run, 'SIGINT');
  const { code, out } = await run.ended;
  assert.equal(code, 130);
  assert.equal(out, '');
});

test('the first Ctrl-C drains a run and reports: exit code 130', async () => {
  const args = ['produce', '--local', '--rate', '500', '--output', 'ndjson', '--progress', 'none'];
  const { child, ended, says } = start(args);
  await says(/"is_accepted":true/);
  child.kill('SIGINT');
  // As npx does, which passes on what the terminal sent to both.
  child.kill('SIGINT');
  const { code, err, out } = await ended;
  assert.equal(code, 130, err);
  const receipts = out.trimEnd().split('\n').length;
  const [, sent = ''] = /User records +([\d,]+) sent, \1 acknowledged/.exec(err) ?? [];
  assert.equal(Number(sent.replaceAll(',', '')), receipts, err);
});

for (const [signal, code, name] of [
  ['SIGINT', 130, /stopped by Ctrl-C \(SIGINT\)/],
  ['SIGTERM', 143, /stopped by SIGTERM/],
  ['SIGHUP', 143, /stopped by SIGHUP/],
] as const) {
  test(`a run that ${signal} stopped did not hold, in its report and in what is made of it`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fraudstream-stopped-'));
    try {
      const file = join(folder, 'run.json');
      const run = ['score', '--local', '--rate', '200', '--progress', 'none', '--report', file];
      const { child, ended, says } = start(run);
      await says(/transaction_id/);
      child.kill(signal);
      assert.equal((await ended).code, code);
      const report = JSON.parse(await readFile(file, 'utf8'));
      assert.deepEqual([report.outcome.passed, report.outcome.exit_code], [false, code]);
      assert.match(report.outcome.reasons[0], name);
      const junit = join(folder, 'run.xml');
      for (const more of [[], ['--fail-if', 'scoring.failed > 1000000']]) {
        const told = await fraudstream(['report', file, '--report', junit, ...more]);
        assert.match(told.out, new RegExp(`FAILED \\(exit code ${code}\\)`));
        assert.match(told.out, name);
        assert.equal(told.code, code);
      }
      assert.match(await readFile(junit, 'utf8'), /"completed".*<failure message="stopped by/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

test('stdin is an input that ends', async () => {
  const made = await fraudstream(['generate', '--count', '50', '--seed', '1']);
  const args = ['produce', '--local', '--input', '-', '--rate', 'max', '--output', 'json'];
  const { code, out, err } = await fraudstream(args, {}, made.out);
  assert.equal(code, 0, err);
  assert.equal(JSON.parse(out).delivery.accepted, 50);
});

test('Ctrl-C ends a run whose stdin does not end: what came is put and reported', async () => {
  const made = await fraudstream(['generate', '--count', '5', '--seed', '1']);
  const args = ['produce', '--local', '--input', '-', '--rate', 'max', '--output', 'ndjson'];
  const { child, ended, says } = start(args);
  child.stdin?.write(made.out);
  await says(/("is_accepted":true[\s\S]*){5}/);
  child.kill('SIGINT');
  const { code, err } = await ended;
  assert.equal(code, 130, err);
  assert.match(err, /User records +5 sent, 5 acknowledged/);
});

test('what is piped is not decorated: no bar, no escapes, and with none no progress', async () => {
  const args = ['produce', '--local', '--count', '2000', '--rate', 'max', '--seed', '1'];
  for (const form of ['auto', 'none']) {
    const { code, out, err } = await fraudstream([...args, '--progress', form]);
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    assert.ok(!out.includes('\u001b'), out);
  }
});
