/**
 * Reads transactions from files, ours beside `JSON.parse` for every line.
 *
 * Run `npm run build && node bench/files.js`: JSON on stdout, exit code 1 when a bound is broken. Tasks take
 * turns, figures are medians. `overParse` is our speed against splitting and parsing alone, by processor time, which
 * neighbours on the cores do not bend; ours also judges 35 fields. The bound is on lines of our own: 150 MB/s, or no slower than parsing
 * alone where that is less. The other forms show what lines cost that have more behind them, or are not as we write them. With `--large` a
 * file of 2 GB (and a gzip of it) goes through the command line, and its memory is measured.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  createReadStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { recorded } from '../dist/files/recorded-transactions.js';
import { median } from './support/median.js';

const RUNS = 5;
const RECORDS = 250_000;
const LARGE_RECORDS = 2_520_000;
const bounds = { megabytesPerSecond: 150, overParse: 1, rssMib: 200 };

/** The same transactions written in other ways. */
const forms = {
  recording: (fields) => ({ ...fields, arrived_at: '2026-01-01T00:00:00.000Z' }),
  labelled: (fields) => ({ ...fields, is_fraud: false, fraud_scenario: null }),
  otherOrder: (fields) => Object.fromEntries(Object.entries(fields).reverse()),
};

const program = join(import.meta.dirname, '..', 'bin', 'fraudstream');
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-bench-'));

try {
  const report = process.argv.includes('--large') ? await large() : await compared();
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = report.holds ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function compared() {
  const own = made('day.ndjson', RECORDS);
  const report = { records: RECORDS, own: await measured(own, { ours, parse, readline }) };
  for (const [name, change] of Object.entries(forms)) {
    report[name] = await measured(changed(own, name, change), { ours, parse });
  }
  const { megabytesPerSecond, overParse } = report.own;
  const holds =
    megabytesPerSecond.ours >= bounds.megabytesPerSecond || overParse >= bounds.overParse;
  return { ...report, bounds, holds };
}

function changed(own, name, change) {
  const path = join(folder, `${name}.ndjson`);
  const lines = readFileSync(own, 'utf8').trimEnd().split('\n');
  writeFileSync(
    path,
    lines.map((line) => `${JSON.stringify(change(JSON.parse(line)))}\n`).join(''),
  );
  return path;
}

/** Medians of alternating runs. Units: `megabytesPerSecond` by the clock, `cpuSeconds` of all threads of the process. */
async function measured(path, tasks) {
  const megabytes = statSync(path).size / 1e6;
  const names = Object.keys(tasks);
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) {
    const figures = {};
    for (const name of names) figures[name] = await timed(() => tasks[name](path));
    runs.push(figures);
  }
  const middle = (figure, digits) => rounded(median(runs.map(figure)), digits);
  const medians = (figure, digits) =>
    Object.fromEntries(names.map((name) => [name, middle((run) => figure(run[name]), digits)]));
  return {
    megabytes: rounded(megabytes, 0),
    megabytesPerSecond: medians(({ seconds }) => megabytes / seconds, 0),
    cpuSeconds: medians(({ cpuSeconds }) => cpuSeconds, 2),
    overParse: middle((run) => run.parse.cpuSeconds / run.ours.cpuSeconds, 2),
  };
}

async function timed(task) {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  if ((await task()) !== RECORDS) throw new Error('a line was lost');
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 };
}

function rounded(number, digits) {
  return Number(number.toFixed(digits));
}

async function ours(path) {
  const settings = {
    paths: [path],
    input: undefined,
    s3: {},
    format: undefined,
    mapping: undefined,
  };
  let count = 0;
  for await (const group of recorded({ ...settings, reject: () => undefined }))
    count += group.length;
  return count;
}

/** The fewest steps that lead from a file to objects: split by hand, parse each line. */
async function parse(path) {
  let rest = '';
  let count = 0;
  for await (const chunk of createReadStream(path, {
    highWaterMark: 1_048_576,
    encoding: 'utf8',
  })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) if (JSON.parse(line).schema_version === 1) count += 1;
  }
  return count;
}

/** What most programs do. */
async function readline(path) {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (JSON.parse(line).schema_version === 1) count += 1;
  }
  return count;
}

async function large() {
  const runs = [];
  for (const name of ['large.ndjson', 'large.ndjson.gz']) {
    const path = made(name, LARGE_RECORDS);
    runs.push({ name, bytes: statSync(path).size, ...(await replayed(path)) });
    rmSync(path);
  }
  const holds = runs.every(
    ({ rssMib, lines }) => rssMib < bounds.rssMib && lines === LARGE_RECORDS,
  );
  return { records: LARGE_RECORDS, runs, bounds, holds };
}

/** Replays to a pipe, counts the lines, and watches the memory of the process. */
async function replayed(path) {
  const args = [program, 'replay', path, '--speed', 'max', '--to', 'stdout', '--progress', 'none'];
  const child = spawn('/usr/bin/time', ['-f', '%M %e', process.execPath, ...args]);
  let lines = 0;
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  for await (const chunk of child.stdout) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  const [kib, seconds] = said.trim().split('\n').at(-1).split(' ').map(Number);
  return { lines, rssMib: Math.round(kib / 1024), seconds };
}

function made(name, count) {
  const path = join(folder, name);
  const args = [
    'generate',
    '--count',
    String(count),
    '--seed',
    '1',
    '--manifest',
    'none',
    '--out',
    path,
  ];
  execFileSync(process.execPath, [program, ...args], { stdio: 'ignore' });
  return path;
}
