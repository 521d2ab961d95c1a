import { exp } from '../numbers/exact-math.ts';
import { hash, unitOf } from '../numbers/random.ts';
import { countries } from '../population/countries.ts';

const DAY_MS = 86_400_000;
const SALT = 91;
/** Rates move on scales of a day, four days and so on: swings of this size on the longest, in logarithms. */
const SCALES = 5;
const DAYS_PER_SCALE = 4;
const LONGEST_SWING = 0.15;
/** Currencies that are held to the dollar. Source: their central banks. */
const PEGGED = ['USD', 'AED', 'BHD'];

/** Units of each country's currency for a dollar, day by day. */
export class ExchangeRates {
  readonly #key: number;
  readonly #perUsd = new Float64Array(countries.length);
  #day = Number.NaN;

  constructor(key: number) {
    this.#key = key;
  }

  /** Of a country's currency at an instant, in major units. Rates are set once a day, at midnight UTC. */
  perUsd(country: number, atMs: number): number {
    const day = Math.floor(atMs / DAY_MS);
    if (day !== this.#day) this.#turn(day);
    return this.#perUsd[country] as number;
  }

  #turn(day: number): void {
    this.#day = day;
    for (const [country, { currency, unitsPerUsd }] of countries.entries()) {
      const owner = countries.findIndex((other) => other.currency === currency);
      const isPegged = PEGGED.includes(currency);
      this.#perUsd[country] = unitsPerUsd * (isPegged ? 1 : exp(this.#swing(owner, day)));
    }
  }

  /** Noise on every scale, smaller on the shorter ones as in a random walk, which nobody has to remember. */
  #swing(currency: number, day: number): number {
    let swing = 0;
    let size = LONGEST_SWING;
    for (let scale = SCALES; scale >= 0; scale -= 1) {
      const span = DAYS_PER_SCALE ** scale;
      const turn = Math.floor(day / span);
      const part = day / span - turn;
      const at = (index: number): number =>
        2 * unitOf(hash(this.#key ^ SALT, currency * 8 + scale, index)) - 1;
      swing += size * ((1 - part) * at(turn) + part * at(turn + 1));
      size /= 2;
    }
    return swing;
  }
}
