import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { contractFile } from '../files/contract-file.ts';
import { Random } from '../generators/numbers/random.ts';
import type { VerdictContract } from './verdicts-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'verdicts-'));
after(() => rmSync(folder, { recursive: true }));

async function verdicts(...lines: readonly string[]): Promise<VerdictContract> {
  const path = join(folder, 'contract.yaml');
  writeFileSync(path, ['verdicts:', ...lines.map((line) => `  ${line}`)].join('\n'));
  return (await contractFile(path)).verdicts as VerdictContract;
}

const nested = [
  'id: /event/id',
  'score: { at: /fraud/p, scale: 100 }',
  'decision: { at: /fraud/action, fraud: [DECLINE, REVIEW], genuine: [APPROVE] }',
  'error: { at: /error, none: [OK, 0] }',
  'checks:',
  '  decided: { at: /fraud/action, in: [APPROVE, REVIEW, DECLINE] }',
  '  fast: { at: /ms, at-least: 0, below: 150 }',
  '  quiet: { at: /note, present: false }',
];
const absent = { eventAt: undefined, arrivedAt: undefined, cardId: undefined, features: undefined };

const read: ReadonlyArray<readonly [string, string, object]> = [
  [
    'a score and a decision',
    '{"event":{"id":"t"},"fraud":{"p":87,"action":"REVIEW"},"ms":12}',
    { score: 0.87, isFraud: true, error: undefined, checks: [true, true, true] },
  ],
  [
    'a score alone',
    '{"event":{"id":"t"},"fraud":{"p":"0"},"ms":150}',
    { score: 0, isFraud: undefined, error: undefined, checks: [false, false, true] },
  ],
  [
    'an id of many digits',
    '{"event":{"id":12345678901234567890},"fraud":{"p":1}}',
    {
      transactionId: '12345678901234567890',
      score: 0.01,
      isFraud: undefined,
      error: undefined,
      checks: [false, false, true],
    },
  ],
  [
    'an error',
    '{"event":{"id":"t"},"error":{"code":7},"note":"x"}',
    { score: undefined, isFraud: undefined, error: '{"code":7}', checks: [false, false, false] },
  ],
  [
    'what stands for no error',
    '{"event":{"id":"t"},"error":"OK","fraud":{"action":"APPROVE"}}',
    { score: undefined, isFraud: false, error: undefined, checks: [true, false, true] },
  ],
];
for (const [title, text, expected] of read) {
  test(`a verdict is read: ${title}`, async () => {
    const form = await verdicts(...nested);
    assert.deepEqual(form.decode(Buffer.from(text)), {
      transactionId: 't',
      ...absent,
      ...expected,
    });
  });
}

const misfits: ReadonlyArray<readonly [string, string, RegExp]> = [
  ['no JSON', '<xml/>', /^ is not JSON/],
  ['no UTF-8', '\xff', /^ is not UTF-8/],
  ['no object', '7', /^\/event\/id is absent/],
  ['no id', '{"fraud":{"p":1}}', /^\/event\/id is absent/],
  ['an id that is an object', '{"event":{"id":{}}}', /^\/event\/id is an object/],
  [
    'a score above its scale',
    '{"event":{"id":"t"},"fraud":{"p":101}}',
    /^\/fraud\/p must be a number from 0 to 100/,
  ],
  [
    'a score that is a word',
    '{"event":{"id":"t"},"fraud":{"p":"high"}}',
    /^\/fraud\/p must be a number/,
  ],
  [
    'an unknown decision',
    '{"event":{"id":"t"},"fraud":{"action":"HOLD"}}',
    /^\/fraud\/action must be one of DECLINE, REVIEW, APPROVE/,
  ],
  ['neither score nor decision', '{"event":{"id":"t"}}', /^\/fraud\/p is absent: a verdict has/],
];
for (const [title, text, expected] of misfits) {
  test(`a verdict does not fit: ${title}`, async () => {
    const found = (await verdicts(...nested)).decode(Buffer.from(text, 'latin1'));
    assert.ok('problem' in found, JSON.stringify(found));
    assert.match(`${found.problem.field} ${found.problem.reason}`, expected);
  });
}

for (const [place, text, wanted] of [
  ['/f', '{"id":"t","s":1,"f":[1.5,null,"2.50",3]}', [1.5, null, 2.5, 3]],
  ['/f', '{"id":"t","s":1,"f":{"mcc":5411,"toString":1}}', [null, 5411, null]],
  ['/f', '{"id":"t","s":1}', undefined],
  ['/f', '{"id":"t","s":1,"f":null}', undefined],
  ['{ mcc: /a/m, amount_usd: /v }', '{"id":"t","s":1,"a":{"m":"5411"}}', [null, 5411, null]],
  ['{ mcc: /a/m }', '{"id":"t","s":1}', undefined],
  ['/f', '{"id":"t","s":1,"f":[true]}', /^\/f must be numbers, null where missing/],
  ['/f', '{"id":"t","s":1,"f":"all"}', /^\/f must be numbers/],
] as const) {
  test(`the features of a verdict at ${place}: ${text}`, async () => {
    const form = await verdicts('id: /id', 'score: /s', `features: ${place}`);
    const found = form.decode(Buffer.from(text));
    if (wanted instanceof RegExp) {
      assert.ok('problem' in found);
      assert.match(`${found.problem.field} ${found.problem.reason}`, wanted);
      return;
    }
    assert.ok(!('problem' in found));
    const some = Array.isArray(wanted) ? found.features?.slice(0, wanted.length) : found.features;
    assert.deepEqual(some, wanted);
  });
}

test('an alert is a predicted fraud by being there, and a row of CSV has its columns by position', async () => {
  const form = await verdicts(
    'format: csv',
    'columns: [at, id]',
    'id: id',
    'event-time: { at: at, as: epoch-seconds }',
    'emits: frauds',
  );
  const found = form.decode(Buffer.from('1767225600,"a,b"'));
  const eventAt = Date.parse('2026-01-01T00:00:00Z');
  assert.deepEqual(found, {
    ...absent,
    transactionId: 'a,b',
    score: undefined,
    isFraud: true,
    error: undefined,
    eventAt,
    checks: [],
  });
});

test('whatever bytes come, a verdict is read or does not fit, over 20,000 records', async () => {
  const form = await verdicts(...nested);
  const random = new Random(5, 0);
  const parts = [
    '{',
    '}',
    '"event":',
    '"id":',
    '"t"',
    ',',
    '"fraud":',
    '"p":',
    '1e3',
    '-1',
    'null',
    '[',
    ']',
    '"action":',
    '"APPROVE"',
    '"__proto__":',
    '\u0000',
    '\ud83d\udcb3',
    '9'.repeat(400),
  ];
  for (let number = 0; number < 20_000; number += 1) {
    const some = Array.from(
      { length: 1 + random.below(12) },
      () => parts[random.below(parts.length)],
    );
    const found = form.decode(
      Buffer.from(random.chance(0.5) ? some.join('') : `{"event":{"id":"t"},${some.join('')}}`),
    );
    assert.ok('problem' in found || found.transactionId === 't');
  }
});

const engineVerdict = {
  ...{ transactionId: 't', cardId: 'c', eventAt: 1_769_903_998_987, scoredAt: 1_769_903_999_123 },
  ...{ score: 0.25, isFraud: false, error: undefined, modelVersion: '1', features: undefined },
};

const unwritable: ReadonlyArray<readonly [string, readonly string[], RegExp]> = [
  [
    'a decision without the value for genuine',
    ['id: /id', 'decision: { at: /a, fraud: [F] }'],
    /contract\.yaml:3: verdicts are written, and "decision" lacks "genuine"/,
  ],
  [
    'a value within another',
    ['id: /a', 'score: /a/p'],
    /contract\.yaml:2: score is at \/a\/p, where there is another value already/,
  ],
  [
    'a list with a gap',
    ['id: /id', 'score: /list/1'],
    /contract\.yaml:2: a list that is written has the items 1, and lacks item 0/,
  ],
  [
    'a list in a column',
    ['format: csv', 'columns: [id, p, f]', 'id: id', 'score: p', 'features: f'],
    /"features" is a list, which a column of CSV cannot have/,
  ],
];

for (const [title, lines, message] of unwritable) {
  test(`verdicts are read and not written: ${title}`, async () => {
    const contract = await verdicts(...lines);
    assert.throws(() => contract.writer(), message);
  });
}

test('a name of digits that is no index is a name, as it is read', async () => {
  const contract = await verdicts('id: /ids/01', 'score: /p');
  const line = contract.writer()(engineVerdict) as string;
  assert.match(line, /^\{"ids":\{"01":"t"\},/);
  assert.ok('transactionId' in contract.decode(Buffer.from(line)));
});

test('of a pipeline that emits frauds, only frauds are written', async () => {
  const write = (await verdicts('id: /id', 'error: /e', 'emits: frauds')).writer();
  assert.equal(write(engineVerdict), undefined);
  assert.equal(write({ ...engineVerdict, error: 'timeout', isFraud: true }), undefined);
  assert.equal(write({ ...engineVerdict, isFraud: true }), '{"id":"t"}');
});

test('what is written is read as the same verdict, for each format of scores and each error', async () => {
  const contract = await verdicts(...nested, 'card-id: /list/0', 'event-time: { at: /ts }');
  const write = contract.writer();
  for (const [score, error] of [[0.5], [1], [0], [Number.NaN, 'timeout']] as const) {
    const given = { ...engineVerdict, score, error, isFraud: score === 1 };
    const found = contract.decode(Buffer.from(write(given) as string));
    assert.ok('transactionId' in found, JSON.stringify(found));
    assert.equal(found.score, error === undefined ? score : undefined);
    assert.equal(found.isFraud, error === undefined ? score === 1 : undefined);
    assert.equal(found.error, error);
    assert.equal(found.cardId, 'c');
    assert.equal(found.eventAt, engineVerdict.eventAt);
  }
});
