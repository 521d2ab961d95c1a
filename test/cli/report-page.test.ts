import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
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
