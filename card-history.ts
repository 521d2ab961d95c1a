import {
  CARD_RING,
  type CardPage,
  CHANNEL_SHIFT,
  DECLINED,
  SMALL,
  SPENT,
  WITH_MERCHANT,
} from './card-page.ts';
import { windows } from './definition.ts';
import type { Event } from './event.ts';

const LAST = CARD_RING - 1;
const TEN_MINUTES = windows['10m'];
const HOUR = windows['1h'];
const DAY = windows['24h'];
const WEEK = windows['7d'];
/** Cents added to a mean or a deviation, so that nothing is divided by zero. */
const DOLLAR = 100;
/** Merchants met so far on a walk through the ring. */
const met = new Uint32Array(CARD_RING);

/**
 * Writes what the last events of a card say, in the order of the manifest, and returns where the next feature goes.
 *
 * Events of this very instant, whose age is 0, are in the ring but not in the history.
 */
export function writeHistory(
  page: CardPage,
  place: number,
  now: number,
  event: Event,
  out: Float32Array,
  offset: number,
): number {
  writeCounts(page, place, now, out, offset);
  writeAmounts(page, place, now, event.cents, out, offset + 8);
  writeWarnings(page, place, now, out, offset + 10);
  writeLikes(page, place, now, event, out, offset + 12);
  return offset + 16;
}

/** Where the event so many steps back stands in its page. */
function indexOf(page: CardPage, place: number, back: number): number {
  return place * CARD_RING + (((page.heads[place] as number) - back) & LAST);
}

function writeCounts(
  page: CardPage,
  place: number,
  now: number,
  out: Float32Array,
  at: number,
): void {
  const { times, cents, flags, counts } = page;
  let events = 0;
  let since = Number.NaN;
  let in10m = 0;
  let in1h = 0;
  let in24h = 0;
  let in7d = 0;
  let sum1h = 0;
  let sum24h = 0;
  for (let back = 1; back <= (counts[place] as number); back += 1) {
    const index = indexOf(page, place, back);
    const age = now - (times[index] as number);
    if (age === 0) continue;
    if (events === 0) since = age / 1000;
    events += 1;
    in10m += +(age <= TEN_MINUTES);
    in1h += +(age <= HOUR);
    in24h += +(age <= DAY);
    in7d += +(age <= WEEK);
    if (age > DAY || ((flags[index] as number) & SPENT) === 0) continue;
    sum24h += cents[index] as number;
    if (age <= HOUR) sum1h += cents[index] as number;
  }
  out[at] = events;
  out[at + 1] = since;
  out[at + 2] = in10m;
  out[at + 3] = in1h;
  out[at + 4] = in24h;
  out[at + 5] = in7d;
  out[at + 6] = sum1h / 100;
  out[at + 7] = sum24h / 100;
}

/** The amount against the mean of what the card spent, and how many deviations it is away. */
function writeAmounts(
  page: CardPage,
  place: number,
  now: number,
  amount: number,
  out: Float32Array,
  at: number,
): void {
  const { times, cents, flags, counts } = page;
  const count = counts[place] as number;
  let spent = 0;
  let sum = 0;
  for (let back = 1; back <= count; back += 1) {
    const index = indexOf(page, place, back);
    if (times[index] === now || ((flags[index] as number) & SPENT) === 0) continue;
    spent += 1;
    sum += cents[index] as number;
  }
  // Without any the mean is 0 / 0: missing.
  const mean = sum / spent;
  let squares = 0;
  for (let back = 1; back <= count; back += 1) {
    const index = indexOf(page, place, back);
    if (times[index] === now || ((flags[index] as number) & SPENT) === 0) continue;
    const away = (cents[index] as number) - mean;
    squares += away * away;
  }
  out[at] = amount / (mean + DOLLAR);
  out[at + 1] = spent < 2 ? Number.NaN : (amount - mean) / (Math.sqrt(squares / spent) + DOLLAR);
}

function writeWarnings(
  page: CardPage,
  place: number,
  now: number,
  out: Float32Array,
  at: number,
): void {
  const { times, flags, counts } = page;
  let declines = 0;
  let small = 0;
  for (let back = 1; back <= (counts[place] as number); back += 1) {
    const index = indexOf(page, place, back);
    const age = now - (times[index] as number);
    if (age > WEEK) break;
    if (age === 0) continue;
    const flag = flags[index] as number;
    declines += +(age <= HOUR && (flag & DECLINED) !== 0);
    small += +((flag & SMALL) !== 0);
  }
  out[at] = declines;
  out[at + 1] = small;
}

/** How many events are like this one. */
function writeLikes(
  page: CardPage,
  place: number,
  now: number,
  event: Event,
  out: Float32Array,
  at: number,
): void {
  const { times, merchants, mccs, flags, counts } = page;
  const { merchant, merchantHash, channel, mcc } = event;
  let distinct = 0;
  let sameMerchant = 0;
  let sameChannel = 0;
  let sameMcc = 0;
  for (let back = 1; back <= (counts[place] as number); back += 1) {
    const index = indexOf(page, place, back);
    const age = now - (times[index] as number);
    if (age === 0) continue;
    const flag = flags[index] as number;
    const other = merchants[index] as number;
    const hasMerchant = (flag & WITH_MERCHANT) !== 0;
    sameMerchant += +(hasMerchant && other === merchantHash);
    sameChannel += +(flag >> CHANNEL_SHIFT === channel + 1);
    sameMcc += +(age <= HOUR && mccs[index] === mcc);
    if (hasMerchant && age <= DAY && !isMet(other, distinct)) met[distinct++] = other;
  }
  out[at] = distinct;
  out[at + 1] = merchant === undefined ? Number.NaN : sameMerchant;
  out[at + 2] = channel < 0 ? Number.NaN : sameChannel;
  out[at + 3] = mcc < 0 ? Number.NaN : sameMcc;
}

function isMet(merchant: number, count: number): boolean {
  for (let at = 0; at < count; at += 1) if (met[at] === merchant) return true;
  return false;
}
