import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AdaptiveLimit,
  type ConcurrencyLimit,
  fixedLimit,
} from '../../dist/scoring/concurrency-limit.js';
import { type Phase, type PhaseResult, simulated } from '../support/simulated-endpoint.ts';

/** Workers of the endpoint and seconds: scaled out, then in. */
const phases: readonly Phase[] = [
  { workers: 16, seconds: 10 },
  { workers: 64, seconds: 10 },
  { workers: 8, seconds: 10 },
];
const CAPACITY = 256;
const SEEDS = [1, 2, 3, 4, 5, 6];
/** A limit that is fixed comes to the same with each. */
const FEW_SEEDS = [1, 2];

type LimiterOf = (random: () => number) => ConcurrencyLimit;

/** What each phase came to, on the average of the seeds: stalls fall where they will. */
function averaged(
  limiterOf: LimiterOf,
  queue: number,
  seeds: readonly number[],
): readonly PhaseResult[] {
  const runs = seeds.map((seed) => simulated(limiterOf, phases, queue, seed));
  const mean = (place: number, figure: keyof PhaseResult): number =>
    runs.reduce((sum, run) => sum + (run[place]?.[figure] ?? Number.NaN), 0) / runs.length;
  return phases.map((_, place) => ({
    steadyPerSecond: mean(place, 'steadyPerSecond'),
    steadyThrottled: mean(place, 'steadyThrottled'),
    throttled: mean(place, 'throttled'),
    p99Ms: mean(place, 'p99Ms'),
  }));
}

const adaptive: LimiterOf = (random) => new AdaptiveLimit(CAPACITY, random);
const FIXED = [8, 10, 12, 16, 20, 24, 32, 64, 72, 96];

for (const queue of [0, 0.5, 2]) {
  test(`capacity 16, 64, 8 with a queue of ${queue} a worker: near the best fixed limit, hardly throttled`, () => {
    const runs = FIXED.map((limit) => averaged(() => fixedLimit(limit), queue, FEW_SEEDS));
    for (const [place, result] of averaged(adaptive, queue, SEEDS).entries()) {
      const best = Math.max(...runs.map((run) => run[place]?.steadyPerSecond ?? 0));
      const told = `phase ${place}: ${JSON.stringify(result)}, best ${best}`;
      assert.ok(result.steadyPerSecond >= 0.95 * best, told);
      assert.ok(result.steadyThrottled < 0.02, told);
    }
  });
}

test('the limit finds a new capacity within two seconds', () => {
  const [, grown] = simulated(adaptive, phases, 2, 7);
  assert.ok((grown?.steadyPerSecond ?? 0) > 6_500, JSON.stringify(grown));
});

test('an endpoint that lets nothing in is asked ever less often, and the least limit is 1', () => {
  const limit = new AdaptiveLimit(64, () => 1);
  let now = 0;
  const pauses: number[] = [];
  for (let refusal = 0; refusal < 10; refusal += 1) {
    limit.add({ result: 'throttled', durationMs: 1, inFlight: 0 }, now);
    pauses.push(limit.pausedUntil - now);
    now = limit.pausedUntil;
  }
  assert.equal(limit.limit, 1);
  assert.deepEqual(pauses, [50, 100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000]);
});

test('a model that becomes three times slower does not starve', () => {
  const [, slow] = simulated(
    adaptive,
    [
      { workers: 16, seconds: 5 },
      { workers: 16, seconds: 20, serviceMs: 24 },
    ],
    2,
    5,
  );
  assert.ok((slow?.steadyPerSecond ?? 0) > 0.9 * ((16 * 1000) / 24 / 1.13), JSON.stringify(slow));
});
