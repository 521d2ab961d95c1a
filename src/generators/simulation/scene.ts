import type { AddressSpace } from '../addresses/address-space.ts';
import type { Cards } from '../population/cards.ts';
import type { Merchants } from '../population/merchants.ts';
import type { Calendar } from '../spending/calendar.ts';

/** What everybody who makes transactions can see, and nobody changes. */
export interface Scene {
  /** 32 bits of the seed, for hashes. */
  readonly key: number;
  /** The first instant, epoch milliseconds. */
  readonly startAt: number;
  readonly cards: Cards;
  readonly merchants: Merchants;
  readonly addresses: AddressSpace;
  readonly calendar: Calendar;
}
