import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvField, csvFields } from './csv.ts';

const rows: readonly (readonly [string, readonly string[]])[] = [
  ['a;b;', ['a', 'b', '']],
  ['"a;b";"c ""d"""', ['a;b', 'c "d"']],
  ['"two\r\nlines";x', ['two\r\nlines', 'x']],
  ['häuser;"größe;2";日本', ['häuser', 'größe;2', '日本']],
  // A quote that does not begin a field is part of it, and so are quotes with text behind them.
  ['5" disk;b', ['5" disk', 'b']],
  ['"a"b;c', ['"a"b', 'c']],
];

for (const [text, wanted] of rows) {
  test(`the fields of ${JSON.stringify(text)}, and the bytes in which they stand`, () => {
    const bytes = Buffer.from(text);
    const found = csvFields(bytes, ';');
    assert.deepEqual(found?.values, wanted);
    const spans = found.spans.map(({ from, end }) => bytes.toString('utf8', from, end));
    assert.equal(spans.join(';'), text);
  });
}

test('a quote that is not closed has no fields', () => {
  assert.equal(csvFields(Buffer.from('a;"b;c'), ';'), undefined);
});

test('what is written as a field is read as it was', () => {
  for (const value of ['', 'a', 'a;b', '"', 'a"b', 'two\nlines', ' ']) {
    const bytes = Buffer.from(`${csvField(value, ';')};x`);
    assert.deepEqual(csvFields(bytes, ';')?.values, [value, 'x']);
  }
});
