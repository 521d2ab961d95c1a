import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockRegions } from '../population/cities.ts';
import { countries } from '../population/countries.ts';
import { utcOffsetHours } from '../population/time-zones.ts';
import { yearlyCalendar } from './arrival-times.ts';

/** The first region of a country. */
const placeOf = (code: string): number =>
  clockRegions.findIndex(({ country }) => countries[country]?.code === code);
const HALF_HOUR = 1_800_000;

test('the mean over a year is the one it states for an ordinary week, in every region, within 2 %', () => {
  const calendar = yearlyCalendar();
  const slots = 48 * 364;
  const sums = new Float64Array(clockRegions.length);
  for (let slot = 0; slot < slots; slot += 1) {
    const shares = calendar.shares(Date.UTC(2026, 0, 1) + slot * HALF_HOUR);
    for (const index of clockRegions.keys()) {
      sums[index] = (sums[index] as number) + (shares[index] as number);
      assert.ok((shares[index] as number) <= calendar.peakShare);
    }
  }
  for (const [index, { zone }] of clockRegions.entries()) {
    const ratio = (sums[index] as number) / slots / calendar.meanShare;
    assert.ok(Math.abs(ratio - 1) < 0.02, `${zone}: ${ratio}`);
  }
});

test('people pay by their own clock: little at three at night, in Berlin, Delhi and New York alike', () => {
  const calendar = yearlyCalendar();
  const night = Date.UTC(2026, 5, 17, 3);
  const hour = 3_600_000;
  for (const [code, offset] of [
    ['DE', 2],
    ['IN', 5.5],
    ['US', -4],
  ] as const) {
    const atNight = calendar.share(night - offset * hour, placeOf(code));
    assert.ok(atNight < 0.1, `${code} at night: ${atNight}`);
    assert.ok(calendar.share(night + (9 - offset) * hour, placeOf(code)) > 0.8, `${code} at noon`);
  }
});

test('holidays are quiet, the days before Christmas and Black Friday are not, each where they are kept', () => {
  const calendar = yearlyCalendar();
  const noon = (month: number, day: number, code: string): number => {
    const { zone = '' } = clockRegions[placeOf(code)] ?? {};
    const local = Date.UTC(2026, month - 1, day, 12);
    const at = local - utcOffsetHours(zone, local) * 3_600_000;
    return calendar.share(at, placeOf(code));
  };
  assert.ok(noon(7, 4, 'US') < 0.7 * noon(7, 11, 'US'));
  assert.ok(noon(7, 4, 'DE') === noon(7, 11, 'DE'));
  assert.ok(noon(11, 27, 'US') > 1.3 * noon(11, 20, 'US'), 'Black Friday 2026');
  assert.ok(noon(11, 27, 'JP') === noon(11, 20, 'JP'));
  assert.ok(noon(12, 18, 'GB') > 1.2 * noon(12, 4, 'GB'));
});
