import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const root = new URL('../../', import.meta.url);
const { filled, pagePaths, plotsOf, resultsPath, unshown } = await import(
  new URL('scripts/performance/pages.js', root).href
);
const { losses } = await import(new URL('scripts/performance/compare.js', root).href);

async function pages(): Promise<readonly string[]> {
  return Promise.all(pagePaths.map((path: string) => readFile(path, 'utf8')));
}

async function results(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(resultsPath, 'utf8'));
}

test('the tables and plots of docs/performance*.md are those of docs/performance.json', async () => {
  const from = await results();
  for (const page of await pages()) assert.equal(page, filled(page, from));
  for (const { path, svg } of plotsOf(from)) assert.equal(await readFile(path, 'utf8'), svg);
});

test('each benchmark has its tables on a page, and each table a benchmark', async () => {
  const names = (await readdir(new URL('bench/', root)))
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.slice(0, -3));
  const text = await pages();
  assert.deepEqual(unshown(text, Object.fromEntries(names.map((name) => [name, {}]))), []);
  assert.deepEqual(
    Object.keys(await results()).filter((name) => !names.includes(name)),
    [],
  );
  const shown = text.flatMap((page) =>
    [...page.matchAll(/<!-- bench:([\w-]+) -->/g)].map(([, name]) => name),
  );
  assert.deepEqual(shown.filter((name) => name !== 'bounds').sort(), names.sort());
});

const ratios = (...all: readonly (readonly [string, number | null, string])[]): object => ({
  codec: { ratios: all.map(([ratio, value, better]) => ({ ratio, value, better })) },
});

test('a ratio that loses more than a tenth is found, whichever direction is better', () => {
  const before = ratios(['speed', 2, 'higher'], ['memory', 0.5, 'lower']);
  assert.deepEqual(
    losses(before, ratios(['speed', 1.81, 'higher'], ['memory', 0.54, 'lower'])),
    [],
  );
  assert.deepEqual(losses(before, ratios(['speed', 1.79, 'higher'], ['memory', 0.56, 'lower'])), [
    'codec: "speed" was 2 and is 1.79, a loss of 10.5 %',
    'codec: "memory" was 0.5 and is 0.56, a loss of 12.0 %',
  ]);
});

test('a ratio that is not measured any more is found, one that was not measured before is not', () => {
  const some = ratios(['speed', 2, 'higher']);
  const line = 'codec: "speed" was 2 and is not measured now';
  assert.deepEqual(losses(some, ratios(['speed', null, 'higher'])), [line]);
  assert.deepEqual(losses(some, ratios()), [line]);
  assert.deepEqual(losses(ratios(['speed', null, 'higher']), some), []);
});

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

async function bench(...args: readonly string[]): Promise<Ended> {
  const script = new URL('scripts/bench.js', root).pathname;
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, _stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stderr });
    });
  });
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'fraudstream-bench-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

test('bench --against ends with 1 where a ratio was better, with 0 where it was not', async (t) => {
  // The benchmark of goodput runs in virtual time: the same ratio on any machine.
  const [before, now] = ['before.json', 'now.json'].map(async (name) =>
    join(await folder(t), name),
  );
  const [old = '', out = ''] = await Promise.all([before, now]);
  const first = await bench('--only', 'goodput', '--out', old);
  assert.equal(first.code, 0, first.stderr);
  const same = await bench('--only', 'goodput', '--out', out, '--against', old);
  assert.equal(same.code, 0, same.stderr);
  const better = JSON.parse(await readFile(old, 'utf8'));
  better.goodput.ratios[0].value *= 2;
  await writeFile(old, JSON.stringify(better));
  const worse = await bench('--only', 'goodput', '--out', out, '--against', old);
  assert.equal(worse.code, 1);
  assert.match(worse.stderr, /goodput: "score over a closed loop at 1x" was .*, a loss of 50.0 %/);
});

test('bench names the benchmarks where there is none of a name', async () => {
  for (const args of [['codecs'], ['--only', 'codecs']]) {
    const { code, stderr } = await bench(...args);
    assert.notEqual(code, 0);
    assert.match(stderr, /codecs: there is no such benchmark|There is no benchmark codecs/);
    assert.match(stderr, /codec, consume/);
  }
});
