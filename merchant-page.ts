import { constant } from './definition.ts';
import { PAGE_SLOTS } from './pages.ts';

/** Events that a merchant remembers one by one. */
export const MERCHANT_RING: number = constant('merchant_ring');
/** Buckets in an hour. */
export const BUCKETS = 12;
/** Days of events and of reports that are kept. */
export const DAYS: number = constant('merchant_report_days');

/**
 * State of some merchants: a ring of events, buckets of five minutes, days.
 *
 * Shapes: rings `PAGE_SLOTS * MERCHANT_RING`; a bucket or a day stands at its number modulo how many there are.
 * `lastDays` and `lastBuckets` are those of the newest event, `lastReportDays` that of the newest report.
 */
export interface MerchantPage {
  readonly times: Float64Array;
  /** NaN unless spent. */
  readonly spent: Float64Array;
  readonly bins: Uint32Array;
  /** The last four digits, -1 where the number is not known. */
  readonly last4s: Int16Array;
  readonly rounds: Uint8Array;
  readonly heads: Uint8Array;
  readonly counts: Uint8Array;
  readonly newest: Float64Array;
  readonly lastBuckets: Float64Array;
  readonly bucketEvents: Uint32Array;
  readonly bucketDeclines: Uint32Array;
  readonly bucketSmall: Uint32Array;
  readonly lastDays: Float64Array;
  readonly dayEvents: Uint32Array;
  readonly dayRefunds: Uint32Array;
  readonly lastReportDays: Float64Array;
  readonly dayReports: Uint32Array;
}

/** State of some merchants that have sold nothing yet. */
export function merchantPage(): MerchantPage {
  const ring = PAGE_SLOTS * MERCHANT_RING;
  return {
    times: new Float64Array(ring),
    spent: new Float64Array(ring),
    bins: new Uint32Array(ring),
    last4s: new Int16Array(ring),
    rounds: new Uint8Array(ring),
    heads: new Uint8Array(PAGE_SLOTS),
    counts: new Uint8Array(PAGE_SLOTS),
    newest: new Float64Array(PAGE_SLOTS),
    lastBuckets: new Float64Array(PAGE_SLOTS),
    bucketEvents: new Uint32Array(PAGE_SLOTS * BUCKETS),
    bucketDeclines: new Uint32Array(PAGE_SLOTS * BUCKETS),
    bucketSmall: new Uint32Array(PAGE_SLOTS * BUCKETS),
    lastDays: new Float64Array(PAGE_SLOTS),
    dayEvents: new Uint32Array(PAGE_SLOTS * DAYS),
    dayRefunds: new Uint32Array(PAGE_SLOTS * DAYS),
    lastReportDays: new Float64Array(PAGE_SLOTS),
    dayReports: new Uint32Array(PAGE_SLOTS * DAYS),
  };
}

/** Forgets all about a merchant. */
export function clearMerchant(page: MerchantPage, place: number): void {
  page.heads[place] = 0;
  page.counts[place] = 0;
  page.newest[place] = Number.NEGATIVE_INFINITY;
  page.lastBuckets[place] = Number.NEGATIVE_INFINITY;
  page.lastDays[place] = Number.NEGATIVE_INFINITY;
  page.lastReportDays[place] = Number.NEGATIVE_INFINITY;
}

/**
 * Empties what the time from one number of a wheel to the next has passed over.
 *
 * A wheel keeps the last `size` numbers of buckets or days, each at its number modulo `size`.
 */
export function turn(
  wheel: Uint32Array,
  start: number,
  size: number,
  last: number,
  next: number,
): void {
  if (next - last >= size) {
    wheel.fill(0, start, start + size);
    return;
  }
  for (let number = last + 1; number <= next; number += 1) wheel[start + spoke(number, size)] = 0;
}

/** Where a number stands on a wheel, also one from before 1970. */
export function spoke(number: number, size: number): number {
  return number - size * Math.floor(number / size);
}
