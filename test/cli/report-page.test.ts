import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { browser, whyNoBrowser as skip } from '../support/chromium.ts';
import { fraudstream } from '../support/fraudstream.ts';

let folder: string;
let url: string;
let chromium: Browser;

before(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-page-'));
  const file = join(folder, 'run.html');
  const run = ['run', '--local', '--seed', '7', '--rate', '2k/s', '--duration', '4s'];
  const { code, err } = await fraudstream([
    ...run,
    '--report',
    file,
    '--fail-if',
    'matched < 100%',
  ]);
  assert.equal(code, 0, err);
  url = pathToFileURL(file).href;
  chromium = await browser();
});
after(async () => {
  if (skip) return;
  await chromium.close();
  await rm(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Opens the page and notes whatever it complains of, or asks the network for. */
async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Opened> {
  const page = await chromium.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  await page.goto(url);
  return { page, complaints };
}

const textOf = (page: Page, at: string): Promise<string> =>
  page.locator(`[data-at="${at}"]`).first().innerText();

test('the page opens without a complaint and without a request, wide, narrow, light and dark', {
  skip,
}, async () => {
  for (const width of [1280, 400]) {
    for (const scheme of ['light', 'dark'] as const) {
      const { page, complaints } = await open(width, scheme);
      const drawn = await page.locator('.chart canvas').count();
      assert.ok(drawn >= 7, `${drawn} charts at ${width}`);
      const scrolls = await page.evaluate('document.documentElement.scrollWidth');
      assert.ok(Number(scrolls) <= width, `${scrolls} wide at ${width}`);
      assert.deepEqual(complaints, []);
      await page.close();
    }
  }
});

test('the answer comes first, and the map shows frauds', { skip }, async () => {
  const { page } = await open(1280, 'light');
  assert.match(await page.locator('.result').innerText(), /^Passed exit code 0/);
  assert.ok((await page.locator('.map circle').count()) > 0);
  await page.close();
});

test('moving the threshold by keyboard counts the matrix anew, and a button brings it back', {
  skip,
}, async () => {
  const { page } = await open(1280, 'light');
  const counts = async (): Promise<number[]> => {
    const texts = await Promise.all(['tp', 'fp', 'fn', 'tn'].map((at) => textOf(page, at)));
    return texts.map((text) => Number(text.replaceAll(',', '')));
  };
  const before = await counts();
  const all = before.reduce((sum, count) => sum + count, 0);
  await page.locator('#threshold').focus();
  await page.keyboard.press('Home');
  const [tp = 0, fp = 0, fn, tn] = await counts();
  assert.deepEqual([fn, tn, tp + fp], [0, 0, all]);
  assert.equal(await textOf(page, 'recall'), '100.0 %');
  await page.keyboard.press('End');
  const [, , missed = 0, rightly = 0] = await counts();
  assert.ok(missed + rightly >= all - 1);
  await page.locator('[data-threshold]').first().focus();
  await page.keyboard.press('Enter');
  const again = await counts();
  // The slider has steps of 0.0005; the figures of the run are exact.
  for (const [place, count] of again.entries()) {
    assert.ok(Math.abs(count - (before[place] ?? 0)) <= all * 0.01, `${again} after ${before}`);
  }
  await page.close();
});

test('the button turns day into night and back, reached by the first tab', { skip }, async () => {
  const { page, complaints } = await open(1280, 'light');
  const paper = (): Promise<unknown> =>
    page.evaluate('getComputedStyle(document.body).backgroundColor');
  const day = await paper();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.id'), 'theme');
  await page.keyboard.press('Enter');
  const night = await paper();
  assert.notEqual(night, day);
  assert.equal(await page.locator('#theme').getAttribute('aria-pressed'), 'true');
  await page.keyboard.press('Enter');
  assert.equal(await paper(), day);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.close();
  const dark = await open(1280, 'dark');
  assert.equal(await dark.page.evaluate('getComputedStyle(document.body).backgroundColor'), night);
  await dark.page.close();
  assert.deepEqual([...complaints, ...dark.complaints], []);
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures');

/** A search of three rates, of which the last one broke. */
const search = {
  ...{ schema_version: 2, command: 'search', target: 'an endpoint' },
  outcome: { passed: true, exit_code: 0, reasons: [] },
  search: {
    ...{ capacity_per_second: 200, broken_at_per_second: 400, goodput_per_second: 199 },
    ...{ knee_per_second: 100, is_ours: false, is_stopped: false },
    trials: [100, 200, 400].map((rate) => ({
      ...{ target_per_second: rate, is_kept: rate < 400, agreeing: 1, tries: 1 },
      ...{ achieved_per_second: rate, good_per_second: rate, errors_share: 0 },
      ...{ p50_ms: 5, p99_ms: rate, is_ours: false },
      ...(rate === 400 && { why: 'probe.response.p99 >= 300ms (400 ms)' }),
    })),
  },
};

/** The pages of this test by their names: of a run, a search, a validation, and of statistics. */
async function pages(): Promise<ReadonlyMap<string, string>> {
  const file = (name: string): string => join(folder, name);
  await writeFile(file('search.json'), JSON.stringify(search));
  await writeFile(file('bad.ndjson'), '{"transaction_id":1}\nno JSON\n');
  const calls: readonly (readonly [string, readonly string[]])[] = [
    ['search', ['report', file('search.json'), '--to', file('search.html')]],
    [
      'score',
      ['report', join(fixtures, 'report', 'score.version-1.json'), '--to', file('score.html')],
    ],
    ['validate', ['validate', file('bad.ndjson'), '--report', file('validate.html')]],
    [
      'stats',
      ['generate', '--count', '300', '--seed', '1', '--stats', '--html', file('stats.html')],
    ],
  ];
  for (const [name, words] of calls) {
    const { err } = await fraudstream(words);
    assert.doesNotMatch(err, /^fraudstream:/, name);
  }
  const urls = calls.map(([name]) => [name, pathToFileURL(file(`${name}.html`)).href] as const);
  return new Map([['run', url], ...urls]);
}

test('axe finds no violation on any page, light, dark and narrow; no column is out of sight', {
  skip,
}, async () => {
  const context = await chromium.newContext();
  for (const [name, address] of await pages()) {
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [400, 'dark'],
    ] as const) {
      const page = await context.newPage();
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.goto(address);
      await page.evaluate(axe);
      const violations = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))',
      );
      assert.deepEqual(violations, [], `${name} at ${width}`);
      const hidden = await page.evaluate(
        '[...document.querySelectorAll("details:not([open]) .table, .table")].filter((table) => table.scrollWidth > table.clientWidth + 1).map((table) => table.innerText.slice(0, 80))',
      );
      assert.deepEqual(hidden, [], `${name} at ${width}`);
      await page.close();
    }
  }
  await context.close();
});

test('a page says how to run it again, and what the circles of its map are', { skip }, async () => {
  const { page } = await open(1280, 'light');
  assert.match(
    await page.locator('.command').innerText(),
    /^fraudstream run --local --rate 2k\/s --duration 4s --seed 7 --fail-if 'matched < 100%' --report /,
  );
  assert.match(await page.locator('.legend').innerText(), /all frauds.*found.*area by count/s);
  assert.match(await page.locator('main').innerText(), /memory\s+[\d.]+ GB/);
  assert.match(await page.locator('main').innerText(), /Latency over time, put to verdict/);
  await page.close();
});

test('a page that is printed is light, in full, and has no controls', { skip }, async () => {
  const { page } = await open(1280, 'dark');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate('dispatchEvent(new Event("beforeprint"))');
  assert.equal(await page.evaluate('document.documentElement.style.colorScheme'), 'light');
  assert.equal(await page.locator('details:not([open])').count(), 0);
  assert.equal(await page.locator('button:visible, .slider:visible').count(), 0);
  await page.close();
});
