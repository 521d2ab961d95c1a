import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ScoreSettings, scoreDefaults } from '../../dist/scoring/score-settings.js';
import { fraudstream } from '../support/fraudstream.ts';
import {
  answer,
  type Behaviour,
  type Scored,
  SimulatedScoring,
  scoredBy,
  scoresFor,
} from '../support/scored.ts';
import { seeded } from '../support/seeded.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const CAPACITY_PER_SECOND = 200;
/** Twice the timeout, in whose first half waiting builds up, but not less. */
const LEAST_SECONDS = 8;
const OFFERED = [0.5, 1, 2, 5, 10];
const FEWEST = 0.9;

/**
 * An endpoint of so many workers, each of which takes about `serviceMs`, so that all of them make 200/s.
 * What finds none free waits, or is refused when `queue` wait already. Given up or not, it takes its worker.
 */
function endpointOf(
  serviceMs: number,
  spread: number,
  queue = Number.POSITIVE_INFINITY,
): Behaviour {
  const workers = Math.round((CAPACITY_PER_SECOND * serviceMs) / 1000);
  const freeAt: number[] = Array.from({ length: workers }, () => 0);
  const random = seeded(11);
  return (numbers, _request, now) => {
    const waiting = freeAt.reduce((sum, at) => sum + Math.max(0, at - now), 0) / serviceMs;
    if (waiting > workers + queue) return { afterMs: 1, reply: answer(429, '{}') };
    const worker = freeAt.indexOf(Math.min(...freeAt));
    const takes = serviceMs * (1 - spread + 2 * spread * random());
    freeAt[worker] = Math.max(now, freeAt[worker] ?? 0) + takes;
    return { afterMs: (freeAt[worker] ?? 0) - now, reply: scoresFor(numbers) };
  };
}

interface Run extends Scored {
  readonly scoredPerSecond: number;
  readonly count: number;
}

async function offered(
  times: number,
  behave: Behaviour,
  settings: Partial<ScoreSettings>,
): Promise<Run> {
  const clock = new VirtualClock();
  const endpoint = new SimulatedScoring(clock, behave);
  const perSecond = times * CAPACITY_PER_SECOND;
  const { timeoutMs = scoreDefaults.timeoutMs } = settings;
  const seconds = Math.max(LEAST_SECONDS, (2 * timeoutMs) / 1000);
  const settledMs = 500 * seconds;
  const course = { count: perSecond * seconds, perSecond, groupSize: Math.ceil(perSecond / 100) };
  const startedAt = clock.now();
  const scored = await clock.pass(scoredBy(endpoint, clock, { ...course, settings }));
  const steady = scored.outcomes.filter(({ error, settledAt }) => {
    const at = settledAt - startedAt;
    return error === undefined && at >= settledMs && at < 2 * settledMs;
  });
  const scoredPerSecond = (1000 * steady.length) / settledMs;
  return { ...scored, scoredPerSecond, count: course.count };
}

const settingsTried: readonly (readonly [string, Partial<ScoreSettings>])[] = [
  ['the default timeout', {}],
  ['a timeout of 1 s', { timeoutMs: 1_000 }],
  ['a timeout of 300 ms', { timeoutMs: 300 }],
  ['ordered outcomes', { timeoutMs: 2_000, isOrdered: true }],
  ['a fixed limit', { timeoutMs: 5_000, concurrency: 'fixed' }],
];
const endpoints: readonly (readonly [string, () => Behaviour])[] = [
  ['80 ms a request', () => endpointOf(80, 0.5)],
  ['5 ms a request', () => endpointOf(5, 0.3)],
  ['a queue of 16, then 429', () => endpointOf(80, 0.5, 16)],
];

for (const [what, settings] of settingsTried) {
  for (const [who, behaviour] of endpoints) {
    test(`overload, ${what}, ${who}: at least 90 % of the capacity is scored from half to ten times of it`, async () => {
      for (const times of OFFERED) {
        const { scoredPerSecond, outcomes, scorer, count } = await offered(
          times,
          behaviour(),
          settings,
        );
        const possible = Math.min(1, times) * CAPACITY_PER_SECOND;
        const timeouts = outcomes.filter(({ error }) => error === 'timeout').length;
        const told = `${times} times: ${scoredPerSecond}/s, ${timeouts} timeouts`;
        assert.ok(scoredPerSecond >= FEWEST * possible, told);
        assert.equal(outcomes.length, count);
        assert.equal(scorer?.breaker.opens, 0, told);
      }
    });
  }
}

test('what waited too long for a slot says so, whatever the endpoint said of others', async () => {
  const { outcomes } = await offered(5, endpointOf(80, 0.5), { timeoutMs: 2_000 });
  const dropped = outcomes.filter(({ error }) => error !== undefined);
  assert.ok(dropped.length > 0.7 * outcomes.length, `${dropped.length} of ${outcomes.length}`);
  for (const { error, reason, attempts, sentAt } of dropped) {
    assert.deepEqual([error, attempts, sentAt], ['dropped', 0, Number.NaN]);
    assert.equal(reason, 'dropped after waiting up to 2 s for a free slot');
  }
});

test('ordered, outcomes leave as transactions came under overload too', async () => {
  const settings = { timeoutMs: 1_000, isOrdered: true };
  const { outcomes } = await offered(10, endpointOf(80, 0.5), settings);
  assert.ok(outcomes.every(({ ordinal }, place) => ordinal === place));
});

/** Answers, once, so that nobody takes it for one that is not there; then slowly. */
const slow: Behaviour = (numbers, request) => ({
  afterMs: request === 1 ? 1 : 300,
  reply: scoresFor(numbers),
});

test('a timeout that only our deadline cut short moves neither the breaker nor the limit', async () => {
  // Always too late for the deadline, well before the end of the time that a request may take.
  const settings = { timeoutMs: 200, requestTimeoutMs: 2_000, capacity: 32 };
  const { outcomes, traces, scorer } = await offered(0.5, slow, settings);
  const timeouts = outcomes.filter(({ error }) => error === 'timeout');
  assert.ok(timeouts.length > 150, `${timeouts.length}`);
  assert.match(timeouts[0]?.reason ?? '', /^no answer in \d+ ms that were left of --timeout$/);
  assert.equal(scorer?.breaker.opens, 0);
  assert.deepEqual(new Set(traces.map(({ limit }) => limit)), new Set([8]));
});

test('a timeout of the request itself is an outage, and opens the breaker', async () => {
  const settings = { timeoutMs: 2_000, requestTimeoutMs: 200, capacity: 32 };
  const { scorer } = await offered(0.5, slow, settings);
  assert.ok((scorer?.breaker.opens ?? 0) > 0);
});

test('a probe that only our deadline cut short leaves the breaker to the next one', async () => {
  let startedAt = Number.NaN;
  const recovering: Behaviour = (numbers, _request, now) => {
    startedAt = Number.isNaN(startedAt) ? now : startedAt;
    const atMs = now - startedAt;
    if (atMs < 1_000) return { afterMs: 1, reply: answer(503, '') };
    return atMs < 4_000
      ? { afterMs: 0, reply: 'never' }
      : { afterMs: 10, reply: scoresFor(numbers) };
  };
  const settings = { timeoutMs: 400, requestTimeoutMs: 2_000, capacity: 32 };
  const { scoredPerSecond } = await offered(0.5, recovering, settings);
  assert.ok(scoredPerSecond > 80, `${scoredPerSecond}`);
});

test('the command line at five times the capacity of the local endpoint: what was sent is scored, the rest is ours', async () => {
  // 200/s. On a busy machine it makes fewer, which is still told apart from what waits here.
  const { code, out } = await fraudstream([
    ...['score', '--local', '--endpoint-fault', 'workers=4,latency=20ms', '--seed', '3'],
    ...['--rate', '1000/s', '--count', '6000', '--timeout', '2s', '--output', 'json'],
  ]);
  assert.equal(code, 75);
  const { scoring } = JSON.parse(out);
  assert.equal(scoring.transactions, 6_000);
  assert.equal(scoring.breaker.opens, 0);
  assert.ok(scoring.scored >= 0.9 * scoring.requests, `${scoring.scored} of ${scoring.requests}`);
  assert.ok(scoring.dropped > 2_000, `${scoring.dropped} dropped`);
  const [{ code: reason }] = scoring.reasons;
  assert.equal(reason, 'dropped: dropped after waiting up to 2 s for a free slot');
});
