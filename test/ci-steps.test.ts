import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { before, test } from 'node:test';
import { parse } from 'yaml';
import { fixtures, program } from './fraudstream.ts';
import { folder } from './recordings.ts';

const root = join(fixtures, '..');
const place = folder('ci');
const bin = join(place, 'bin');

before(() => {
  // What the step "Install" does: `fraudstream` is on the path.
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'fraudstream'),
    `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`,
  );
  chmodSync(join(bin, 'fraudstream'), 0o755);
  cpSync(join(fixtures, 'transactions'), join(place, 'fixtures', 'transactions'), {
    recursive: true,
  });
});

/** Runs a step as a runner does: bash that ends at the first failure. */
function step(script: string, env: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const path = `${bin}${delimiter}${PATH}`;
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: place,
    encoding: 'utf8',
    env: { PATH: path, HOME, ...env },
    timeout: 60_000,
  });
}

test('the workflow of docs/ci.md runs to its end, step by step', () => {
  const text = readFileSync(join(root, 'docs', 'ci.md'), 'utf8');
  const [, workflow = ''] = /```yaml\n(name: fixtures[\s\S]*?)```/.exec(text) ?? [];
  const { steps } = parse(workflow).jobs.fixtures;
  const runs = steps.filter(
    (each: { name?: string; run?: string }) => each.run && each.name !== 'Install',
  );
  assert.deepEqual(
    runs.map(({ name }: { name: string }) => name),
    ['Validate', 'Plan', 'Replay', 'Everything arrived'],
  );
  for (const { name, run } of runs) {
    const { status, stdout, stderr } = step(run);
    assert.equal(status, 0, `${name}: ${stdout}${stderr}`);
  }
  assert.ok(existsSync(join(place, 'replay.json')));
});

/** The second step of the action with a command, and the files of the runner that it writes. */
function action(command: string) {
  const { runs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const { run } = runs.steps.find(({ id }: { id: string }) => id === 'run');
  const [output, summary] = [join(place, 'output'), join(place, 'summary')];
  for (const path of [output, summary]) writeFileSync(path, '');
  const env = {
    COMMAND: command,
    REPORT: 'action.json',
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
  };
  const { status, stdout, stderr } = step(run, env);
  return {
    status,
    stdout,
    stderr,
    output: readFileSync(output, 'utf8'),
    summary: readFileSync(summary, 'utf8'),
  };
}

test('the action runs a command, and writes its exit code and a summary', () => {
  const good = action(
    'replay fixtures/transactions/day.ndjson --speed max --local --on-error stop',
  );
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.output, /exit-code=0/);
  assert.match(good.summary, /### fraudstream replay: exit code 0[\s\S]*"accepted": 146/);
});

test('the action fails with the exit code, and annotates bad lines', () => {
  writeFileSync(join(place, 'bad.ndjson'), '{}\n');
  const bad = action('validate bad.ndjson');
  assert.equal(bad.status, 65);
  assert.match(bad.output, /exit-code=65/);
  assert.match(bad.stdout, /::error file=bad\.ndjson,line=1::.*schema_version is required/);
});
