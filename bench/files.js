/**
 * Reads transactions from files, ours beside `JSON.parse` for every line.
 *
 * Run `npm run build && node bench/files.js`: JSON on stdout, exit code 1 when a bound is broken. Tasks take turns,
 * figures are medians. `overParse` is our speed against splitting and parsing alone, by processor time, which
 * neighbours on the cores do not bend; ours also judges 35 fields. The bound is on lines of our own: 150 MB/s, or no
 * slower than parsing alone where that is less. The other forms show what lines cost that have more behind them, or
 * are not as we write them. With `--large 2` a file of 2 GB (and a gzip of it) goes through the command line, and its
 * memory is measured.
 */
import { execFileSync } from 'node:child_process';
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
import {
  alternating,
  atLeast,
  atMost,
  medians,
  publish,
  ratio,
  settings,
} from './support/benchmark.js';
import { fraudstream, timed } from './support/processes.js';

const RECORDS = 250_000;
const LARGE_RECORDS = 2_520_000;
const bounds = { megabytesPerSecond: 150, overParse: 1, rssMib: 200 };

const given = settings({ runs: 3, large: 1 }, { runs: 5 });

/** The same transactions written in other ways. */
const forms = {
  'with `arrived_at` behind, as `record` writes them': (fields) => ({
    ...fields,
    arrived_at: '2026-01-01T00:00:00.000Z',
  }),
  'with labels behind': (fields) => ({ ...fields, is_fraud: false, fraud_scenario: null }),
  'fields in another order': (fields) => Object.fromEntries(Object.entries(fields).reverse()),
};

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-bench-'));

try {
  publish(given.large > 1 ? await large() : await compared());
} finally {
  rmSync(folder, { recursive: true });
}

async function compared() {
  const own = made('day.ndjson', RECORDS);
  const seen = [await measured(own, 'lines of our own form', { ours, parse, readline })];
  for (const [name, change] of Object.entries(forms)) {
    seen.push(await measured(changed(own, name, change), name, { ours, parse }));
  }
  const [first] = seen;
  const megabytesPerSecond = first['MB/s'];
  const overParse = first['over JSON.parse'];
  return {
    settings: { ...given, records: RECORDS },
    tables: [{ title: 'Lines of 800 bytes from a file, one thread', rows: seen }],
    ratios: seen.map((row) => ratio(`${row.lines}, over JSON.parse`, row['over JSON.parse'])),
    bounds: [
      // 150 MB/s, or no slower than parsing alone where that is less.
      megabytesPerSecond >= bounds.megabytesPerSecond
        ? atLeast('MB/s of our own form', megabytesPerSecond, bounds.megabytesPerSecond)
        : atLeast('our own form over JSON.parse', overParse, bounds.overParse),
    ],
  };
}

function changed(own, name, change) {
  const path = join(folder, `${Object.keys(forms).indexOf(name)}.ndjson`);
  const lines = readFileSync(own, 'utf8').trimEnd().split('\n');
  writeFileSync(
    path,
    lines.map((line) => `${JSON.stringify(change(JSON.parse(line)))}\n`).join(''),
  );
  return path;
}

/** Units: MB/s by the clock, processor seconds of all threads of the process. */
async function measured(path, lines, tasks) {
  const megabytes = statSync(path).size / 1e6;
  const sides = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, () => timedTask(() => task(path))]),
  );
  const mid = medians(await alternating(sides, given.runs));
  return {
    lines,
    'MB/s': megabytes / mid.ours.seconds,
    'MB/s of JSON.parse': megabytes / mid.parse.seconds,
    'MB/s of readline': megabytes / (mid.readline?.seconds ?? Number.NaN),
    'CPU s': mid.ours.cpuSeconds,
    'over JSON.parse': mid.parse.cpuSeconds / mid.ours.cpuSeconds,
  };
}

async function timedTask(task) {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  if ((await task()) !== RECORDS) throw new Error('a line was lost');
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 };
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
    for (const line of lines) if (JSON.parse(line).schema_version > 0) count += 1;
  }
  return count;
}

/** What most programs do. */
async function readline(path) {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (JSON.parse(line).schema_version > 0) count += 1;
  }
  return count;
}

async function large() {
  const rows = [];
  for (const name of ['large.ndjson', 'large.ndjson.gz']) {
    const path = made(name, LARGE_RECORDS);
    const args = ['replay', path, '--speed', 'max', '--to', 'stdout', '--progress', 'none'];
    const count = [...fraudstream, ...args].map((word) => `'${word}'`).join(' ');
    const { stdout, rssMib, seconds } = await timed(['sh', '-c', `${count} | wc -l`]);
    rows.push({ file: name, bytes: statSync(path).size, lines: Number(stdout), rssMib, seconds });
    rmSync(path);
  }
  return {
    settings: { records: LARGE_RECORDS },
    tables: [{ title: 'Large files through `replay --to stdout`', rows }],
    bounds: rows.flatMap(({ file, rssMib, lines }) => [
      atMost(`${file}, MiB`, rssMib, bounds.rssMib),
      atLeast(`${file}, lines`, lines, LARGE_RECORDS),
    ]),
  };
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
  const [node, program] = fraudstream;
  execFileSync(node, [program, ...args], { stdio: 'ignore' });
  return path;
}
