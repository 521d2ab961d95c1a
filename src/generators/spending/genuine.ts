import type { Random } from '../numbers/random.ts';
import { countries } from '../population/countries.ts';
import { merchantCategories } from '../population/merchant-categories.ts';
import type { Actor, Agenda } from '../simulation/agenda.ts';
import { channel, type } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard-cards.ts';
import { authorise } from './authorisation.ts';
import { Retry } from './retry.ts';
import { merchantFor, sellsOnline, usualChannel } from './shopping.ts';
import { setUsualPrice } from './usual-price.ts';
import { verify } from './verification.ts';
import { setOwnDevice, whereabouts } from './whereabouts.ts';

/** Share of purchases in another country than the one the card is in: online, then. */
const REMOTE = 0.03;
const REFUNDS = 0.012;
const TERMINALS = 4;
/** Share of declined purchases that are tried again. */
const RETRIED = 0.3;

/**
 * All genuine purchases of a shard, as one stream of arrivals.
 *
 * Cards act independently, so that their sum is a Poisson process of the highest rate, thinned by
 * the calendar where each card lives: an arrival costs the same however many cards there are.
 * Source: Lewis and Shedler, 1979, thinning.
 */
export class Genuine implements Actor {
  readonly #scene: Scene;
  readonly #cards: ShardCards;
  readonly #random: Random;
  readonly #meanGapMs: number;
  #card = 0;

  /** `perMs`: transactions a millisecond, on average over a week. */
  constructor(scene: Scene, cards: ShardCards, random: Random, perMs: number) {
    this.#scene = scene;
    this.#cards = cards;
    this.#random = random;
    this.#meanGapMs = scene.calendar.meanShare / perMs;
  }

  /** When the next arrival after an instant is, and whose; `Infinity` in a world of fraud alone. */
  next(afterMs: number): number {
    if (this.#meanGapMs === Number.POSITIVE_INFINITY) return this.#meanGapMs;
    let atMs = afterMs;
    for (;;) {
      atMs += this.#random.exponential() * this.#meanGapMs;
      this.#card = this.#cards.pick(this.#random);
      const home = this.#scene.cards.country[this.#card] as number;
      if (this.#random.chance(this.#scene.calendar.share(atMs, home))) return atMs;
    }
  }

  act(draft: Draft, atMs: number, agenda: Agenda): number {
    const scene = this.#scene;
    const random = this.#random;
    draft.card = this.#card;
    const where = whereabouts(draft.card, atMs, scene);
    goShopping(draft, where, scene, random);
    draft.terminal = random.below(TERMINALS);
    setType(draft, scene, random);
    verify(draft, scene, random);
    if (draft.channel === channel.ecom) setOwnDevice(draft, where, scene, random);
    setUsualPrice(draft, 1, scene, random);
    if (draft.type === type.refund) return this.next(atMs);
    authorise(draft, random);
    if (draft.response !== 0 && random.chance(RETRIED)) {
      Retry.schedule(draft, random, atMs, agenda);
    }
    return this.next(atMs);
  }
}

/** Chooses the merchant and the channel: whoever is elsewhere buys online. */
function goShopping(draft: Draft, where: number, scene: Scene, random: Random): void {
  const home = scene.cards.country[draft.card] as number;
  let place = where;
  if (where !== home && random.chance(0.4)) place = home;
  else if (random.chance(REMOTE)) place = random.below(countries.length);
  draft.merchant = merchantFor(draft.card, place, scene, random);
  if (place !== where && !sellsOnline(draft.merchant, scene)) {
    place = where;
    draft.merchant = merchantFor(draft.card, place, scene, random);
  }
  draft.channel = place === where ? usualChannel(draft, scene, random) : channel.ecom;
}

function setType(draft: Draft, scene: Scene, random: Random): void {
  const category = merchantCategories[scene.merchants.category[draft.merchant] as number];
  if (draft.channel === channel.atm) draft.type = type.cashAdvance;
  else if (draft.channel === channel.pos || draft.channel === channel.ecom) {
    const draw = random.unit();
    const authOnlyShare = category?.authOnlyShare ?? 0;
    if (draw < REFUNDS) draft.type = type.refund;
    else if (draw > 1 - authOnlyShare) draft.type = type.authOnly;
  }
}
