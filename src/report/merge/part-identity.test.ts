import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from '../document/outcome.ts';
import type { ReportDocument } from '../document/report-document.ts';

import { reportText } from '../text/report-text.ts';
import { mergedDocument } from './merge-reports.ts';

type Settings = Readonly<Record<string, string>>;

let runs = 0;
/** A report of one run with these settings. */
function report(settings: Settings, sections: Partial<ReportDocument> = {}): ReportDocument {
  runs += 1;
  const { seed = '7', ...others } = settings;
  const configuration = Object.entries({ seed, cards: '10k', ...others }).map(([name, value]) => ({
    ...{ name, value, source: 'flag' },
  }));
  const source = { seed: Number(seed), rejected_lines: 0 };
  return {
    schema_version: 2,
    command: 'run',
    target: `${runs}`,
    source,
    configuration,
    ...sections,
  };
}
const slice = (partition: string, settings: Settings = {}): ReportDocument =>
  report({ partition, ...settings });
const misfits = (...documents: readonly ReportDocument[]): readonly string[] =>
  mergedDocument(documents).merged?.misfits ?? [];

const late = (span: string, partition: string): ReportDocument =>
  slice(partition, { 'late-after': span });
const input = (sent: number, settings: Settings = {}): ReportDocument =>
  report(settings, {
    source: { input: 'day.ndjson', rejected_lines: 0 },
    correlation: { sent } as ReportDocument['correlation'] & object,
  });

const whole = [
  ['all slices of a world', [slice('1/3'), slice('2/3'), slice('3/3')]],
  ['slices of different sizes that make a whole', [slice('1/2'), slice('2/4'), slice('4/4')]],
  ['worlds of different seeds', [report({ seed: '7' }), report({ seed: '8' })]],
  ['one definition in two spellings', [late('10s', '1/2'), late('10000ms', '2/2')]],
  ['different inputs of one name', [input(10), input(11)]],
  ['one input in two selections', [input(9, { limit: '9' }), input(9, { from: 'x' })]],
] as const;
for (const [what, documents] of whole) {
  test(`${what}: one whole load`, () => {
    assert.deepEqual(misfits(...documents), []);
    assert.equal(outcomeOf(mergedDocument(documents)).passed, true);
  });
}

const broken = [
  ['an absent slice', [slice('1/3'), slice('3/3')], /^absent of seed 7: part 2\/3$/],
  ['two absent slices', [slice('1/4'), slice('3/4')], /^absent of seed 7: part 2\/4, part 4\/4$/],
  [
    'slices of different seeds',
    [slice('1/2'), slice('2/2', { seed: '8' })],
    /^absent of seed 7: part 2\/2; absent of seed 8: part 1\/2$/,
  ],
  ['a slice twice', [slice('1/2'), slice('2/2'), slice('2/2')], /^part 2\/2 of seed 7 occurs more/],
  ['a slice and the whole', [slice('1/3'), report({})], /^part 1\/3 and the whole world of seed 7/],
  [
    'slices that overlap',
    [slice('1/2'), slice('2/2'), slice('1/3')],
    /^part 1\/2 and part 1\/3 of seed 7 overlap.*; part 2\/2 and part 1\/3 of seed 7 overlap/,
  ],
  ['the whole twice', [report({}), report({})], /^the whole world of seed 7 occurs more than/],
  [
    'slices of different worlds',
    [slice('1/2'), slice('2/2', { cards: '20k' })],
    /^--cards of seed 7 differs: 10000, 20000$/,
  ],
  [
    'other windows of time',
    [slice('1/2', { duration: '30s' }), slice('2/2', { duration: '60s' })],
    /^--duration of seed 7 differs: 30000ms, 60000ms$/,
  ],
  ['other definitions', [late('10s', '1/2'), late('5s', '2/2')], /^--late-after differs: 10000ms/],
  [
    'a definition that only one has',
    [slice('1/2', { threshold: '0.5' }), slice('2/2')],
    /^--threshold differs: 0\.5, not set$/,
  ],
  ['one input twice', [input(10), input(10)], /^input day\.ndjson occurs more than once/],
] as const;
for (const [what, documents, said] of broken) {
  test(`${what}: named in the first line, exit code 65`, () => {
    assert.match(misfits(...documents).join('; '), said);
    const merged = mergedDocument(documents);
    const { passed, exit_code: code, reasons } = outcomeOf(merged);
    assert.deepEqual([passed, code], [false, 65]);
    assert.deepEqual(reasons, merged.merged?.misfits);
    const [title = ''] = reportText(merged);
    assert.ok(title.includes(`NOT ONE WHOLE LOAD (${reasons.join('; ')})`), title);
  });
}

test('a merged report that lacks a slice is whole once that is merged in', () => {
  const some = mergedDocument([slice('1/3'), slice('3/3')]);
  assert.equal(outcomeOf(some).exit_code, 65);
  const all = mergedDocument([JSON.parse(JSON.stringify(some)), slice('2/3')]);
  assert.equal(all.merged?.misfits, undefined);
  assert.equal(all.merged?.parts?.length, 3);
  assert.equal(outcomeOf(all).passed, true);
});

test('reports that say nothing of settings are merged as they are', () => {
  const bare = { schema_version: 2, command: 'run', seed: 7 } as const;
  assert.deepEqual(misfits(bare, bare), []);
});

test('bad lines of the parts are bad lines of the whole', () => {
  const lines = (rejected: number): ReportDocument => ({
    ...slice(`${rejected}/2`),
    source: { seed: 7, rejected_lines: rejected },
  });
  const merged = mergedDocument([lines(1), lines(2)]);
  assert.deepEqual(merged.source, { seed: 7, rejected_lines: 3 });
  assert.equal(outcomeOf(merged).exit_code, 65);
});
