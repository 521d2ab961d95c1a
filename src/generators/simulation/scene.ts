import type { AddressSpace } from '../addresses/address-space.ts';
import { unitOf } from '../numbers/random.ts';
import type { Cards } from '../population/cards.ts';
import type { Merchants } from '../population/merchants.ts';
import type { Calendar } from '../spending/arrival-times.ts';
import type { ExchangeRates } from '../spending/exchange-rates.ts';
import type { Habits } from '../spending/habits.ts';

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
  readonly habits: Habits;
  readonly rates: ExchangeRates;
  /** The countries that there are, by their places in the list of countries. */
  readonly activeCountries: readonly number[];
}

/** A country of the world, each as likely as the other. */
export function randomCountry({ activeCountries }: Scene, draw: number): number {
  return activeCountries[Math.floor(unitOf(draw) * activeCountries.length)] as number;
}
