import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { qualityText } from '../report/text/scoring-text.ts';
import { Quality, type QualitySummary } from './quality.ts';

interface Case {
  readonly name: string;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  readonly cards?: readonly string[];
  readonly days?: readonly number[];
  readonly expected: Readonly<Record<string, number | null>>;
}

const path = join(import.meta.dirname, '..', '..', 'fixtures', 'quality', 'vectors.json');
const cases: readonly Case[] = JSON.parse(readFileSync(path, 'utf8'));

const DAY_MS = 86_400_000;

function summaryOf({
  labels,
  scores,
  cards,
  days,
}: Omit<Case, 'name' | 'expected'>): QualitySummary {
  const quality = new Quality(0.5, { missedFraud: 100, falseAlarm: 3 });
  for (const [index, score] of scores.entries()) {
    const cardId = cards?.[index];
    const use =
      cardId === undefined ? undefined : { cardId, eventAt: (days?.[index] ?? 0) * DAY_MS };
    quality.add(score, labels[index] === 1, use);
  }
  return quality.summary();
}

for (const one of cases) {
  test(`as scikit-learn says: ${one.name}`, () => {
    const actual = summaryOf(one);
    const cardPrecision = actual.cards?.precision;
    const summary: Readonly<Record<string, unknown>> = { ...actual, cardPrecision };
    for (const [figure, expected] of Object.entries(one.expected)) {
      const seen = summary[figure] as number;
      if (expected === null) assert.ok(Number.isNaN(seen), `${figure} is ${seen}`);
      else assert.ok(Math.abs(seen - expected) < 1e-9, `${figure} is ${seen}, not ${expected}`);
    }
  });
}

test('the order of arrival changes nothing', () => {
  const [first] = cases;
  assert.ok(first);
  const turned = { labels: [...first.labels].reverse(), scores: [...first.scores].reverse() };
  assert.deepEqual(summaryOf(turned), summaryOf(first));
});

test('without frauds or without anything there are no ratios, and the text says so', () => {
  for (const scores of [[], [0.2, 0.7]]) {
    const summary = summaryOf({ labels: scores.map(() => 0), scores });
    assert.ok(Number.isNaN(summary.recall) && Number.isNaN(summary.rocAuc));
    assert.match(qualityText(summary, summary).join('\n'), /recall –/);
  }
});

test('of more scores than can be kept, figures are those of a fine grid', () => {
  const exact = new Quality(0.5, { missedFraud: 100, falseAlarm: 3 });
  const scores = Array.from({ length: 60_000 }, (_, index) => (index * 0.618_033_988_7) % 1);
  for (const score of scores) exact.add(score, score * score > (score * 7919) % 1);
  const { scores: kept, ...summary } = exact.summary();
  assert.equal(kept.resolution, 0.0001);
  assert.ok(kept.score.length <= 10_001);
  assert.equal(
    summary.truePositives + summary.falsePositives,
    scores.filter((s) => s >= 0.5).length,
  );
  assert.ok(summary.rocAuc > 0.5 && summary.rocAuc < 1);
});

test('what got no score counts as if it had one below all others', () => {
  const costs = { missedFraud: 100, falseAlarm: 3 };
  const [actual, lowest, scored] = [
    new Quality(0.5, costs),
    new Quality(0.5, costs),
    new Quality(0.5, costs),
  ];
  for (let index = 0; index < 300; index += 1) {
    const score = ((index * 37) % 100) / 100;
    const isFraud = (index * 7) % 11 === 0;
    const isScored = index % 5 !== 0;
    if (isScored) actual.add(score, isFraud);
    else actual.addUnscored(isFraud);
    lowest.add(isScored ? score : -1, isFraud);
    if (isScored) scored.add(score, isFraud);
  }
  const summary = actual.summary();
  assert.ok(summary.missedUnscored > 0 && summary.unscoredGenuine > 0);
  const same: Readonly<Record<string, unknown>> = { ...lowest.summary() };
  for (const [name, value] of Object.entries(actual.summary())) {
    // No threshold finds what has no score.
    if (typeof value !== 'number' || /^best|nscored/.test(name)) continue;
    const other = same[name] as number;
    assert.ok(Math.abs(value - other) < 1e-9, `${name} is ${value}, not ${other}`);
  }
  assert.deepEqual(actual.summaryOfScored(), scored.summaryOfScored());
});
