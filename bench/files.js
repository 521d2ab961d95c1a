/**
 * Reads transactions from a file, ours beside `JSON.parse` for every line.
 *
 * Run `npm run build && node bench/files.js`: JSON on stdout, exit code 1 when a bound is broken. Tasks take
 * turns, figures are medians. `overParse` is our speed against parsing alone, what no reader of JSON can beat:
 * ours parses too, and judges 35 fields. With `--large` a file of 2 GB (and a gzip of it) goes through the
 * command line, and its memory is measured.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { recorded } from '../dist/files/recorded.js';
import { median } from './median.js';

const RUNS = 5;
const RECORDS = 250_000;
const LARGE_RECORDS = 2_520_000;
const bounds = { bytesPerSecond: 150e6, overParse: 1, rssMib: 200 };
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
  const path = made('day.ndjson', RECORDS);
  const { size } = statSync(path);
  const tasks = {
    ours: () => readByUs(path),
    parse: () => parsedByLine(path),
    readline: () => readlines(path),
  };
  const speeds = { ours: [], parse: [], readline: [] };
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, task] of Object.entries(tasks)) speeds[name].push(size / (await task()));
  }
  const of = (name) => Math.round(median(speeds[name]));
  const bytesPerSecond = { ours: of('ours'), parse: of('parse'), readlineAndParse: of('readline') };
  const overParse = Number((bytesPerSecond.ours / bytesPerSecond.parse).toFixed(2));
  const limit = Math.min(bounds.bytesPerSecond, bytesPerSecond.parse);
  return {
    bytes: size,
    records: RECORDS,
    bytesPerSecond,
    overParse,
    bounds,
    holds: bytesPerSecond.ours >= limit,
  };
}

async function readByUs(path) {
  const settings = {
    paths: [path],
    input: undefined,
    s3: {},
    format: undefined,
    mapping: undefined,
  };
  const startedAt = performance.now();
  let count = 0;
  for await (const group of recorded({ ...settings, reject: fail })) count += group.length;
  if (count !== RECORDS) fail();
  return (performance.now() - startedAt) / 1000;
}

/** The fewest steps that lead from a file to objects: split by hand, parse each line. */
async function parsedByLine(path) {
  const startedAt = performance.now();
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
  if (count !== RECORDS) fail();
  return (performance.now() - startedAt) / 1000;
}

/** What most programs do. */
async function readlines(path) {
  const startedAt = performance.now();
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (JSON.parse(line).schema_version === 1) count += 1;
  }
  if (count !== RECORDS) fail();
  return (performance.now() - startedAt) / 1000;
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

function fail() {
  throw new Error('a line was lost');
}
