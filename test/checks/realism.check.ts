import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const mustRun = process.env.FRAUDSTREAM_REQUIRE_ALL === '1';
const needs = 'import lightgbm, numpy, orjson, scipy, sklearn';
const isReady = spawnSync(python, ['-c', needs]).status === 0;
const skip =
  isReady || mustRun
    ? false
    : `${python} lacks LightGBM, scikit-learn, SciPy or orjson: pip install -r test/python/requirements.txt`;
const COUNT = 1_000_000;
const SEED = 1;

/** The sentences of the checks. Source: research on realism, R1 to R13; docs/world.md. */
const checks: Readonly<Record<string, string>> = {
  R1: 'no field alone tells fraud',
  R2: 'no value is of fraud alone',
  R3: 'a good model finds fraud, not all of it, and a linear one less',
  R4: 'every kind of fraud can be found but for the friendly kind, and none is trivial',
  R5: 'where a request comes from is worth knowing',
  R6: 'shuffled labels, identifiers and milliseconds tell nothing',
  R7: 'amounts are distributed as their category declares, and begin with 1 as often as amounts do',
  R8: 'people pay by their own clock',
  R9: 'cards are no Poisson processes of one rate',
  R10: 'few merchants have most customers',
  R11: 'what is bought hangs on the clock a little, and never wholly',
  R12: 'the share of fraud is the one asked for',
  R13: 'as much is declined as in life',
};

describe(`a world of ${COUNT} transactions`, { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fraudstream-realism-'));
  let found: Record<string, { readonly holds: boolean }> = {};

  before(async () => {
    const transactions = join(folder, 'transactions.ndjson');
    const constants = join(folder, 'constants.json');
    const told = spawn(process.execPath, [join(root, 'scripts', 'world-constants.js')], {
      stdio: ['ignore', openSync(constants, 'w'), 'inherit'],
    });
    await once(told, 'exit');
    const bin = join(root, 'bin', 'fraudstream');
    const args = ['generate', '--count', `${COUNT}`, '--seed', `${SEED}`, '--labels', 'inline'];
    const made = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const located = spawn(process.execPath, [join(root, 'scripts', 'with-ip-country.js')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await Promise.all([
      pipeline(made.stdout, located.stdin),
      pipeline(located.stdout, createWriteStream(transactions)),
    ]);
    const harness = join(root, 'test', 'python', 'realism');
    // Threads that wait for one another by turning cost more than they bring on two cores.
    const env = { ...process.env, OMP_NUM_THREADS: '1' };
    const said = execFileSync(python, [harness, transactions, constants], {
      encoding: 'utf8',
      env,
    });
    found = JSON.parse(said);
    console.log(JSON.stringify(found));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [check, sentence] of Object.entries(checks)) {
    test(`${check}: ${sentence}`, () => {
      assert.ok(found[check]?.holds, JSON.stringify(found[check]));
    });
  }
});
