import assert from 'node:assert/strict';
import { test } from 'node:test';
import { after, Sequence } from './sequence.ts';

test('each sequence number is higher than all before, as a text and as a number', () => {
  const sequence = new Sequence();
  const given = Array.from({ length: 1_200 }, () => sequence.next());
  for (const [place, number] of given.entries()) {
    assert.match(number, /^\d{56}$/);
    const before = given[place - 1];
    if (before === undefined) continue;
    assert.ok(number > before, `${number} > ${before}`);
    assert.ok(BigInt(number) > BigInt(before), `${number} > ${before}`);
  }
});

test('the number after the last one is the next to be given', () => {
  const sequence = new Sequence();
  for (let times = 0; times < 10; times += 1) sequence.next();
  const last = sequence.next();
  assert.equal(after(last), sequence.next());
});

test('a sequence knows what it gave, and nothing higher', () => {
  const sequence = new Sequence();
  const given = [sequence.next(), sequence.next()];
  assert.ok(given.every((number) => sequence.hasGiven(number)));
  assert.ok(!sequence.hasGiven(after(given[1] ?? '')));
});

for (const [text, what] of [
  ['', 'nothing'],
  ['12', 'a short number'],
  ['49590338271490256608559692538361571095921575989136588898', 'a number of AWS'],
  [`495${'0'.repeat(52)}x`, 'a letter'],
  [`495${'0'.repeat(54)}`, 'one digit more'],
  [`395${'0'.repeat(53)}`, 'another prefix'],
] as const) {
  test(`${what} was never given`, () => {
    const sequence = new Sequence();
    sequence.next();
    assert.ok(!sequence.hasGiven(text));
  });
}
