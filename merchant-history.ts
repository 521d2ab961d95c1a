import { windows } from './definition.ts';
import type { Event } from './event.ts';
import { BUCKETS, DAYS, MERCHANT_RING, type MerchantPage, spoke } from './merchant-page.ts';

const DAY_MS = 86_400_000;
const HOUR = windows['1h'];
const DAY = windows['24h'];
const WEEK = windows['7d'];
const DOLLAR = 100;
/** How far apart the last digits of neighbouring card numbers are at most. */
const NEAR = 8;
/** The share of fraud that a new merchant is taken to have: half a report in 250 transactions. */
const PRIOR_REPORTS = 0.5;
const PRIOR_EVENTS = 250;

/** Writes the features of a merchant in the order of the manifest; the wheels are turned to `now`. */
export function writeMerchant(
  page: MerchantPage,
  place: number,
  now: number,
  event: Event,
  out: Float32Array,
  at: number,
): void {
  const day = Math.floor(now / DAY_MS);
  writeBuckets(page, place, day, out, at);
  const refunds = place * DAYS;
  out[at + 4] =
    (page.dayRefunds[refunds + spoke(day, DAYS)] as number) +
    (page.dayRefunds[refunds + spoke(day - 1, DAYS)] as number);
  writeRing(page, place, now, event, out, at + 5);
  const reports = reportsBefore(page, place, day) + PRIOR_REPORTS;
  out[at + 8] = reports / (eventsBefore(page, place, day, 30) + PRIOR_EVENTS);
}

/** How busy the merchant is now, against its habit; how much of it is declined, how much small. */
function writeBuckets(
  page: MerchantPage,
  place: number,
  day: number,
  out: Float32Array,
  at: number,
): void {
  const start = place * BUCKETS;
  const last = page.lastBuckets[place] as number;
  let events = 0;
  let declines = 0;
  let small = 0;
  for (let index = start; index < start + BUCKETS; index += 1) {
    events += page.bucketEvents[index] as number;
    declines += page.bucketDeclines[index] as number;
    small += page.bucketSmall[index] as number;
  }
  out[at] =
    (page.bucketEvents[start + spoke(last, BUCKETS)] as number) +
    (page.bucketEvents[start + spoke(last - 1, BUCKETS)] as number);
  let days = 0;
  for (let back = 1; back <= 7; back += 1) {
    days += +((page.dayEvents[place * DAYS + spoke(day - back, DAYS)] as number) > 0);
  }
  const habit = eventsBefore(page, place, day, 7) / (24 * days);
  out[at + 1] = (events + 1) / (habit + 1);
  // Of nothing, 0 / 0 is missing.
  out[at + 2] = declines / events;
  out[at + 3] = small / events;
}

/** Events of the days before this one. */
function eventsBefore(page: MerchantPage, place: number, day: number, days: number): number {
  let events = 0;
  for (let back = 1; back <= days; back += 1) {
    events += page.dayEvents[place * DAYS + spoke(day - back, DAYS)] as number;
  }
  return events;
}

/** Frauds reported on the 30 days before this one, of those that are kept. */
function reportsBefore(page: MerchantPage, place: number, day: number): number {
  const last = page.lastReportDays[place] as number;
  let reports = 0;
  const newest = Math.min(day - 1, last);
  for (let of = Math.max(day - 30, last - DAYS + 1); of <= newest; of += 1) {
    reports += page.dayReports[place * DAYS + spoke(of, DAYS)] as number;
  }
  return reports;
}

/** What the last events say one by one: round amounts, the amount against the others, neighbouring numbers. */
function writeRing(
  page: MerchantPage,
  place: number,
  now: number,
  event: Event,
  out: Float32Array,
  at: number,
): void {
  const { times, spent, rounds } = page;
  const head = page.heads[place] as number;
  let round = 0;
  let sum = 0;
  let count = 0;
  let neighbours = 0;
  for (let back = 1; back <= (page.counts[place] as number); back += 1) {
    const index = place * MERCHANT_RING + ((head - back) & (MERCHANT_RING - 1));
    const age = now - (times[index] as number);
    if (age > WEEK) break;
    if (age === 0) continue;
    const cents = spent[index] as number;
    if (!Number.isNaN(cents)) {
      sum += cents;
      count += 1;
    }
    if (age <= DAY) round += rounds[index] as number;
    if (age <= HOUR) neighbours += +isNeighbour(page, index, event);
  }
  out[at] = round;
  out[at + 1] = event.cents / (sum / count + DOLLAR);
  out[at + 2] = event.last4 < 0 ? Number.NaN : neighbours;
}

function isNeighbour(page: MerchantPage, index: number, { binHash, last4 }: Event): boolean {
  const other = page.last4s[index] as number;
  const apart = Math.abs(other - last4);
  return other >= 0 && page.bins[index] === binHash && apart >= 1 && apart <= NEAR;
}
