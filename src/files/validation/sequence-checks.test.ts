import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IdSet } from './sequence-checks.ts';

test('an identifier is known from its second time on, among a million others', () => {
  const ids = new IdSet();
  let known = 0;
  for (let number = 0; number < 1_000_000; number += 1) if (ids.add(`txn-${number}`)) known += 1;
  assert.equal(known, 0);
  for (const id of ['txn-0', 'txn-4095', 'txn-999999']) assert.equal(ids.add(id), true, id);
  assert.equal(ids.add('txn-1000000'), false);
});

test('texts that are much alike are told apart', () => {
  const ids = new IdSet();
  for (const id of ['', 'a', 'aa', 'ab', 'ba', '\u0000', '\u0000\u0000', 'aä', 'äa']) {
    assert.equal(ids.add(id), false, JSON.stringify(id));
  }
});

test('a full set says so, and still knows what it took', () => {
  const ids = new IdSet(4096);
  for (let number = 0; number < 5000; number += 1) ids.add(String(number));
  assert.equal(ids.isFull, true);
  assert.equal(ids.add('2047'), true);
  assert.equal(ids.add('4999'), false);
});
