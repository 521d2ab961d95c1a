import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchSummary } from '../../metrics/capacity.ts';
import { searchText } from './search-text.ts';

const nothing: SearchSummary = {
  capacityPerSecond: undefined,
  brokenAtPerSecond: undefined,
  goodputPerSecond: undefined,
  kneePerSecond: undefined,
  isOurs: false,
  isStopped: true,
  trials: [],
};

test('a search that was stopped before its first answer says so, and claims no capacity', () => {
  const text = searchText(nothing).join('\n');
  assert.match(text, /Stopped {2,}before its end/);
  assert.match(text, /Capacity {2,}-$/m);
});

test('a search that came to its end is not called stopped', () => {
  const whole = { ...nothing, isStopped: false, capacityPerSecond: 100 };
  const text = searchText(whole).join('\n');
  assert.doesNotMatch(text, /Stopped/);
  assert.match(text, /Capacity {2,}100\/s or more: nothing broke/);
});

const trial = {
  ...{ targetPerSecond: 10, isKept: true, agreeing: 2, tries: 3, isOurs: false },
  ...{ achievedPerSecond: 10, goodPerSecond: 10, errorsShare: 0, p50Ms: 3, p99Ms: 7 },
  ...{ samples: 600, samplesNeeded: 1000, why: 'probe.response.p99 >= 50ms (60.0 ms)' },
};

test('a rate that was kept by few samples, or not in each try, says so', () => {
  const text = searchText({ ...nothing, isStopped: false, trials: [trial] }).join('\n');
  assert.match(
    text,
    /2\/3 {2}kept, but one trial failed: probe\.response\.p99 >= 50ms \(60\.0 ms\)/,
  );
  assert.match(text, /, by 600 answers where 1,000 are needed$/m);
});

test('what broke above the capacity is named, and why a search ended', () => {
  const broken = { ...trial, targetPerSecond: 20, isKept: false, samples: 0, p99Ms: undefined };
  const summary = {
    ...nothing,
    capacityPerSecond: 10,
    brokenAtPerSecond: 20,
    endReason: 'errors: no',
  };
  const text = searchText({ ...summary, trials: [trial, { ...broken, p50Ms: undefined }] }).join(
    '\n',
  );
  assert.match(text, /Breaks at {2,}20\/s: probe\.response\.p99 >= 50ms/);
  assert.match(text, /Ended {2,}errors: no$/m);
  assert.match(text, / – {2,}– {2,}2\/3 {2}broken/);
});
