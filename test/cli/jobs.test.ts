import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtures } from '../support/fraudstream.ts';

const root = join(fixtures, '..');
const LONGEST_MS = 300_000;
const FAILED_CONDITION = 99;

/** No settings of AWS, and nothing that a test within a test would report to. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(AWS_|FRAUDSTREAM_|NODE_TEST)/.test(name)),
);

interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(command: string, ...args: readonly string[]): Promise<Done> {
  return new Promise((resolve) => {
    const settings = { cwd: root, env, timeout: LONGEST_MS };
    execFile(command, args, settings, (error, out, err) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      resolve({ code, out, err });
    });
  });
}

const reportOf = (job: string) =>
  JSON.parse(readFileSync(join(root, 'examples', job, 'report.json'), 'utf8'));

test('npx in this folder does not build again what is built: other processes are reading it', async () => {
  const built = () => statSync(join(root, 'dist', 'main.js')).mtimeMs;
  const before = built();
  const { code, err } = await run('npm', 'run', 'prepare');
  assert.equal(code, 0, err);
  assert.equal(built(), before);
});

test('examples/load-test tests a pipeline on this machine', async () => {
  const { code, err } = await run('examples/load-test/run.sh');
  assert.equal(code, 0, err);
  const { correlation, thresholds } = reportOf('load-test');
  assert.equal(correlation.sent, correlation.matched + correlation.late);
  assert.equal(thresholds.length, 2);
});

test('examples/replay-in-ci checks a file of another schema, and replays it', async () => {
  const { code, out, err } = await run('examples/replay-in-ci/run.sh');
  assert.equal(code, 0, err);
  assert.match(out, /5 valid, 0 invalid/);
  assert.equal(reportOf('replay-in-ci').delivery.accepted, 5);
});

test('examples/score-endpoint scores at a rate', async () => {
  const { code, err } = await run('examples/score-endpoint/run.sh');
  assert.equal(code, 0, err);
  assert.ok(reportOf('score-endpoint').scoring.scored > 0);
});

test('examples/find-capacity tries rates until one fails', async () => {
  // A busy machine may keep no rate at all.
  const { code, err } = await run('examples/find-capacity/run.sh');
  assert.ok([0, FAILED_CONDITION].includes(code), err);
  assert.ok(reportOf('find-capacity').search.trials.length > 0);
});

test('examples/without-aws serves other programs, and ends', async () => {
  const { code, out, err } = await run('examples/without-aws/run.sh');
  assert.equal(code, 0, err);
  assert.match(out, /200 sent, 200 acknowledged/);
  assert.match(out, /200 = 200 scored/);
});

test('the five jobs of README.md run as they are printed', async () => {
  const { code, out, err } = await run(
    process.execPath,
    'scripts/five-jobs.js',
    '--here',
    '--short',
  );
  assert.equal(code, 0, err);
  assert.match(out, /All five jobs in/);
});
