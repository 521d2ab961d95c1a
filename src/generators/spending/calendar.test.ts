import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countries } from '../population/countries.ts';
import { weeklyCalendar } from './calendar.ts';

const placeOf = (code: string): number => countries.findIndex((country) => country.code === code);

test('the mean over a week is the same in every country, and the one it states', () => {
  const calendar = weeklyCalendar();
  for (const place of countries.keys()) {
    let sum = 0;
    for (let slot = 0; slot < 336; slot += 1) sum += calendar.share(slot * 1_800_000, place);
    assert.ok(Math.abs(sum / 336 - calendar.meanShare) < 1e-12, `${countries[place]?.code}`);
  }
});

test('people pay by their own clock: little at three at night, in Berlin, Delhi and New York alike', () => {
  const calendar = weeklyCalendar();
  const night = Date.UTC(2026, 0, 7, 3);
  const hour = 3_600_000;
  for (const [code, offset] of [
    ['DE', 1],
    ['IN', 5.5],
    ['US', -6],
  ] as const) {
    const atNight = calendar.share(night - offset * hour, placeOf(code));
    assert.ok(atNight < 0.1, `${code} at night: ${atNight}`);
    assert.ok(calendar.share(night + (9 - offset) * hour, placeOf(code)) > 0.8, `${code} at noon`);
  }
});
