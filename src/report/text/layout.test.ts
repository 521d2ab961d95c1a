import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colours } from './layout.ts';

test('with colours an error is red and a heading bold', () => {
  const { error, heading } = colours(true);
  assert.equal(error('no'), '\u001b[31m\u001b[1mno\u001b[22m\u001b[39m');
  assert.equal(heading('so'), '\u001b[1mso\u001b[22m');
});

test('without colours a text stays as it is, whatever the environment says', () => {
  const before = process.env.FORCE_COLOR;
  process.env.FORCE_COLOR = '3';
  const { error, heading } = colours(false);
  assert.deepEqual([error('no'), heading('so')], ['no', 'so']);
  if (before === undefined) delete process.env.FORCE_COLOR;
  else process.env.FORCE_COLOR = before;
});
