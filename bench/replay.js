/**
 * How punctual a replay is: the time from the instant a record was due to the instant it left.
 *
 * Run `npm run build && node bench/replay.js`: JSON on stdout, exit code 1 when a bound is broken. Records
 * spread evenly over event time go through the real command line to a pipe, at several rates.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternating, atMost, medians, publish, settings } from './support/benchmark.js';

const given = settings({ runs: 3, seconds: 3 }, { runs: 5, seconds: 5 });
const bounds = { p99Ms: 2 };
const program = join(import.meta.dirname, '..', 'bin', 'fraudstream');
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-bench-'));

try {
  const rows = [];
  for (const perSecond of [100, 1_000, 10_000]) {
    const path = recording(perSecond);
    const { replay } = medians(await alternating({ replay: () => punctuality(path) }, given.runs));
    rows.push({
      'records/s': perSecond,
      'p50 ms': replay.p50_ms,
      'p99 ms': replay.p99_ms,
      'most ms': replay.max_ms,
    });
  }
  publish({
    settings: given,
    tables: [{ title: 'From the instant due to the instant a record left', rows }],
    bounds: rows.map((row) =>
      atMost(`p99 ms at ${row['records/s']}/s`, row['p99 ms'], bounds.p99Ms),
    ),
  });
} finally {
  rmSync(folder, { recursive: true });
}

/** A file whose records are as far apart as the rate says. */
function recording(perSecond) {
  const path = join(folder, `${perSecond}.ndjson`);
  const count = perSecond * given.seconds;
  const args = ['generate', '--count', String(count), '--seed', '1', '--manifest', 'none'];
  execFileSync(process.execPath, [program, ...args, '--out', path], { stdio: 'ignore' });
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const from = Date.UTC(2026, 0, 1);
  const spread = lines.map((line, index) => {
    const at = new Date(from + Math.round((index * 1000) / perSecond)).toISOString();
    return line.replace(/"event_time":"[^"]+"/, `"event_time":"${at}"`);
  });
  writeFileSync(path, spread.join('\n'));
  return path;
}

function punctuality(path) {
  const report = join(folder, 'report.json');
  const args = ['replay', path, '--to', 'stdout', '--progress', 'none', '--report', report];
  execFileSync(process.execPath, [program, ...args], { stdio: 'ignore' });
  return JSON.parse(readFileSync(report, 'utf8')).punctuality;
}
