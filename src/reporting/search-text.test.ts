import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchSummary } from './search.ts';
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
