import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpointFaults } from './fault-text.ts';
import { EndpointFaultInjector } from './inject-faults.ts';

const TIMES = 20_000;
const troubles = (text: string, seed = 1): EndpointFaultInjector =>
  new EndpointFaultInjector(parseEndpointFaults(text), seed, 0);
const times = <T>(draw: (index: number) => T, count = TIMES): readonly T[] =>
  Array.from({ length: count }, (_, index) => draw(index));
/** Within five standard deviations of the share: a seeded draw that fails stays failed. */
function assertShare(hits: number, share: number): void {
  const spread = 5 * Math.sqrt((share * (1 - share)) / TIMES);
  assert.ok(Math.abs(hits / TIMES - share) <= spread, `${hits} of ${TIMES}, not ${share}`);
}

test('a share of requests is hit, the rest is answered at once', () => {
  const all = troubles('http500=0.2,hang=0.1');
  const drawn = times(() => all.ofRequest(0));
  assertShare(drawn.filter(({ fault }) => fault === 'http500').length, 0.2);
  assertShare(drawn.filter(({ fault }) => fault === 'hang').length, 0.08);
  assert.ok(drawn.every(({ delayMs }) => delayMs === 0));
});

test('same seed, same requests, same troubles; another seed, others', () => {
  const drawn = (seed: number): unknown => {
    const all = troubles('hang=0.3,latency=lognormal(5ms,1),workers=4', seed);
    return times((index) => all.ofRequest(index), 200);
  };
  assert.deepEqual(drawn(7), drawn(7));
  assert.notDeepEqual(drawn(7), drawn(8));
});

test('a lognormal latency has its median and its deviation', () => {
  const all = troubles('latency=lognormal(20ms,0.5)');
  const drawn = times(() => all.ofRequest(0).delayMs);
  assertShare(drawn.filter((ms) => ms > 20).length, 0.5);
  // One deviation above the median of the logarithm.
  assertShare(drawn.filter((ms) => ms > 20 * Math.exp(0.5)).length, 0.1587);
});

test('of a bimodal latency a share is slow, and no answer is in between', () => {
  const all = troubles('latency=bimodal(5ms,200ms,10%)');
  const drawn = times(() => all.ofRequest(0).delayMs);
  assertShare(drawn.filter((ms) => ms === 200).length, 0.1);
  assert.ok(drawn.every((ms) => ms === 5 || ms === 200));
});

test('latencies add up', () => {
  assert.equal(troubles('latency=5ms,latency=20ms').ofRequest(0).delayMs, 25);
});

test('a rate with a burst throttles what is above it, at once', () => {
  const all = troubles('limit=100/s+10,latency=5ms');
  const at = (ms: number, count: number): number =>
    times(() => all.ofRequest(ms), count).filter(({ fault }) => fault !== 'throttle').length;
  assert.deepEqual([at(0, 50), at(1, 50), at(50, 50), at(10_000, 50)], [10, 0, 5, 10]);
  assert.deepEqual(all.ofRequest(10_000), { delayMs: 0, fault: 'throttle' });
});

test('over ten seconds a rate lets through its rate, and its burst once', () => {
  const all = troubles('limit=100/s+10');
  const drawn = times((index) => all.ofRequest(index / 2).fault);
  const passed = drawn.filter((fault) => fault === undefined).length;
  assert.ok(Math.abs(passed - 1010) <= 1, `${passed}`);
});

test('workers with a full queue throttle, at once', () => {
  const all = troubles('workers=1,queue=1,latency=8ms');
  const seen = times(() => all.ofRequest(0), 3);
  assert.deepEqual(seen, [
    { delayMs: 8, fault: undefined },
    { delayMs: 16, fault: undefined },
    { delayMs: 0, fault: 'throttle' },
  ]);
});

test('it is not ready for so long, counted from the moment the fault was set', () => {
  const all = troubles('not-ready=10s');
  const fault = (now: number): unknown => all.ofRequest(now).fault;
  assert.deepEqual([fault(0), fault(9999), fault(10_000)], ['not-ready', 'not-ready', undefined]);
  all.set(parseEndpointFaults('not-ready=10s'), 60_000);
  assert.deepEqual([fault(69_999), fault(70_000)], ['not-ready', undefined]);
});

test('it is dead for so long, now or later', () => {
  const dead = (text: string): readonly boolean[] =>
    [0, 5000, 9999, 14_999, 15_000].map((now) => troubles(text).isDead(now));
  assert.deepEqual(dead('dead=10s'), [true, true, true, false, false]);
  assert.deepEqual(dead('dead=5s+10s'), [false, true, true, true, false]);
  const later = troubles('');
  later.set(parseEndpointFaults('dead=10s'), 60_000);
  assert.deepEqual([later.isDead(69_999), later.isDead(70_000)], [true, false]);
});

test('scores of rows are turned, lost or left out by their share', () => {
  const all = troubles('wrong=0.1,nan=0.1,missing=0.1');
  const scores = new Float32Array(TIMES).fill(0.25);
  all.answerFault(scores, TIMES, []);
  assertShare(scores.filter((score) => score === 0.75).length, 0.1);
  assertShare(scores.filter((score) => Number.isNaN(score)).length, 0.09);
  assertShare(scores.filter((score) => score === Number.POSITIVE_INFINITY).length, 0.081);
});

test('the scores of known transactions are turned, no others', () => {
  const all = troubles('wrong-ids=ids(T2,T9)');
  const scores = new Float32Array(3).fill(0.25);
  all.answerFault(scores, 3, ['T1', 'T2', 'T3']);
  assert.deepEqual([...scores], [0.25, 0.75, 0.25]);
});

test('faults that are set replace all others', () => {
  const all = troubles('throttle=1,workers=1,queue=0,wrong=1,limit=1/s');
  all.set(parseEndpointFaults('reset=1'), 5);
  assert.deepEqual(all.ofRequest(5), { delayMs: 0, fault: 'reset' });
  assert.equal(all.bendsRows, false);
  assert.deepEqual(all.faults, [{ kind: 'reset', share: 1 }]);
});
