import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cautionOf } from '../report/document/views.ts';
import { loadGeneratorText } from '../report/text/pipeline-test-text.ts';
import { LoadGeneratorHealth } from './load-generator-health.ts';
import { snaked } from './snake-case.ts';

const second = (busyShare: number) => ({
  seconds: 1,
  cores: busyShare,
  busyShare,
  delayP99Ms: 1,
  delayMaxMs: 2,
  memoryBytes: 1e8,
  gcCount: 3,
  gcMs: 4,
  gcMaxMs: 2,
});

/** Ten seconds of a paced run, late by so much: busy so far, and held up for so long, in each. */
function judged(lateMs: number, seconds: readonly (readonly [busy: number, heldUpMs: number])[]) {
  const generator = new LoadGeneratorHealth(true);
  for (const [busy, blockedMs] of seconds) {
    generator.left([{ dueAt: 0 }], lateMs, 0);
    if (blockedMs > 0) generator.addBlocked(blockedMs);
    generator.addLoad(second(busy));
  }
  return generator.summary().limitedBy;
}

const calm = Array.from({ length: 9 }, () => [0.3, 0] as const);
const blocked = Array.from({ length: 9 }, () => [0.3, 400] as const);
const rows = [
  [
    'nobody, where records left on time, however busy a second was',
    5,
    [[1, 0], ...calm],
    'nothing',
  ],
  ['the target, where the producer was full and had time', 900, [[0.4, 0], ...blocked], 'target'],
  ['the target also after a busy second at the start', 900, [[1, 0], ...blocked], 'target'],
  [
    'this machine, where the producer was full and had no time',
    900,
    [[1, 900], ...calm],
    'generator',
  ],
  ['this machine, where nobody held the records up', 900, [[0.5, 0], ...calm], 'generator'],
] as const;

/** A paced run at 100/s: which records left late, by how much, of how many seconds. */
function paced(seconds: number, lateMs: (ms: number) => number, measuredFrom = 0) {
  const generator = new LoadGeneratorHealth(true);
  for (let dueAt = 0; dueAt < 1000 * seconds; dueAt += 10) {
    generator.left([{ dueAt }], dueAt + lateMs(dueAt), measuredFrom);
  }
  return generator.summary();
}

test('a pause of a short run is no saturation, one rate that was not kept is', () => {
  const pauseAt = (from: number, ms: number) => (at: number) =>
    at >= from && at < from + ms ? from + ms - at : 0;
  for (const from of [0, 900, 2_000]) {
    const { limitedBy, slip } = paced(3, pauseAt(from, 400));
    assert.deepEqual([limitedBy, slip.p99Ms > 100], ['nothing', true], `at ${from}`);
  }
  assert.equal(paced(3, (at) => at / 2).limitedBy, 'generator');
  assert.equal(paced(1, (at) => at / 2).limitedBy, 'generator');
  // Late again in every second.
  assert.equal(paced(5, (at) => (at % 1000 < 200 ? 80 : 0)).limitedBy, 'generator');
  // In a longer run the p99 says it.
  assert.equal(paced(60, (at) => (at % 1000 < 50 ? 80 : 0)).limitedBy, 'generator');
  assert.equal(paced(60, pauseAt(0, 400)).limitedBy, 'nothing');
});

test('a pause is said beside the latencies in every form', () => {
  const summary = paced(3, (at) => (at < 400 ? 400 - at : 0));
  const document = { schema_version: 2, command: 'run', generator: snaked(summary) } as const;
  assert.match(cautionOf(document) ?? '', /This machine paused for a moment: .* after due in p99/);
  assert.match(loadGeneratorText(summary).join(), /kept its schedule, but for a pause/);
  const calm = { ...document, generator: snaked(paced(3, () => 1)) };
  assert.equal(cautionOf(calm), undefined);
});

test('of nothing but a warm-up nobody knows whether the schedule was kept', () => {
  const summary = paced(1, () => 0, 5_000);
  assert.equal(summary.limitedBy, 'unknown');
  assert.equal(summary.isSaturated, false);
  const text = loadGeneratorText(summary).join('\n');
  assert.match(text, /Generator +NOT MEASURED: no record was due after the warm-up/);
  assert.doesNotMatch(text, /kept its schedule|after due/);
});

for (const [who, lateMs, seconds, limitedBy] of rows) {
  test(`the rate was limited by ${who}`, () => {
    assert.equal(judged(lateMs, seconds), limitedBy);
  });
}
