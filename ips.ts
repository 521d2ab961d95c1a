import { constant, firstOf, windows } from './definition.ts';
import type { Event } from './event.ts';
import { PAGE_SLOTS, Pages, placeIn } from './pages.ts';
import { type SavedSlots, Slots } from './slots.ts';
import { textHash } from './text-hash.ts';

const RING = constant('ip_ring');
const HOUR = windows['1h'];
const DAY = windows['24h'];
/** Cards met so far on a walk through the ring. */
const met = new Uint32Array(RING);

/** State of some addresses: rings of their last events, the newest before `heads`. */
interface IpPage {
  readonly times: Float64Array;
  readonly cards: Uint32Array;
  readonly declines: Uint8Array;
  readonly heads: Uint8Array;
  readonly counts: Uint8Array;
  readonly newest: Float64Array;
}

function ipPage(): IpPage {
  return {
    times: new Float64Array(PAGE_SLOTS * RING),
    cards: new Uint32Array(PAGE_SLOTS * RING),
    declines: new Uint8Array(PAGE_SLOTS * RING),
    heads: new Uint8Array(PAGE_SLOTS),
    counts: new Uint8Array(PAGE_SLOTS),
    newest: new Float64Array(PAGE_SLOTS),
  };
}

/** The state of addresses in a snapshot. */
export interface SavedIps {
  readonly slots: SavedSlots<number>;
  readonly pages: readonly IpPage[];
  readonly late: number;
}

/** What is known of each source address, and the features that follow from it. */
export class Ips {
  readonly slots: Slots<number> = new Slots(DAY);
  readonly #pages = new Pages(ipPage);
  /** Events older than one of their address that came before. */
  late = 0;

  /** Writes the features of the address, then stores the event. */
  handle(event: Event, out: Float32Array, offset: number): void {
    const at = offset + firstOf.ip;
    if (Number.isNaN(event.address)) {
      out.fill(Number.NaN, at, at + 3);
      return;
    }
    const slot = this.#slotOf(event.address);
    const page = this.#pages.of(slot);
    const place = placeIn(slot);
    const newest = page.newest[place] as number;
    if (event.at < newest) this.late += 1;
    const now = Math.max(event.at, newest);
    const card = textHash(event.card);
    write(page, place, now, card, out, at);
    store(page, place, now, card, event.isDeclined);
    this.slots.touch(slot, now);
    this.slots.sweep(event.at);
  }

  #slotOf(address: number): number {
    const slot = this.slots.find(address);
    if (slot >= 0) return slot;
    const taken = this.slots.take(address);
    const page = this.#pages.of(taken);
    page.heads[placeIn(taken)] = 0;
    page.counts[placeIn(taken)] = 0;
    page.newest[placeIn(taken)] = Number.NEGATIVE_INFINITY;
    return taken;
  }

  save(): SavedIps {
    return { slots: this.slots.save(), pages: this.#pages.save(), late: this.late };
  }

  load(saved: SavedIps): void {
    this.slots.load(saved.slots);
    this.#pages.load(saved.pages);
    this.late = saved.late;
  }
}

function write(
  page: IpPage,
  place: number,
  now: number,
  card: number,
  out: Float32Array,
  at: number,
): void {
  const head = page.heads[place] as number;
  const count = page.counts[place] as number;
  let in1h = 0;
  let in24h = 0;
  let declines = 0;
  for (let back = 1; back <= count; back += 1) {
    const index = place * RING + ((head - back) & (RING - 1));
    const age = now - (page.times[index] as number);
    if (age > DAY) break;
    if (age === 0) continue;
    declines += +(age <= HOUR) * (page.declines[index] as number);
    const other = page.cards[index] as number;
    if (other === card || isMet(other, in24h)) continue;
    met[in24h] = other;
    in24h += 1;
    // From the newest on, a card is met first in the shortest window it is in.
    in1h += +(age <= HOUR);
  }
  out[at] = in1h;
  out[at + 1] = in24h;
  out[at + 2] = declines;
}

function isMet(card: number, count: number): boolean {
  for (let at = 0; at < count; at += 1) if (met[at] === card) return true;
  return false;
}

function store(page: IpPage, place: number, now: number, card: number, isDeclined: boolean): void {
  const head = page.heads[place] as number;
  const index = place * RING + head;
  page.times[index] = now;
  page.cards[index] = card;
  page.declines[index] = Number(isDeclined);
  page.heads[place] = (head + 1) % RING;
  page.counts[place] = Math.min((page.counts[place] as number) + 1, RING);
  page.newest[place] = now;
}
