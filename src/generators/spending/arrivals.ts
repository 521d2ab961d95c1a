import type { Random } from '../numbers/random.ts';
import type { ShardCards } from '../simulation/shard-cards.ts';
import type { Calendar } from './calendar.ts';

/**
 * When the cards of a shard are used, and which.
 *
 * Cards act independently, so that their sum is one Poisson process, whose rate is constant for half
 * an hour: the next arrival is drawn at that rate, and drawn anew from where the half hour ends.
 * The country is then chosen by what each adds to the rate, so that nothing is drawn in vain.
 */
export class Arrivals {
  /** Whose the last one was. */
  card = 0;
  readonly #calendar: Calendar;
  readonly #cards: ShardCards;
  readonly #random: Random;
  /** Arrivals a millisecond of one unit of activity at a share of 1. */
  readonly #perMs: number;
  /** What the countries up to each add to the rate, in the half hour that ends at `#slotEnd`. */
  readonly #upTo: Float64Array;
  #rate = 0;
  #slotEnd = Number.NEGATIVE_INFINITY;

  /** `perMs`: arrivals a millisecond, on average over an ordinary week. */
  constructor(calendar: Calendar, cards: ShardCards, random: Random, perMs: number) {
    this.#calendar = calendar;
    this.#cards = cards;
    this.#random = random;
    this.#perMs = perMs / calendar.meanShare / cards.activity;
    this.#upTo = new Float64Array(cards.activityIn.length);
  }

  /** When the first one after an instant is; `Infinity` where there is none. */
  next(afterMs: number): number {
    if (this.#perMs === 0) return Number.POSITIVE_INFINITY;
    let atMs = afterMs;
    for (;;) {
      if (!(atMs < this.#slotEnd)) this.#turn(atMs);
      const next = atMs + this.#random.exponential() / (this.#rate * this.#perMs);
      if (next < this.#slotEnd) {
        this.card = this.#cards.pickIn(this.#country(), this.#random);
        return next;
      }
      atMs = this.#slotEnd;
    }
  }

  #turn(atMs: number): void {
    const shares = this.#calendar.shares(atMs);
    let rate = 0;
    for (let country = 0; country < shares.length; country += 1) {
      rate += (this.#cards.activityIn[country] as number) * (shares[country] as number);
      this.#upTo[country] = rate;
    }
    this.#rate = rate;
    this.#slotEnd = this.#calendar.slotEnd(atMs);
  }

  #country(): number {
    const draw = this.#random.unit() * this.#rate;
    let country = 0;
    while ((this.#upTo[country] as number) <= draw) country += 1;
    return country;
  }
}
