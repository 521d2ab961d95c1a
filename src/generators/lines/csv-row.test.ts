import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { CsvRow } from './csv-row.ts';

const fields = ['name', 'city', 'amount', 'is_known'];

function rowOf(values: Readonly<Record<string, unknown>>): string {
  const into = Buffer.alloc(1000);
  const end = new CsvRow(fields).write(Buffer.from(JSON.stringify(values, fields)), into, 0);
  return into.toString('utf8', 0, end);
}

for (const [does, name] of [
  ['plain text stands as it is', 'Miller'],
  ['a comma is quoted', 'Smith, Jones and Co'],
  ['quotes are doubled', 'The "Best" Shop'],
  ['both at once', '",",'],
  ['a backslash is one backslash', 'C:\\shop\\'],
  ['line ends stay inside their field', 'two\r\nlines\n'],
  ['letters of other alphabets', 'Größe 🌍 Ünal, ŞTİ'],
  ['an empty text', ''],
  ['text that looks like JSON', '{"a":[1,null]}'],
] as const) {
  test(`a row reads back as what was written: ${does}`, () => {
    const values = { name, city: 'Köln', amount: 12345, is_known: true };
    assert.deepEqual(parse(rowOf(values)), [[name, 'Köln', '12345', 'true']]);
  });
}

test('null is the empty value, in the first place, in the middle and in the last', () => {
  assert.equal(rowOf({ name: null, city: 'x', amount: null, is_known: null }), ',x,,\r\n');
});

test('rows follow one another', () => {
  const row = new CsvRow(fields);
  const into = Buffer.alloc(100);
  const line = Buffer.from(
    '{"name":"a","city":"b","amount":1,"is_known":false}\nleft over from a longer one',
  );
  const end = row.write(line, into, row.write(line, into, 0));
  assert.equal(into.toString('utf8', 0, end), 'a,b,1,false\r\na,b,1,false\r\n');
});
