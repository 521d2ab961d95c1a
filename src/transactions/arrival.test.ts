import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivalLine, arrivalOf } from './arrival.ts';

const arrivedAt = Date.UTC(2026, 10, 23, 8, 9, 10, 11);
const instant = '2026-11-23T08:09:10.011Z';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const payloads: readonly (readonly [what: string, payload: string, line: string])[] = [
  ['an object', '{"a":1}', `{"a":1,"arrived_at":"${instant}"}`],
  ['an empty object', '{}', `{"arrived_at":"${instant}"}`],
  ['an empty object with a blank', '{ }', `{ "arrived_at":"${instant}"}`],
  ['blanks', '{"a" : [1 , 2] }', `{"a" : [1 , 2] ,"arrived_at":"${instant}"}`],
  ['text of several bytes', '{"ä€𝄞":"}"}', `{"ä€𝄞":"}","arrived_at":"${instant}"}`],
  [
    'an arrival of its own, which another recorder added',
    '{"arrived_at":"2020-01-01T00:00:00.000Z"}',
    `{"arrived_at":"2020-01-01T00:00:00.000Z","arrived_at":"${instant}"}`,
  ],
];

for (const [what, payload, line] of payloads) {
  test(`a payload and its arrival are one line of JSON, and come apart again: ${what}`, () => {
    const made = arrivalLine(bytes(payload), arrivedAt) ?? bytes('');
    assert.equal(Buffer.from(made).toString(), line);
    assert.equal(JSON.parse(line).arrived_at, instant);
    const back = arrivalOf(made);
    assert.equal(Buffer.from(back?.payload ?? []).toString(), payload);
    assert.equal(back?.arrivedAt, arrivedAt);
  });
}

test('the end of line that a payload brings along is the end of the line', () => {
  const line = arrivalLine(bytes('{"a":1} \r\n'), arrivedAt);
  assert.equal(Buffer.from(line ?? []).toString(), `{"a":1,"arrived_at":"${instant}"}`);
});

test('an arrival that nobody knows is null, never invented', () => {
  const line = arrivalLine(bytes('{"a":1}'), Number.NaN) ?? bytes('');
  assert.equal(Buffer.from(line).toString(), '{"a":1,"arrived_at":null}');
  assert.equal(arrivalOf(line)?.arrivedAt, Number.NaN);
});

test('what is no JSON object on one line cannot carry an arrival', () => {
  for (const payload of ['', 'x', '17', '[1]', 'null', '{"a":1', '{"a":\n1}', '{"a":1}{"b":2}']) {
    assert.equal(arrivalLine(bytes(payload), arrivedAt), undefined, payload);
  }
  assert.equal(arrivalLine(Uint8Array.from([0x7b, 0xff, 0x7d]), arrivedAt), undefined);
});

test('a line that no recorder wrote has no arrival', () => {
  for (const line of ['', '{}', '{"a":1}', `{"arrived_at":"${instant}","a":1}`, '"arrived_at"}']) {
    assert.equal(arrivalOf(bytes(line)), undefined, line);
  }
});
