import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { contractFile } from './contract-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'contract-file-'));
after(() => rmSync(folder, { recursive: true }));

const payload = (...lines: readonly string[]): string =>
  ['transactions:', '  payload:', ...lines.map((line) => `    ${line}`)].join('\n');
const verdicts = (...lines: readonly string[]): string =>
  ['verdicts:', ...lines.map((line) => `  ${line}`)].join('\n');
const raw = (...lines: readonly string[]): string =>
  ['transactions:', '  format: raw', ...lines.map((line) => `  ${line}`)].join('\n');

/** Title, contract, line, and what the message says. */
const refused: ReadonlyArray<readonly [string, string, number, RegExp]> = [
  ['nothing at all', '', 1, /the contract is empty/],
  ['no section', '{}', 1, /states nothing: write transactions, verdicts, rejects/],
  ['a list', '- a', 1, /the contract must be a mapping/],
  ['what is not YAML', 'verdicts:\n  id: [', 2, /not YAML/],
  ['a key twice', payload('id: $transaction_id', 'id: $card_id'), 4, /Map keys must be unique/],
  ['aliases in a circle', 'verdicts: &v\n  id: *v', 2, /nested deeper than 16 levels/],
  ['an unknown section', 'verdict:\n  id: /x', 1, /no "verdict": did you mean "verdicts"\?$/],
  [
    'an unknown key',
    payload('id: $transaction_id').replace('payload', 'payloads'),
    2,
    /did you mean "payload"\?$/,
  ],
  [
    'an unknown format',
    'transactions:\n  format: jsn\n',
    2,
    /"format" is "jsn".*Did you mean "json"\?$/,
  ],
  [
    'no payload',
    'transactions:\n  format: json',
    2,
    /lacks "payload": write payload: \{ id: \$transaction_id \}/,
  ],
  ['a payload of one value', 'transactions:\n  payload: $transaction_id', 2, /must be a mapping/],
  ['no id', payload('card: $card_id'), 3, /no \$transaction_id/],
  [
    'an unknown field',
    payload('id: $transaction_id', 'card: $card'),
    4,
    /"\$card" is no field.*Did you mean \$card_id\?/,
  ],
  [
    'an unknown field by its name',
    payload('id: $transaction_id', 'c: { field: curency }'),
    4,
    /Did you mean \$currency\?/,
  ],
  [
    'the truth in a payload',
    payload('id: $transaction_id', 'f: $is_fraud'),
    4,
    /is the truth, which is never sent/,
  ],
  [
    'an unknown key of a field',
    payload('id: $transaction_id', 't: { field: event_time, az: iso }'),
    4,
    /no "az": did you mean "as"\?/,
  ],
  [
    'an unknown time format',
    payload('id: $transaction_id', 't: { field: event_time, as: epoch-hours }'),
    4,
    /epoch-hours/,
  ],
  [
    'an unknown time zone',
    payload('id: $transaction_id', 't: { field: event_time, zone: Mars }'),
    4,
    /Mars/,
  ],
  [
    'an unknown amount format',
    payload('id: $transaction_id', 'a: { field: amount, as: cents }'),
    4,
    /"as" is "cents", and must be one of number, decimal, minor/,
  ],
  [
    'a text as a number',
    payload('id: $transaction_id', 'c: { field: card_id, as: number }'),
    4,
    /card_id is a text/,
  ],
  [
    'values that are none',
    payload('id: $transaction_id', 'c: { field: channel, values: { ecom: [a] } }'),
    4,
    /what stands for a value of channel/,
  ],
  [
    'a method that faker does not have',
    payload('id: $transaction_id', 'e: { faker: internet.emil }'),
    4,
    /faker has no "internet.emil"/,
  ],
  [
    'a method of no module',
    payload('id: $transaction_id', 'e: { faker: constructor.name }'),
    4,
    /faker has no/,
  ],
  [
    'a method that gives a list',
    payload('id: $transaction_id', 'e: { faker: lorem.words, per: card }'),
    4,
    /"per" is "card".*Did you mean "card_id"/,
  ],
  [
    'a choice of nothing',
    payload('id: $transaction_id', 'e: { choose: [] }'),
    4,
    /"choose" needs at least one value/,
  ],
  [
    'a weight that is none',
    payload('id: $transaction_id', 'e: { choose: { a: heavy } }'),
    4,
    /the weight of "a" must be a number/,
  ],
  [
    'numbers the wrong way round',
    payload('id: $transaction_id', 'e: { number: { from: 2, to: 1 } }'),
    4,
    /write the smaller number first/,
  ],
  [
    'a number that JSON does not have',
    payload('id: $transaction_id', 'e: .nan'),
    4,
    /is no number that a payload can have/,
  ],
  [
    'a partition key into nothing',
    `${payload('id: $transaction_id')}\n  partition-key: /card/token`,
    4,
    /the payload does not have.*one of \/id/,
  ],
  [
    'a partition key that is no field',
    `${payload('id: $transaction_id')}\n  partition-key: $token`,
    4,
    /must be one of/,
  ],
  [
    'a constant that stands in the payload',
    `${payload('id: $transaction_id', 'c: $currency')}\n  constants: { currency: EUR }`,
    5,
    /leave one of them out/,
  ],
  [
    'a constant that is no currency',
    `${payload('id: $transaction_id')}\n  constants: { currency: EURO }`,
    4,
    /no code of ISO 4217/,
  ],
  [
    'the truth where a field is',
    `${payload('id: $transaction_id', 'c: $channel')}\n  truth: /c`,
    5,
    /the truth and channel are both at \/c/,
  ],
  [
    'a nested column',
    'transactions:\n  format: csv\n  payload:\n    id: $transaction_id\n    c: { d: $card_id }',
    5,
    /the column "c" of a CSV payload/,
  ],
  [
    'an odd separator',
    'transactions:\n  format: csv\n  separator: ab\n  payload: { id: $transaction_id }',
    3,
    /"separator" must be one character/,
  ],
  [
    'avro without a schema',
    'transactions:\n  format: avro\n  payload: { id: $transaction_id }',
    2,
    /lacks "schema"/,
  ],
  [
    'framing of a UUID that is none',
    'verdicts:\n  format: avro\n  schema: x.avsc\n  framing: { glue: { schema-version-id: 7 } }\n  id: /x',
    4,
    /no UUID/,
  ],
  ['raw without a key', raw('id: /id', 'event-time: /at'), 2, /lacks "partition-key"/],
  [
    'raw with two at one pointer',
    raw('id: /id', 'event-time: /id', 'partition-key: /k'),
    4,
    /id and event-time are both at \/id/,
  ],
  ['raw with a payload', raw('payload: { a: b }', 'id: /id'), 3, /no "payload"/],
  ['a verdict without an id', verdicts('score: /s'), 2, /lacks "id"/],
  [
    'an unknown feature',
    verdicts('id: /id', 'score: /s', 'features: { amount_us: /f }'),
    4,
    /no feature "amount_us": did you mean "amount_usd"\?/,
  ],
  ['a verdict with nothing to judge by', verdicts('id: /id'), 2, /neither "score" nor "decision"/],
  [
    'an id and a score at one pointer',
    verdicts('id: /x', 'score: /x'),
    3,
    /id and score are both at \/x/,
  ],
  ['a bad pointer', verdicts('id: /a~2', 'score: /s'), 2, /~/],
  ['an empty pointer', verdicts('id: /', 'score: /s'), 2, /empty name/],
  [
    'a field where a pointer is wanted',
    verdicts('id: $transaction_id', 'score: /s'),
    2,
    /write where the value stands/,
  ],
  ['a scale of nothing', verdicts('id: /id', 'score: { at: /s, scale: 0 }'), 3, /"scale" is 0/],
  [
    'a decision without frauds',
    verdicts('id: /id', 'decision: /action'),
    3,
    /say which values are frauds/,
  ],
  [
    'a value of both',
    verdicts('id: /id', 'decision: { at: /a, fraud: [X], genuine: [X] }'),
    3,
    /"X" is among "fraud" and among "genuine"/,
  ],
  [
    'a column that is not there',
    verdicts('format: csv', 'columns: [id, s]', 'id: id', 'score: scor'),
    5,
    /no such column: there are id, s/,
  ],
  [
    'a check without a condition',
    verdicts('id: /id', 'score: /s', 'checks:', '  fast: { at: /ms }'),
    5,
    /has no condition/,
  ],
  [
    'a check with a name that is none',
    verdicts('id: /id', 'score: /s', 'checks:', '  Fast-1: { at: /ms, below: 3 }'),
    5,
    /small letters/,
  ],
  [
    'a check of an odd limit',
    verdicts('id: /id', 'score: /s', 'checks: { fast: { at: /ms, below: soon } }'),
    4,
    /"below" must be a number/,
  ],
  ['rejects without an id', 'rejects:\n  reason: /error', 2, /lacks "id"/],
];

for (const [title, text, line, message] of refused) {
  test(`a contract is refused for ${title}, by its line`, async () => {
    const path = join(folder, 'contract.yaml');
    writeFileSync(path, text);
    await assert.rejects(contractFile(path), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'bad-config', error.stack);
      assert.match(error.message, message);
      assert.equal(error.message.split('\n').length, 1);
      assert.match(error.message, new RegExp(`contract\\.yaml:${line}: `));
      return true;
    });
  });
}

test('what reading does not give back is a note of the contract, not an error', async () => {
  const path = join(folder, 'contract.yaml');
  writeFileSync(
    path,
    payload(
      'id: $transaction_id',
      't: { field: event_time, as: yyyy-MM-dd }',
      'c: { field: channel, values: { ecom: WEB, pos: WEB } }',
    ),
  );
  const { transactions } = await contractFile(path);
  assert.equal(transactions?.isInvertible, false);
  const [time, channel, lacking] = transactions?.notes ?? [];
  assert.match(time ?? '', /event_time is written as yyyy-MM-dd/);
  assert.match(channel ?? '', /"WEB" is written for two values of channel/);
  assert.match(lacking ?? '', /lacks card_id, amount_minor, currency/);
});
