/**
 * Runs the tests as they are compiled: `node scripts/test.js` all parts, `node scripts/test.js unit checks` some.
 *
 * All parts run in two stages. The first has two sequences at the same time, so that two cores have work while one sequence waits. A part
 * prints its output when it has ended; the last lines name every part and its time. Exit code 1 when a part fails; the others run on.
 * The Flink job is skipped, with a line, where there is no Maven or no JDK; with FRAUDSTREAM_REQUIRE_ALL that is a failure.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const cores = availableParallelism();
/** They start the jar that Maven writes: after Maven, not beside it. */
const ofTheJob = ['cli/flink.test.js'];
/** A step: a folder, and a command that runs there. A text stands for tools that are missing. */
const parts = {
  unit: [nodeTests('dist', [`--test-concurrency=${cores}`])],
  integration: [
    nodeTests('dist-test', [
      '--test-force-exit',
      `--test-concurrency=${cores + 1}`,
      ...['virtual', 'loopback', 'loopback/faults', 'cli']
        .flatMap(testsIn)
        .filter((path) => !ofTheJob.includes(path)),
    ]),
  ],
  flink: [
    hasTool('mvn') && hasTool('javac')
      ? ['pipeline/flink', 'mvn', '--batch-mode', '--no-transfer-progress', 'verify']
      : 'there is no Maven or no JDK (Debian: apt-get install maven openjdk-17-jdk-headless)',
    nodeTests('dist-test', ['--test-force-exit', ...ofTheJob]),
  ],
  infrastructure: [
    ...(existsSync(join(root, 'pipeline', 'infra', 'node_modules'))
      ? []
      : [['pipeline/infra', 'npm', 'ci', '--no-audit', '--no-fund']]),
    ['pipeline/infra', 'npm', 'test'],
  ],
  checks: [
    nodeTests('dist-test/checks', [
      '--test-concurrency=2',
      ...['ten-million.check.js', 'realism.check.js', 'model.check.js'],
    ]),
  ],
};
/** One stage after the other; the sequences of a stage run at the same time. The Flink job's tests have the machine to themselves. */
const stages = [
  [
    ['unit', 'integration'],
    ['infrastructure', 'checks'],
  ],
  [['flink']],
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  throw new Error(`There is no part ${unknown.join(', ')}: give ${Object.keys(parts).join(', ')}.`);
}
const summary = [];
// Asked for one after the other, parts print as they run.
const isShown = asked.length > 0;
const passed = [];
for (const sequences of isShown ? [[asked]] : stages) {
  const ended = await Promise.all(sequences.map(runSequence));
  passed.push(...ended.flat());
}
console.log(summary.join('\n'));
process.exitCode = passed.every(Boolean) ? 0 : 1;

/** Whether each of these parts has passed. */
async function runSequence(names) {
  const passed = [];
  for (const name of names) passed.push(await runPart(name));
  return passed;
}

/** True if every step of a part has passed. A step that fails does not keep the next from running. */
async function runPart(name) {
  const startedAt = performance.now();
  const output = [];
  let hasPassed = true;
  for (const step of parts[name]) {
    if (typeof step === 'string') {
      const isFailure = Boolean(process.env.FRAUDSTREAM_REQUIRE_ALL);
      summary.push(`${name}: ${isFailure ? 'missing' : 'skipped'}: ${step}`);
      hasPassed &&= !isFailure;
    } else hasPassed = (await runStep(step, output)) && hasPassed;
  }
  for (const chunk of output) process.stdout.write(chunk);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  summary.push(`${name}: ${hasPassed ? 'passed' : 'FAILED'} after ${seconds} s`);
  return hasPassed;
}

function runStep([folder, command, ...args], output) {
  const child = spawn(command, args, {
    cwd: join(root, folder),
    // Threads of OpenMP, which XGBoost uses, else take a core while they wait for one another.
    env: { OMP_WAIT_POLICY: 'passive', ...process.env },
    stdio: ['ignore', isShown ? 'inherit' : 'pipe', isShown ? 'inherit' : 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => output.push(chunk));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}

function nodeTests(folder, args) {
  const reporter = process.stdout.isTTY ? ['--test-reporter=spec'] : [];
  return [folder, process.execPath, '--test', ...reporter, ...args];
}

function testsIn(folder) {
  const path = join(root, 'dist-test', folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path).filter((name) => name.endsWith('.test.js'));
  return names.map((name) => `${folder}/${name}`);
}

function hasTool(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}
