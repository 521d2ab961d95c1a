import { writeHistory } from './card-history.ts';
import {
  CARD_RING,
  type CardPage,
  CHANNEL_SHIFT,
  cardPage,
  clearCard,
  DECLINED,
  NO_MCC,
  SMALL,
  SPENT,
  WITH_MERCHANT,
} from './card-page.ts';
import { kilometres } from './countries.ts';
import { constant, firstOf } from './definition.ts';
import type { Event } from './event.ts';
import { ageOf, noteIn } from './first-seen.ts';
import { Pages, placeIn } from './pages.ts';
import { type SavedSlots, Slots } from './slots.ts';

const FORGOTTEN_AFTER_MS = constant('card_forgotten_after_ms');
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The state of cards in a snapshot. */
export interface SavedCards {
  readonly slots: SavedSlots<string>;
  readonly pages: readonly CardPage[];
  readonly late: number;
}

/** What is known of each card, and the features that follow from it. */
export class Cards {
  readonly slots: Slots<string> = new Slots(FORGOTTEN_AFTER_MS);
  readonly #pages = new Pages(cardPage);
  /** Events older than one of their card that came before. */
  late = 0;

  /** Writes the features of the card, then stores the event. */
  handle(event: Event, out: Float32Array, offset: number): void {
    const slot = this.#slotOf(event.card);
    const page = this.#pages.of(slot);
    const place = placeIn(slot);
    const newest = page.newest[place] as number;
    if (event.at < newest) this.late += 1;
    const now = Math.max(event.at, newest);
    if (now - newest > FORGOTTEN_AFTER_MS) clearCard(page, place);
    const next = writeHistory(page, place, now, event, out, offset + firstOf.card);
    writeAges(page, place, now, event, out, next);
    store(page, place, now, event);
    this.slots.touch(slot, now);
    this.slots.sweep(event.at);
  }

  #slotOf(card: string): number {
    const slot = this.slots.find(card);
    if (slot >= 0) return slot;
    const taken = this.slots.take(card);
    clearCard(this.#pages.of(taken), placeIn(taken));
    return taken;
  }

  save(): SavedCards {
    return { slots: this.slots.save(), pages: this.#pages.save(), late: this.late };
  }

  load(saved: SavedCards): void {
    this.slots.load(saved.slots);
    this.#pages.load(saved.pages);
    this.late = saved.late;
  }
}

function writeAges(
  page: CardPage,
  place: number,
  now: number,
  event: Event,
  out: Float32Array,
  at: number,
): void {
  const { devices, prefixes, ipCountries } = page;
  const { hasDevice, deviceHash, prefix, ipCountry, merchantCountry } = event;
  out[at] = hasDevice ? ageOf(devices, place, deviceHash, now) : Number.NaN;
  out[at + 1] = Number.isNaN(prefix) ? prefix : ageOf(prefixes, place, prefix, now);
  out[at + 2] = ipCountry === 0 ? Number.NaN : ageOf(ipCountries, place, ipCountry, now);
  out[at + 3] = kilometres(page.ipCountry[place] as number, ipCountry);
  const from = event.isPresent ? (page.placeCountry[place] as number) : 0;
  const hours = (now - (page.placeAt[place] as number) + MINUTE_MS) / HOUR_MS;
  out[at + 4] = kilometres(from, merchantCountry) / hours;
}

function store(page: CardPage, place: number, now: number, event: Event): void {
  const head = page.heads[place] as number;
  const index = place * CARD_RING + head;
  page.times[index] = now;
  page.cents[index] = event.cents;
  page.merchants[index] = event.merchantHash;
  page.mccs[index] = event.mcc < 0 ? NO_MCC : event.mcc;
  page.flags[index] = flagsOf(event);
  page.heads[place] = (head + 1) % CARD_RING;
  page.counts[place] = Math.min((page.counts[place] as number) + 1, CARD_RING);
  page.newest[place] = now;
  if (event.hasDevice) noteIn(page.devices, place, event.deviceHash, now);
  if (!Number.isNaN(event.prefix)) noteIn(page.prefixes, place, event.prefix, now);
  if (event.ipCountry !== 0) {
    noteIn(page.ipCountries, place, event.ipCountry, now);
    page.ipCountry[place] = event.ipCountry;
  }
  if (event.isPresent && event.merchantCountry !== 0) {
    page.placeCountry[place] = event.merchantCountry;
    page.placeAt[place] = now;
  }
}

function flagsOf(event: Event): number {
  return (
    (event.isSpent ? SPENT : 0) |
    (event.isSmall ? SMALL : 0) |
    (event.isDeclined ? DECLINED : 0) |
    (event.merchant === undefined ? 0 : WITH_MERCHANT) |
    ((event.channel + 1) << CHANNEL_SHIFT)
  );
}
