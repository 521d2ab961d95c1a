import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { before, test } from 'node:test';
import { parse } from 'yaml';
import { fixtures, program } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const root = join(fixtures, '..');
const place = folder('ci');
const bin = join(place, 'bin');
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
/** The examples of docs/ci.md, in their order. */
const [workflow, withAction] = [
  ...readFileSync(join(root, 'docs', 'ci.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
].map(([, text = '']) => parse(text));

before(() => {
  mkdirSync(bin);
  // What "Install" does: `fraudstream` is on the path. And an npm that only says what it is told.
  script('fraudstream', `exec "${process.execPath}" "${program}" "$@"`);
  script('npm', 'echo "$@"');
  // All of them, as in a checkout: the patterns of the workflow must name the right ones.
  cpSync(fixtures, join(place, 'fixtures'), { recursive: true });
});

function script(name: string, line: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** What a step said, how it ended, and what it wrote to the files of the runner. */
function step(run: string, given: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const files = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_PATH'] as const;
  const paths = Object.fromEntries(files.map((name) => [name, join(place, name)]));
  for (const path of Object.values(paths)) writeFileSync(path, '');
  // Runners run bash that ends at the first failure.
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run],
    {
      cwd: place,
      encoding: 'utf8',
      env: { PATH: `${bin}${delimiter}${PATH}`, HOME, ...paths, ...given },
      timeout: 60_000,
    },
  );
  const [output, summary, path] = files.map((name) => readFileSync(join(place, name), 'utf8'));
  return { status, stdout, stderr, output, summary, path };
}

/** Runs a step of the action with these inputs, its expressions filled in as a runner does. */
function acted(id: string, inputs: Readonly<Record<string, string>>) {
  const { run, env } = action.runs.steps.find((each: Step) => each.id === id);
  const filledIn = (expression: string): string => {
    const [, context, name = ''] = /^\$\{\{ (inputs|github)\.([\w-]+) \}\}$/.exec(expression) ?? [];
    if (context === 'github') return root;
    return inputs[name] ?? action.inputs[name].default;
  };
  const values = Object.entries<string>(env).map(([name, text]) => [name, filledIn(text)]);
  return step(run, Object.fromEntries(values));
}

test('the workflow of docs/ci.md runs to its end, step by step', () => {
  const steps: readonly Step[] = workflow.jobs.fixtures.steps;
  const runs = steps.filter(({ run, name }) => run && name !== 'Install');
  assert.deepEqual(
    runs.map(({ name }) => name),
    ['Validate', 'Plan', 'Replay', 'Thresholds', 'Summary'],
  );
  for (const { name, run = '' } of runs) {
    const { status, stdout, stderr, summary } = step(run);
    assert.equal(status, 0, `${name}: ${stdout}${stderr}`);
    if (name === 'Summary') assert.match(summary ?? '', /### Replay[\s\S]*none failed/);
  }
  const upload = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'));
  for (const path of upload?.with?.path?.trim().split('\n') ?? ['nothing']) {
    assert.ok(existsSync(join(place, path)), path);
  }
});

test('the steps with the action in docs/ci.md have inputs that it knows, and run', () => {
  const steps: readonly Step[] = withAction.steps.filter(({ uses }: Step) => uses === './');
  assert.equal(steps.length, 2);
  for (const { with: inputs = {} } of steps) {
    for (const name of Object.keys(inputs)) assert.ok(name in action.inputs, name);
    const { status, stdout, stderr, output, summary } = acted('run', inputs);
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(output ?? '', /^exit-code=0\nreport=.*\.json\n$/);
    assert.match(summary ?? '', new RegExp(`^### fraudstream ${inputs.command}: exit code 0\n`));
  }
  assert.equal(JSON.parse(readFileSync(join(place, 'replay.json'), 'utf8')).delivery.failed, 0);
});

test('the whole command may stand in one input', () => {
  const command = 'replay fixtures/transactions/card-testing.ndjson --speed max --local';
  const { status, summary } = acted('run', { command });
  assert.equal(status, 0);
  assert.match(summary ?? '', /User records +\d+ sent, \d+ acknowledged, none failed/);
});

test('the action fails with the exit code, annotates bad lines, and sums up without them', () => {
  writeFileSync(join(place, 'a bad.ndjson'), '{}\n');
  const bad = acted('run', { command: 'validate', args: '"a bad.ndjson"' });
  assert.equal(bad.status, 65, bad.stderr);
  assert.match(bad.output ?? '', /^exit-code=65\nreport=fraudstream-report\.json\n$/);
  assert.match(bad.stdout, /::error file=a bad\.ndjson,line=1,.*schema_version is required/);
  assert.match(bad.summary ?? '', /1 record in 1 file: 0 valid, 1 invalid/);
  assert.doesNotMatch(bad.summary ?? '', /::error/);
});

test('arguments are words, never code', () => {
  const args = '--count 1 --stream "$(touch pwned)" `touch pwned` ; touch pwned';
  assert.equal(acted('run', { command: 'generate', args }).status, 2);
  assert.ok(!existsSync(join(place, 'pwned')));
  for (const inputs of [{ command: '' }, { command: 'validate', args: '"half' }]) {
    assert.notEqual(acted('run', inputs).status, 0, JSON.stringify(inputs));
  }
});

test('the action installs itself, a version, or a package', () => {
  const own = acted('install', {});
  assert.match(own.stdout, new RegExp(`^ci --prefix ${root} `));
  const there = own.path?.trim() ?? '';
  const said = spawnSync(join(there, 'fraudstream'), ['--version'], { encoding: 'utf8' });
  assert.match(said.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match(acted('install', { version: '0.1.0' }).stdout, / fraudstream@0\.1\.0\n$/);
  writeFileSync(join(place, 'made.tgz'), '');
  assert.match(acted('install', { version: './made.tgz' }).stdout, / \.\/made\.tgz\n$/);
  rmSync(join(place, 'made.tgz'));
});
