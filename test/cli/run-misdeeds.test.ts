import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { offlineModel } from '../../dist/pipeline-test/offline-model.js';
import { fraudstream, local } from '../support/fraudstream.ts';
import { type Misdeeds, pipelineStub } from '../support/pipeline-stub.ts';

const COUNT = 1_000;
/** Of a verdict that has to be late: more than the machine delays the others, however busy. */
const DELAY_MS = 15_000;
let kinesis: EmbeddedKinesis;
let lines: readonly string[] = [];
let ids: readonly string[] = [];
let cards: readonly string[] = [];
let scores: ReadonlyMap<string, number>;

const rows = [
  'nothing',
  'drop',
  'double',
  'contradict',
  'delay',
  'flip',
  'fail',
  'reject',
  'swap',
  'invent',
  'all',
];

before(async () => {
  const streams = rows.flatMap((row) => [
    [`${row}-in`, 2],
    [`${row}-out`, 2],
    [`${row}-dead`, 1],
  ]);
  kinesis = await startEmbeddedKinesis({ streams: Object.fromEntries(streams) });
  const { out } = await fraudstream(['generate', '--count', String(COUNT), '--seed', '5']);
  lines = out.trimEnd().split('\n');
  const transactions = lines.map((line) => JSON.parse(line));
  ids = transactions.map(({ transaction_id: id }) => id);
  cards = transactions.map(({ card_id: card }) => card);
  const offline = await offlineModel(undefined, 'public');
  const records = lines.map((line, place) => ({
    id: ids[place] ?? '',
    partitionKey: cards[place] ?? '',
    data: Buffer.from(line),
  }));
  const expected = offline.expected(records);
  scores = new Map(ids.map((id, place) => [id, expected[place] ?? 0]));
});
after(() => kinesis.close());

const some = (from: number, count: number): readonly string[] => ids.slice(from, from + count);

/** So many ids after which their cards have no other: a delay puts nothing out of order. */
const lastOfTheirCards = (count: number): readonly string[] =>
  ids.filter((_, place) => cards.lastIndexOf(cards[place] ?? '') === place).slice(0, count);

/** So many pairs of neighbours on one card, each id apart from all others; the first waits for the second. */
function pairsOfOneCard(count: number): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  const used = new Set<string>();
  for (let place = 500; place < COUNT && pairs.size < count; place += 1) {
    const card = cards[place] ?? '';
    const next = cards.indexOf(card, place + 1);
    if (next < 0 || used.has(card)) continue;
    used.add(card);
    pairs.set(ids[place] ?? '', ids[next] ?? '');
  }
  return pairs;
}

/** What is done to how many, and what the report says of it: `correlation` and the parity of features. */
const table: readonly (readonly [
  string,
  () => Misdeeds,
  Readonly<Record<string, number>>,
  number,
])[] = [
  ['nothing', () => ({}), { matched: COUNT }, 0],
  ['drop', () => ({ drop: some(0, 17) }), { matched: COUNT - 17, missing: 17 }, 75],
  ['double', () => ({ double: some(20, 13) }), { matched: COUNT, identical: 13 }, 0],
  ['contradict', () => ({ contradict: some(40, 11) }), { matched: COUNT, contradicting: 11 }, 0],
  [
    'delay',
    () => ({ delay: lastOfTheirCards(7), delayMs: DELAY_MS }),
    { matched: COUNT - 7, late: 7 },
    0,
  ],
  ['flip', () => ({ flip: some(80, 19) }), { matched: COUNT, skewed: 19 }, 0],
  ['fail', () => ({ fail: some(100, 5) }), { matched: COUNT - 5, unscored: 5 }, 75],
  ['reject', () => ({ reject: some(120, 9) }), { matched: COUNT - 9, rejected: 9 }, 75],
  ['swap', () => ({ swap: pairsOfOneCard(6) }), { matched: COUNT, out_of_order: 6 }, 0],
  ['invent', () => ({ invent: ['X1', 'X2', 'X3'] }), { matched: COUNT, unknown: 3 }, 0],
  [
    'all',
    () => ({
      drop: some(0, 17),
      double: some(20, 13),
      contradict: some(40, 11),
      flip: some(80, 19),
      fail: some(100, 5),
      reject: some(120, 9),
      swap: pairsOfOneCard(6),
      invent: ['X1', 'X2', 'X3'],
    }),
    {
      matched: COUNT - 17 - 5 - 9,
      missing: 17,
      identical: 13,
      contradicting: 11,
      skewed: 19,
      unscored: 5,
      rejected: 9,
      out_of_order: 6,
      unknown: 3,
    },
    75,
  ],
];

const troubles = [
  'matched',
  'late',
  'unscored',
  'rejected',
  'undelivered',
  'missing',
  'identical',
  'contradicting',
  'out_of_order',
  'unknown',
  'repeated_ids',
] as const;

describe('the report names exactly what the pipeline was told to do', { concurrency: 4 }, () => {
  for (const [what, misdeeds, wanted, code] of table) {
    test(`${what}: ${JSON.stringify(wanted)}`, async () => {
      const names = [`${what}-in`, `${what}-out`, `${what}-dead`] as const;
      const done = misdeeds();
      const stub = await pipelineStub(kinesis.url, names, scores, done);
      const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
      const flags = [
        ...['--stream', names[0], '--verdict-stream', names[1], '--reject-stream', names[2]],
        ...['--input', '-', '--rate', '1k/s', '--parity', 'shipped'],
        // A busy machine makes nothing late, and misses nothing.
        ...(what === 'delay' ? ['--late-after', '10s'] : ['--late-after', '10m']),
        ...['--drain', '25s'],
        ...['--output', 'json', '--progress', 'none'],
      ];
      const ended = await fraudstream(['run', ...flags], env, `${lines.join('\n')}\n`);
      await stub.close();
      assert.equal(ended.code, code, ended.err);
      const { correlation, parity, rejects_by_reason: reasons } = JSON.parse(ended.out);
      const found = { ...correlation, skewed: parity.features.skewed };
      const counts = [...troubles, 'skewed'].flatMap((name) =>
        found[name] > 0 ? [[name, found[name]]] : [],
      );
      assert.deepEqual(Object.fromEntries(counts), wanted);
      assert.equal(correlation.acknowledged, COUNT);
      if (what !== 'all') return;
      assert.deepEqual(reasons, [{ code: 'bad_data', count: 9 }]);
      const { examples } = correlation;
      assert.ok(examples.missing.every((id: string) => done.drop?.includes(id)));
      assert.deepEqual([...examples.unknown].sort(), ['X1', 'X2', 'X3']);
      assert.deepEqual([...examples.out_of_order].sort(), [...(done.swap?.keys() ?? [])].sort());
    });
  }
});
