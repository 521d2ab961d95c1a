import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fraudstream, start } from '../support/fraudstream.ts';

/** What Node, or a package of ours, prints that is meant for a developer. */
const WARNING =
  /Warning|Deprecat|node --trace|NodeVersionSupport|will\s+require node|unrecognized flag/i;

function assertClean(outcome: { code: number | null; out: string; err: string }): void {
  assert.equal(outcome.code, 0, outcome.err);
  assert.doesNotMatch(outcome.err, WARNING);
  assert.doesNotMatch(outcome.out, WARNING);
}

test('--version prints nothing but the version', async () => {
  const { code, out, err } = await fraudstream(['--version']);
  assert.equal(code, 0);
  assert.match(out, /^\d+\.\d+\.\d+\n$/);
  assert.equal(err, '');
});

test('generate writes the transactions of a seed, on one thread and on two', async () => {
  const flags = ['generate', '--count', '2000', '--seed', '7', '--progress', 'none'];
  const [one, two] = await Promise.all([
    fraudstream(flags),
    fraudstream([...flags, '--threads', '2']),
  ]);
  assertClean(one);
  assertClean(two);
  assert.equal(one.out.split('\n').length, 2001);
  assert.equal(one.out, two.out);
});

test('what produce puts to the Kinesis of up, consume reads', async (t) => {
  const up = start(['up', '--no-endpoint']);
  t.after(() => up.child.kill('SIGKILL'));
  const [url] = await up.says(/http:\/\/127\.0\.0\.1:\d+/);
  const env = {
    AWS_ENDPOINT_URL_KINESIS: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const put = ['--count', '500', '--rate', 'max', '--seed', '7'];
  assertClean(await fraudstream(['produce', ...put, '--progress', 'none'], env));
  const get = ['--from', 'trim-horizon', '--count', '500', '--progress', 'none'];
  const consumed = await fraudstream(['consume', ...get], env);
  assertClean(consumed);
  assert.equal(consumed.out.trim().split('\n').length, 500);
});

for (const transport of ['fast', 'sdk']) {
  test(`score --local scores every transaction over the ${transport} transport`, async () => {
    const flags = ['score', '--local', '--count', '100', '--rate', 'max', '--seed', '7'];
    const more = ['--transport', transport, '--output', 'json', '--progress', 'none'];
    const outcome = await fraudstream([...flags, ...more]);
    assertClean(outcome);
    assert.equal(JSON.parse(outcome.out).scoring.scored, 100);
  });
}

test('demo ends well', async () => {
  assertClean(await fraudstream(['demo', '--seed', '7', '--count', '5000']));
});
