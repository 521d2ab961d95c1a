import { exp } from '../numbers/exact-math.ts';
import type { Random } from '../numbers/random.ts';
import { regionOfCity } from '../population/cities.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import { channel } from '../simulation/draft.ts';
import type { Actor, EventQueue } from '../simulation/event-queue.ts';
import type { Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard.ts';
import { decline, refuseUnverified } from './authorisation.ts';
import { pay } from './genuine.ts';
import { onlineMerchant } from './shopping.ts';
import { whereabouts } from './whereabouts.ts';

/** How many buy, with what mean wait between them, and what share of them is declined. */
const LEAST = 8;
const MOST = 50;
const SHORTEST_GAP_MS = 2000;
const LONGEST_GAP_MS = 40_000;
const MOST_DECLINED = 0.7;
/** Sigma of the lognormal factor on what the shop usually sells for. */
const PRICE_SIGMA = 1.2;

/** Tickets go on sale, a shop halves its prices: many cards at one shop within minutes, all honest. */
export class FlashSales implements Actor {
  readonly #scene: Scene;
  readonly #cards: ShardCards;
  readonly #random: Random;
  readonly #meanGapMs: number;
  /** Who is there first: the sale is in that card's country, in its daytime. */
  #first = 0;

  /** `perMs`: purchases a millisecond that are part of a sale. */
  constructor(scene: Scene, cards: ShardCards, random: Random, perMs: number) {
    this.#scene = scene;
    this.#cards = cards;
    this.#random = random;
    this.#meanGapMs = (LEAST + MOST) / 2 / perMs;
  }

  next(afterMs: number): number {
    const { calendar, cards } = this.#scene;
    const leastGapMs = this.#meanGapMs * (calendar.meanShare / calendar.peakShare);
    let atMs = afterMs;
    while (leastGapMs < Number.POSITIVE_INFINITY) {
      atMs += this.#random.exponential() * leastGapMs;
      this.#first = this.#cards.pick(this.#random);
      const share = calendar.share(atMs, regionOfCity[cards.city[this.#first] as number] as number);
      if (this.#random.chance(share / calendar.peakShare)) return atMs;
    }
    return Number.POSITIVE_INFINITY;
  }

  act(draft: TransactionDraft, atMs: number, eventQueue: EventQueue): number {
    const sale = this.#sale();
    eventQueue.add(sale, sale.act(draft, atMs, eventQueue));
    return this.next(atMs);
  }

  #sale(): Actor {
    const [scene, cards, random] = [this.#scene, this.#cards, this.#random];
    const merchant = onlineMerchant(scene.cards.country[this.#first] as number, scene, random);
    const meanGapMs = SHORTEST_GAP_MS + random.below(LONGEST_GAP_MS - SHORTEST_GAP_MS);
    const factor = 0.5 * exp(PRICE_SIGMA * random.normal());
    const declined = MOST_DECLINED * random.unit();
    let left = LEAST + random.below(MOST - LEAST + 1);
    return {
      act(draft, atMs) {
        draft.card = cards.pick(random);
        draft.merchant = merchant;
        draft.channel = channel.ecom;
        pay(draft, whereabouts(draft.card, atMs, scene), factor, scene, random);
        if (random.chance(declined)) decline(draft, random);
        else refuseUnverified(draft, scene, random);
        left -= 1;
        return left > 0 ? atMs + random.exponential() * meanGapMs : Number.POSITIVE_INFINITY;
      },
    };
  }
}
