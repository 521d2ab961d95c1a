import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type InputLine, lines } from './lines.ts';

async function split(text: string | Uint8Array, chunkBytes: number): Promise<readonly InputLine[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const all: InputLine[] = [];
  for await (const group of lines(chunks(), 10)) all.push(...group);
  return all;
}

const textOf = (line: InputLine): string => Buffer.from(line.bytes).toString('utf8');

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['line feeds', 'a\nbc\n', ['a', 'bc']],
  ['no end of line at the end', 'a\nbc', ['a', 'bc']],
  ['carriage returns', 'a\r\nbc\r\n', ['a', 'bc']],
  ['empty lines, which keep their number', 'a\n\n\nb', ['a', '', '', 'b']],
  ['a byte order mark', '\uFEFFa\nb\n', ['a', 'b']],
  ['characters of several bytes', 'äöü€\n𝄞\n', ['äöü€', '𝄞']],
  ['nothing at all', '', []],
];

for (const [what, text, expected] of cases) {
  test(`lines are read the same in chunks of any size: ${what}`, async () => {
    for (const chunkBytes of [1, 2, 3, 5, 100]) {
      const found = await split(text, chunkBytes);
      assert.deepEqual(found.map(textOf), expected, `chunks of ${chunkBytes}`);
      assert.deepEqual(
        found.map((line) => line.number),
        expected.map((_, index) => index + 1),
      );
    }
  });
}

test('of a line that is too long the beginning is kept, and the next line is whole', async () => {
  for (const chunkBytes of [1, 7, 100]) {
    const found = await split('0123456789abc\nnext\n', chunkBytes);
    assert.deepEqual(found.map(textOf), ['0123456789', 'next']);
    assert.deepEqual(
      found.map((line) => line.isCut),
      [true, false],
    );
  }
});
