/**
 * Runs benchmarks: one by its name, or all of them.
 *
 *     npm run bench codec -- --runs 3        one; what follows the name goes to it
 *     npm run bench                          all, with their peers: writes docs/performance.json and the tables of the pages
 *     npm run bench -- --only codec,start     these again; the others keep their results
 *     npm run bench -- --full                more runs and records, for figures to publish
 *     npm run bench -- --against FILE        all, and compares each ratio with that of FILE: a loss over 10 % ends with 1
 *     npm run bench -- --out FILE            writes the results there, and no page
 *
 * Without `--against` the exit code is 1 when a bound is missed or a benchmark failed.
 */
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { losses, missed } from './performance/compare.js';
import { fillPages, resultsPath } from './performance/pages.js';

const folder = join(import.meta.dirname, '..', 'bench');
const LIMIT_MS = 1_800_000;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -'.js'.length));
const [name] = process.argv.slice(2);
if (name === undefined || name.startsWith('--')) await all();
else one(name, process.argv.slice(3));

function one(benchmark, args) {
  if (names.includes(benchmark)) {
    const { status } = spawnSync(process.execPath, words(benchmark, args), { stdio: 'inherit' });
    process.exitCode = status ?? 1;
  } else {
    console.error(`There is no benchmark ${benchmark}. Name one of these: ${names.join(', ')}.`);
    process.exitCode = 2;
  }
}

function words(benchmark, args) {
  const gc = benchmark === 'correlation' ? ['--expose-gc'] : [];
  return [...gc, join(folder, `${benchmark}.js`), ...args];
}

async function all() {
  const { only, full, against, out } = flags();
  // Read first: it may be the file that is written.
  const before = against === undefined ? undefined : read(against);
  const results = only === undefined ? {} : read(out, {});
  const failed = await runInto(results, only ?? names, full ? ['--full'] : [], out);
  if (out === resultsPath) fillPages();
  const findings = before === undefined ? missed(results) : losses(before, results);
  for (const line of [...failed, ...findings]) console.error(line);
  process.exitCode = failed.length + findings.length > 0 ? 1 : 0;
}

/** The errors of those that failed; the file is written after each, so that a stop loses nothing. */
async function runInto(results, benchmarks, args, out) {
  const failed = [];
  for (const each of benchmarks) {
    const { result, error } = await run(each, args);
    if (result === undefined) failed.push(`${each} failed: ${error}`);
    else results[each] = result;
    console.error(`${each}: ${result === undefined ? 'failed' : summary(result)}`);
    writeFileSync(out, `${JSON.stringify(sorted(results), undefined, 2)}\n`);
  }
  return failed;
}

function flags() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      full: { type: 'boolean' },
      against: { type: 'string' },
      out: { type: 'string', default: resultsPath },
    },
  });
  const only = values.only?.split(',');
  const unknown = only?.find((each) => !names.includes(each));
  if (unknown !== undefined) {
    throw new Error(
      `--only ${unknown}: there is no such benchmark. Name some of ${names.join(', ')}.`,
    );
  }
  return { ...values, only };
}

/** A missed bound ends a benchmark with 1, and its result is printed all the same. */
async function run(benchmark, args) {
  const options = { timeout: LIMIT_MS, maxBuffer: 2 ** 26 };
  const ended = promisify(execFile)(process.execPath, words(benchmark, args), options);
  const { stdout, stderr, killed } = await ended.catch((error) => error);
  if (killed) return { error: `stopped after ${LIMIT_MS / 60_000} minutes` };
  try {
    return { result: JSON.parse(stdout) };
  } catch {
    return { error: String(stderr).trim().split('\n').slice(-3).join(' ') };
  }
}

function summary({ tables, bounds, skipped }) {
  const met = bounds.filter(({ isMet }) => isMet).length;
  const figures =
    tables.length === 0 ? 'not measured' : `${met} of ${bounds.length} bounds are met`;
  return [figures, ...skipped.map((why) => `skipped: ${why}`)].join('; ');
}

function read(path, missing) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' && missing !== undefined) return missing;
    throw error;
  }
}

function sorted(results) {
  return Object.fromEntries(Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1)));
}
