import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLine, printable, printableLines } from './printable.ts';

test('what a terminal obeys stands as its code, all else as it is', () => {
  assert.equal(printable('a\u001b[31mb'), 'a\\u001b[31mb');
  assert.equal(printable('\u009b\u007f\r\n\t'), '\\u009b\\u007f\\u000d\\u000a\\u0009');
  assert.equal(
    printable('\u202e\u2066\u2028\u061c\u200f\ufeff'),
    '\\u202e\\u2066\\u2028\\u061c\\u200f\\ufeff',
  );
  assert.equal(printable('\ud800x\u{e0041}'), '\\ud800x\\udb40\\udc41');
  const harmless = 'Zürich ✓ 支付 🙂 é – „x“';
  assert.equal(printable(harmless), harmless);
});

test('only the line feeds of our own lines stay', () => {
  assert.equal(printableLines('a\r\nb\u0007'), 'a\\u000d\nb\\u0007');
});

test('a value as JSON is the same value', () => {
  const value = { text: 'a\u0080\u009f\u202e\u2028\u001b\n"\\' };
  const line = jsonLine(value);
  assert.doesNotMatch(line.trimEnd(), /[\p{Cc}\p{Zl}\p{Bidi_Control}]/u);
  assert.deepEqual(JSON.parse(line), value);
});
