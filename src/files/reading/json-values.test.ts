import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonValues } from './json-values.ts';

/** The values of a text that comes in pieces of so many bytes. */
async function cut(text: string, size = 1_000, mostBytes = 1_000): Promise<readonly string[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const values: string[] = [];
  for await (const group of jsonValues(chunks(), mostBytes)) {
    values.push(...group.map(({ bytes }) => Buffer.from(bytes).toString()));
  }
  return values;
}

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['one a line', '{"a":1}\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
  ['one after the other', '{"a":"}{"}{"b":[{}]} {"c":3}', ['{"a":"}{"}', '{"b":[{}]}', '{"c":3}']],
  [
    'over several lines',
    '{\n  "a": [\n    1,\n    {"b": 2}\n  ]\n}\n',
    ['{\n  "a": [\n    1,\n    {"b": 2}\n  ]\n}'],
  ],
  ['escapes', '{"a":"\\"}\\\\"}{"b":1}', ['{"a":"\\"}\\\\"}', '{"b":1}']],
  ['a byte order mark, no last line feed', '\ufeff{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
  ['a line that was cut off within a text', '{"a":"x\n{"b":2}\n', ['{"a":"x', '{"b":2}']],
  ['a line that was cut off behind a value', '{"a":{"b":1\n{"c":2}\n', ['{"a":{"b":1', '{"c":2}']],
  ['lines that are no JSON', 'no\n}\n{"c":2}\n12\n', ['no', '}', '{"c":2}', '12']],
  ['nothing', ' \n\n', []],
  ['items of an array', '[{"a":1},\n {"b":[2]} ,{"c":3}]\n', ['{"a":1}', '{"b":[2]}', '{"c":3}']],
  ['an array after the other', '[{"a":1}]\n[{"b":2}]', ['{"a":1}', '{"b":2}']],
  [
    'an object that begins a line within another',
    '{"a":\n{"b":1},\n"c": [\n[1],\n{"d":2}]}\n{"e":3}',
    ['{"a":\n{"b":1},\n"c": [\n[1],\n{"d":2}]}', '{"e":3}'],
  ],
  ['a line that was cut off behind a comma', '{"a":1,\n{"b":2}', ['{"a":1,', '{"b":2}']],
  ['the same in an array', '[{"a":1,\n{"b":2}]', ['{"a":1,', '{"b":2}']],
  ['the rest of an object before another', '1"}{"b":2}\n', ['1"}', '{"b":2}']],
  ['words on a line', 'no JSON on this line\n{"b":2}', ['no JSON on this line', '{"b":2}']],
];

for (const [what, text, wanted] of rows) {
  test(`JSON values are cut apart: ${what}, in chunks of any size`, async () => {
    for (const size of [1, 2, 3, 7, 1_000]) assert.deepEqual(await cut(text, size), wanted);
  });
}

test('a value without an end is kept to its bound, and costs none after its line', async () => {
  const [long, next, ...rest] = await cut(`{"a":"${'x'.repeat(5_000)}\n{"b":2}\n`, 100, 64);
  assert.equal(long?.length, 65);
  assert.equal(next, '{"b":2}');
  assert.deepEqual(rest, []);
});
