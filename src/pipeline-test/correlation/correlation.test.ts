import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CorrelationCounts, Match, Unjudged } from '../../metrics/match.ts';
import { Correlation } from './correlation.ts';

const settings = { lateAfterMs: 1_000, forgetAfterMs: 60_000, isOrdered: true, isAlone: true };

const nothing = { recomputed: Number.NaN, cardId: 'card', eventAt: 0 };

interface Desk {
  readonly correlation: Correlation;
  readonly matches: Match[];
  send(id: string, card?: string): void;
  put(id: string, at?: number, isAgain?: boolean): void;
  judge(id: string, at?: number, score?: number): void;
}

function desk(): Desk {
  const matches: Match[] = [];
  const correlation = new Correlation(settings, (match) => matches.push(match));
  return {
    correlation,
    matches,
    send: (id, cardId = 'card') =>
      correlation.sent({
        id,
        cardId,
        dueAt: 0,
        isFraud: false,
        scenario: undefined,
        country: undefined,
        expected: 0.5,
      }),
    put: (id, at = 10, isAgain = false) => correlation.acknowledged(id, at, true, isAgain),
    judge: (id, at = 20, score = 0.5) =>
      correlation.judged({
        ...nothing,
        id,
        score,
        error: undefined,
        arrivedAt: at,
        readAt: at + 1,
      }),
  };
}

/** Counts that are not zero, `sent` and `acknowledged` left out. */
function troubles({ correlation }: Desk): Record<string, number> {
  const {
    examples: _,
    sent: __,
    acknowledged: ___,
    settled: ____,
    ...counts
  } = correlation.summary();
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function conserved(counts: CorrelationCounts): boolean {
  const { matched, late, unscored, rejected, undelivered, missing, outstanding } = counts;
  return counts.sent === matched + late + unscored + rejected + undelivered + missing + outstanding;
}

const judged =
  (...ids: readonly string[]) =>
  (at: Desk): void => {
    for (const id of ids) at.judge(id);
  };

/** What is told of transactions a, b, c of one card, and what is counted of it. */
const table: readonly (readonly [
  string,
  (desk: Desk) => void,
  Readonly<Record<string, number>>,
])[] = [
  ['each verdict in time', judged('a', 'b', 'c'), { matched: 3 }],
  [
    'a verdict late after the put',
    (d) => {
      d.judge('a', 1_011);
      d.judge('b', 1_010);
      d.judge('c', 1_010);
    },
    { matched: 2, late: 1 },
  ],
  ['no verdict', () => undefined, { missing: 3 }],
  ['the same verdict twice', judged('a', 'a', 'b', 'c'), { matched: 3, identical: 1 }],
  [
    'two verdicts that contradict each other',
    (d) => {
      for (const id of ['a', 'b', 'c']) d.judge(id);
      d.judge('a', 30, 0.6);
    },
    { matched: 3, contradicting: 1 },
  ],
  [
    'a verdict after that of a later transaction of the card',
    judged('b', 'a', 'c'),
    { matched: 3, outOfOrder: 1 },
  ],
  [
    'a verdict out of order where we had put the transaction again',
    (d) => {
      d.send('d');
      d.send('e');
      d.judge('e');
      d.judge('d');
      d.put('d', 40, true);
      d.put('e');
    },
    { matched: 2, missing: 3 },
  ],
  ['a verdict about nothing that was sent', judged('x', 'a', 'b', 'c'), { matched: 3, unknown: 1 }],
  [
    'a verdict with an error',
    (d) => {
      d.judge('a');
      d.judge('b');
      const at = { arrivedAt: 20, readAt: 21 };
      d.correlation.judged({ ...nothing, id: 'c', score: Number.NaN, error: 'timeout', ...at });
      d.correlation.rejected('c');
    },
    { matched: 2, unscored: 1 },
  ],
  [
    'a dead letter alone',
    (d) => {
      d.judge('a');
      d.judge('b');
      d.correlation.rejected('c');
      d.correlation.rejected('c');
    },
    { matched: 2, rejected: 1 },
  ],
  [
    'a put that failed, and one that failed only for us',
    (d) => {
      d.send('d');
      d.send('e');
      d.correlation.acknowledged('d', 10, false, true);
      d.correlation.acknowledged('e', 10, false, true);
      for (const id of ['a', 'b', 'c', 'e']) d.judge(id);
    },
    { matched: 4, undelivered: 1 },
  ],
  [
    'a transaction that we sent twice',
    (d) => {
      d.send('a');
      for (const id of ['a', 'a', 'b', 'c']) d.judge(id);
    },
    { matched: 3, identical: 1, oursTwice: 1, repeatedIds: 1 },
  ],
];
for (const [what, told, wanted] of table) {
  test(`${what}: ${JSON.stringify(wanted)}`, () => {
    const at = desk();
    for (const id of ['a', 'b', 'c']) {
      at.send(id);
      at.put(id);
    }
    told(at);
    at.correlation.close();
    assert.deepEqual(troubles(at), wanted);
    assert.ok(conserved(at.correlation.summary()));
  });
}

test('whatever counts in another way in the end is named for that alone', () => {
  const at = desk();
  const ids = Array.from({ length: 12 }, (_, n) => `t${n}`);
  for (const id of [...ids, 'gone']) at.send(id);
  for (const id of ids) at.put(id);
  for (const id of ids) at.correlation.rejected(id);
  // Ten are named, and all of them get a verdict after all: then there is room for the others.
  const seen = {
    ...nothing,
    score: Number.NaN,
    error: 'dropped',
    arrivedAt: 20,
    readAt: 21,
  } as const;
  for (const id of ids.slice(0, 10)) at.correlation.judged({ ...seen, id });
  at.correlation.close();
  const { examples, rejected, unscored } = at.correlation.summary();
  assert.deepEqual([rejected, unscored], [2, 10]);
  assert.deepEqual(examples.rejected, ['t10', 't11']);
  assert.deepEqual(examples.unscored, ids.slice(0, 10));
  assert.deepEqual(examples.undelivered, ['gone']);
  at.judge('gone');
  assert.deepEqual(at.correlation.summary().examples.undelivered, []);
});

test('a copy that a KCL reader drops is no duplicate of the one it sees, whichever comes first', () => {
  const at = desk();
  for (const id of ['a', 'b', 'c', 'd']) {
    at.send(id);
    at.put(id);
  }
  const judge = (id: string, isOutOfRange: boolean, score = 0.5): void => {
    const times = { arrivedAt: 20, readAt: 21, error: undefined };
    assert.ok(at.correlation.judged({ ...nothing, ...times, id, score, isOutOfRange }));
  };
  judge('a', true);
  judge('a', false);
  judge('b', false);
  judge('b', true);
  judge('c', true);
  judge('c', false);
  judge('c', false);
  judge('d', true);
  judge('d', false, 0.9);
  assert.deepEqual(troubles(at), { matched: 4, identical: 1, contradicting: 1 });
});

test('of several dead letters about one transaction the first is the first, whenever its verdict comes', () => {
  const at = desk();
  for (const id of ['a', 'b']) at.send(id);
  at.judge('b');
  const letters = ['a', 'a', 'b', 'b', 'x'].map((id) => at.correlation.rejected(id));
  assert.deepEqual(letters, ['first', 'again', 'first', 'again', 'foreign']);
});

test('what should have come by now is overdue, until it comes', () => {
  const at = desk();
  for (const id of ['a', 'b', 'c']) at.send(id);
  for (const id of ['a', 'b', 'c']) at.put(id);
  at.judge('a');
  at.correlation.tick(1_000);
  assert.deepEqual(troubles(at), { matched: 1, outstanding: 2 });
  at.correlation.tick(1_001);
  assert.deepEqual(troubles(at), { matched: 1, outstanding: 2, overdue: 2 });
  at.judge('b', 1_500);
  assert.deepEqual(troubles(at), { matched: 1, late: 1, outstanding: 1, overdue: 1 });
});

test('a match is told once, when verdict and receipt are both there', () => {
  const at = desk();
  at.send('a');
  at.judge('a', 12);
  assert.equal(at.matches.length, 0);
  at.put('a', 14);
  at.judge('a', 20);
  at.correlation.close();
  assert.deepEqual(
    at.matches.map(({ id, acknowledgedAt, arrivedAt, readAt }) => [
      id,
      acknowledgedAt,
      arrivedAt,
      readAt,
    ]),
    [['a', 14, 12, 13]],
  );
});

test('a transaction out of memory is missing, its verdict about nothing known', () => {
  const at = desk();
  for (let n = 0; n < 200_000; n += 1) at.send(`t${n}`);
  at.correlation.tick(60_001);
  at.judge('t0');
  assert.deepEqual(troubles(at), { undelivered: 200_000, unknown: 1 });
  at.send('t0');
  at.judge('t0');
  assert.equal(troubles(at).matched, 1);
});

/** Numbers from 0 to 1 that repeat. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('whatever is told in whatever order, each transaction sent counts in exactly one way', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seeded(seed);
    const at = desk();
    const id = (): string => `t${Math.floor(random() * 40)}`;
    const told: readonly (() => void)[] = [
      () => at.send(id(), `card${Math.floor(random() * 4)}`),
      () => at.put(id(), random() * 50, random() < 0.3),
      () => at.judge(id(), random() * 3_000, random() < 0.5 ? 0.5 : random()),
      () => at.correlation.acknowledged(id(), 5, false, random() < 0.5),
      () => at.correlation.rejected(id()),
      () => at.correlation.tick(random() * 2_000),
      () => {
        const seen = { score: Number.NaN, error: 'timeout', arrivedAt: 1, readAt: 2 } as const;
        at.correlation.judged({ ...nothing, id: id(), ...seen });
      },
    ];
    for (let step = 0; step < 300; step += 1) {
      told[Math.floor(random() * told.length)]?.();
      if (random() < 0.005) at.correlation.close();
      const counts = at.correlation.summary();
      assert.ok(conserved(counts), `seed ${seed}, step ${step}: ${JSON.stringify(counts)}`);
      for (const [name, count] of Object.entries(counts)) {
        assert.ok(typeof count !== 'number' || count >= 0, `seed ${seed}: ${name} is ${count}`);
      }
    }
    at.correlation.close();
    assert.equal(at.correlation.outstanding, 0);
    assert.equal(at.correlation.summary().overdue, 0);
    assert.equal(new Set(at.matches.map((match) => match.id)).size, at.matches.length);
  }
});

test('of transactions that are given up without a verdict the truth is told, of those never put it is not', () => {
  const told: Unjudged[] = [];
  const settings = { lateAfterMs: 1_000, forgetAfterMs: 60_000, isOrdered: true, isAlone: true };
  const correlation = new Correlation(
    settings,
    () => undefined,
    (one) => told.push(one),
  );
  const known = { cardId: 'c', dueAt: 0, expected: Number.NaN, country: 'FR' };
  for (const id of ['missing', 'rejected', 'undelivered', 'judged']) {
    correlation.sent({ ...known, id, isFraud: true, scenario: id });
    correlation.acknowledged(id, 1, id !== 'undelivered', false);
  }
  correlation.rejected('rejected');
  correlation.judged({
    ...{ id: 'judged', cardId: 'c', eventAt: 0, score: 0.5, recomputed: Number.NaN },
    ...{ error: undefined, arrivedAt: 2, readAt: 3 },
  });
  correlation.close();
  correlation.close();
  assert.deepEqual(told, [
    { isFraud: true, scenario: 'missing', country: 'FR', isSilent: false },
    { isFraud: true, scenario: 'rejected', country: 'FR', isSilent: false },
  ]);
});
