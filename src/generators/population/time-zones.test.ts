import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cities } from './cities.ts';
import { utcOffsetHours } from './time-zones.ts';

const HOUR_MS = 3_600_000;

/** What the time zone database of Node.js says. */
function known(format: Intl.DateTimeFormat, atMs: number): number {
  const part = (type: string): number =>
    Number(format.formatToParts(atMs).find((one) => one.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
  );
  return (local - Math.floor(atMs / 60_000) * 60_000) / HOUR_MS;
}

test('the clock of every city is the one of the time zone database, around each change of 2024 to 2027', () => {
  for (const zone of new Set(cities.map((city) => city.zone))) {
    const format = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    let before: number | undefined;
    for (let atMs = Date.UTC(2024, 0); atMs < Date.UTC(2028, 0); atMs += 24 * HOUR_MS) {
      const now = known(format, atMs);
      if (before !== undefined && before !== now) {
        for (let hour = -26; hour < 26; hour += 0.5) {
          const instant = atMs + hour * HOUR_MS;
          const clock = `${zone} ${new Date(instant).toISOString()}`;
          assert.equal(utcOffsetHours(zone, instant), known(format, instant), clock);
        }
      }
      assert.equal(utcOffsetHours(zone, atMs), now, `${zone} ${new Date(atMs).toISOString()}`);
      before = now;
    }
  }
});
