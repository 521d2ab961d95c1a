import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  capitals,
  exactly,
  ipAddress,
  oneOf,
  optional,
  required,
  text,
  wholeNumber,
} from './field-checks.ts';
import { scanLine } from './scan-line.ts';

const look = scanLine({
  version: required(exactly(1)),
  id: required(text(4)),
  kind: optional(oneOf(['a', 'bc'])),
  amount: required(wholeNumber),
  country: optional(capitals(2)),
  ip: optional(ipAddress),
});

/** Lines that plainly begin with such a record, and what stands behind it. */
const plain: readonly (readonly [line: string, rest: string])[] = [
  ['{"version":1,"id":"x","kind":"bc","amount":0,"country":"DE","ip":"::1"}', '}'],
  ['{"version":1,"id":"\u007f","kind":null,"amount":12,"country":null,"ip":null}', '}'],
  ['{"version":1,"id":"日本😀é","amount":999999999999999}', '}'],
  ['{"version":1,"id":"x","amount":7,"ip":"1.2.3.4","more":[]}', ',"more":[]}'],
  // What stands behind has not been looked at.
  ['{"version":1,"id":"x","amount":7,}', ',}'],
  ['{"version":1,"id":"x","amount":7,"id":3}', ',"id":3}'],
];

/** Lines that have to be parsed, whatever comes of it. */
const others: readonly (readonly [why: string, line: string])[] = [
  ['white space', '{"version":1, "id":"x","amount":7}'],
  ['another order', '{"id":"x","version":1,"amount":7}'],
  ['an escape', '{"version":1,"id":"\\u0041","amount":7}'],
  ['a control character', '{"version":1,"id":"\t","amount":7}'],
  ['a number with an exponent', '{"version":1,"id":"x","amount":1e2}'],
  ['negative zero', '{"version":1,"id":"x","amount":-0}'],
  ['a zero in front', '{"version":1,"id":"x","amount":07}'],
  ['more than 15 digits', '{"version":1,"id":"x","amount":1000000000000000}'],
  ['something required is null', '{"version":1,"id":null,"amount":7}'],
  ['something required is absent', '{"version":1,"id":"x"}'],
  ['an empty text', '{"version":1,"id":"","amount":7}'],
  ['five characters', '{"version":1,"id":"12345","amount":7}'],
  ['five characters that are not ASCII', '{"version":1,"id":"éééét","amount":7}'],
  ['no known value', '{"version":1,"id":"x","kind":"b","amount":7}'],
  ['another version', '{"version":12,"id":"x","amount":7}'],
  ['an address with a zone', '{"version":1,"id":"x","amount":7,"ip":"fe80::1%a"}'],
  ['something behind the object', '{"version":1,"id":"x","amount":7}}'],
  ['cut off', '{"version":1,"id":"x","amount":7'],
  ['no object', '["version"]'],
  ['nothing', ''],
];

test('a record in its plainest form is seen, and where what follows it begins', () => {
  for (const [line, rest] of plain) {
    const bytes = Buffer.from(line);
    const end = look(bytes)?.end;
    assert.equal(bytes.toString('utf8', end), rest, line);
  }
});

test('the values lie where they are said to lie', () => {
  const line = Buffer.from('{"version":1,"id":"xyz","amount":42}');
  const values = look(line)?.values ?? [];
  const texts = [0, 1, 3].map((field) =>
    line.toString('utf8', values[2 * field], values[2 * field + 1]),
  );
  assert.deepEqual(texts, ['1', '"xyz"', '42']);
});

test('of anything else nothing is said', () => {
  for (const [why, line] of others) assert.equal(look(Buffer.from(line)), undefined, why);
  const latin1 = Buffer.from('{"version":1,"id":"\xff","amount":7}', 'latin1');
  assert.equal(look(latin1), undefined, 'not UTF-8');
});
