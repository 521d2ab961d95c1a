import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Generator } from './generator.ts';

const second = (busyShare: number) => ({
  seconds: 1,
  cores: busyShare,
  busyShare,
  delayP99Ms: 1,
  delayMaxMs: 2,
  memoryBytes: 1e8,
});

/** Ten seconds of a paced run, late by so much: busy so far, and held up for so long, in each. */
function judged(lateMs: number, seconds: readonly (readonly [busy: number, heldUpMs: number])[]) {
  const generator = new Generator(true);
  for (const [busy, heldUpMs] of seconds) {
    generator.left([{ dueAt: 0 }], lateMs, 0);
    if (heldUpMs > 0) generator.heldUp(heldUpMs);
    generator.addLoad(second(busy));
  }
  return generator.summary().limitedBy;
}

const calm = Array.from({ length: 9 }, () => [0.3, 0] as const);
const held = Array.from({ length: 9 }, () => [0.3, 400] as const);
const rows = [
  [
    'nobody, where records left on time, however busy a second was',
    5,
    [[1, 0], ...calm],
    'nothing',
  ],
  ['the target, where the producer was full and had time', 900, [[0.4, 0], ...held], 'target'],
  ['the target also after a busy second at the start', 900, [[1, 0], ...held], 'target'],
  [
    'this machine, where the producer was full and had no time',
    900,
    [[1, 900], ...calm],
    'generator',
  ],
  ['this machine, where nobody held the records up', 900, [[0.5, 0], ...calm], 'generator'],
] as const;

for (const [who, lateMs, seconds, limitedBy] of rows) {
  test(`the rate was limited by ${who}`, () => {
    assert.equal(judged(lateMs, seconds), limitedBy);
  });
}
