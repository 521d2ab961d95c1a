import { constant, firstOf } from './definition.ts';
import type { Event } from './event.ts';
import { writeMerchant } from './merchant-history.ts';
import {
  BUCKETS,
  clearMerchant,
  DAYS,
  MERCHANT_RING,
  type MerchantPage,
  merchantPage,
  spoke,
  turn,
} from './merchant-page.ts';
import { PAGE_SLOTS, Pages, placeIn } from './pages.ts';
import { type SavedSlots, Slots } from './slots.ts';

const DAY_MS = 86_400_000;
const BUCKET_MS = constant('merchant_bucket_ms');
const FEATURES = 9;

/** The state of merchants in a snapshot. */
export interface SavedMerchants {
  readonly slots: SavedSlots<string>;
  readonly pages: readonly MerchantPage[];
  readonly late: number;
  readonly staleReports: number;
}

/** What is known of each merchant, and the features that follow from it. */
export class Merchants {
  readonly slots: Slots<string> = new Slots(DAYS * DAY_MS);
  readonly #pages = new Pages(merchantPage);
  /** Events older than one of their merchant that came before. */
  late = 0;
  /** Reports of days that are no longer kept. */
  staleReports = 0;

  /** Writes the features of the merchant, then stores the event. */
  handle(event: Event, out: Float32Array, offset: number): void {
    const at = offset + firstOf.merchant;
    if (event.merchant === undefined) {
      out.fill(Number.NaN, at, at + FEATURES);
      return;
    }
    const slot = this.#slotOf(event.merchant);
    const page = this.#pages.of(slot);
    const place = placeIn(slot);
    const newest = page.newest[place] as number;
    if (event.at < newest) this.late += 1;
    const now = Math.max(event.at, newest);
    turnTo(page, place, now);
    writeMerchant(page, place, now, event, out, at);
    store(page, place, now, event);
    this.slots.touch(slot, now);
    this.slots.sweep(event.at);
  }

  /** Takes in that a fraud was reported at an instant. */
  learn(merchant: string, reportedAt: number): void {
    const slot = this.#slotOf(merchant);
    const page = this.#pages.of(slot);
    const place = placeIn(slot);
    const day = Math.floor(reportedAt / DAY_MS);
    const last = page.lastReportDays[place] as number;
    if (day <= last - DAYS) {
      this.staleReports += 1;
      return;
    }
    if (day > last) {
      turn(page.dayReports, place * DAYS, DAYS, last, day);
      page.lastReportDays[place] = day;
    }
    const index = place * DAYS + spoke(day, DAYS);
    page.dayReports[index] = (page.dayReports[index] as number) + 1;
    this.slots.touch(slot, (day + 1) * DAY_MS);
  }

  #slotOf(merchant: string): number {
    const slot = this.slots.find(merchant);
    if (slot >= 0) return slot;
    const taken = this.slots.take(merchant);
    clearMerchant(this.#pages.of(taken), placeIn(taken));
    return taken;
  }

  save(): SavedMerchants {
    const { late, staleReports } = this;
    return { slots: this.slots.save(), pages: this.#pages.save(), late, staleReports };
  }

  load(saved: SavedMerchants): void {
    this.slots.load(saved.slots);
    this.#pages.load(saved.pages);
    this.late = saved.late;
    this.staleReports = saved.staleReports;
  }
}

/** Turns the wheels of buckets and days to an instant. */
function turnTo(page: MerchantPage, place: number, now: number): void {
  const bucket = Math.floor(now / BUCKET_MS);
  const lastBucket = page.lastBuckets[place] as number;
  if (bucket === lastBucket) return;
  const buckets = place * BUCKETS;
  turn(page.bucketEvents, buckets, BUCKETS, lastBucket, bucket);
  turn(page.bucketDeclines, buckets, BUCKETS, lastBucket, bucket);
  turn(page.bucketSmall, buckets, BUCKETS, lastBucket, bucket);
  page.lastBuckets[place] = bucket;
  const day = Math.floor(now / DAY_MS);
  const lastDay = page.lastDays[place] as number;
  turn(page.dayEvents, place * DAYS, DAYS, lastDay, day);
  turn(page.dayRefunds, place * DAYS, DAYS, lastDay, day);
  page.lastDays[place] = day;
}

/** Stores an event; the wheels are turned to its instant. */
function store(page: MerchantPage, place: number, now: number, event: Event): void {
  const head = page.heads[place] as number;
  const index = place * MERCHANT_RING + head;
  page.times[index] = now;
  page.spent[index] = event.isSpent ? event.cents : Number.NaN;
  page.bins[index] = event.binHash;
  page.last4s[index] = event.last4;
  page.rounds[index] = Number(event.zeros >= 3);
  page.heads[place] = (head + 1) % MERCHANT_RING;
  page.counts[place] = Math.min((page.counts[place] as number) + 1, MERCHANT_RING);
  page.newest[place] = now;
  const bucket = place * BUCKETS + spoke(Math.floor(now / BUCKET_MS), BUCKETS);
  add(page.bucketEvents, bucket, 1);
  add(page.bucketDeclines, bucket, Number(event.isDeclined));
  add(page.bucketSmall, bucket, Number(event.isSmall));
  const day = place * DAYS + spoke(Math.floor(now / DAY_MS), DAYS);
  add(page.dayEvents, day, 1);
  add(page.dayRefunds, day, Number(event.isRefund));
}

function add(counts: Uint32Array, index: number, more: number): void {
  counts[index] = (counts[index] as number) + more;
}
