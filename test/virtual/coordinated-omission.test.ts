import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scoring, unbounded } from '../../dist/metrics/scoring.js';
import { type Behaviour, SimulatedScoring, scoredBy, scoresFor } from '../support/scored.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const SERVICE_MS = 5;
const STALL_MS = 250;
const EVERY_MS = 1_000;

/** Answers after 5 ms, but nothing in the last 250 ms of each second. */
function stalling(startAt: number): Behaviour {
  return (numbers, _request, now) => {
    const inSecond = (now + SERVICE_MS - startAt) % EVERY_MS;
    const stallMs = inSecond >= EVERY_MS - STALL_MS ? EVERY_MS - inSecond : 0;
    return { afterMs: SERVICE_MS + stallMs, reply: scoresFor(numbers) };
  };
}

test('no coordinated omission: an endpoint that stalls 250 ms each second shows it in the p95 of response, not of service', async () => {
  const clock = new VirtualClock();
  const endpoint = new SimulatedScoring(clock, stalling(clock.now()));
  const settings = { capacity: 20, concurrency: 'fixed' as const };
  const course = { count: 5_000, perSecond: 1_000, groupSize: 1, settings };
  const { outcomes, traces, error } = await clock.pass(scoredBy(endpoint, clock, course));
  assert.equal(error, undefined);
  const scoring = new Scoring(0, 0);
  scoring.add(outcomes);
  for (const trace of traces) scoring.addRequest(trace);
  const { service, response, scored } = scoring.summary(5, unbounded);
  assert.equal(scored, 5_000);
  // 20 of a thousand requests are under way when the stall begins; what is due meanwhile waits for them.
  assert.ok(service.p95Ms < 2 * SERVICE_MS, `service p95 ${service.p95Ms} ms`);
  assert.ok(service.p99Ms > STALL_MS / 2, `service p99 ${service.p99Ms} ms`);
  assert.ok(response.p95Ms > STALL_MS / 2, `response p95 ${response.p95Ms} ms`);
});
