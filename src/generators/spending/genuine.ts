import { exp } from '../numbers/exact-math.ts';
import type { Random } from '../numbers/random.ts';
import { merchantCategories } from '../population/merchants.ts';
import {
  channel,
  cvv,
  entryMode,
  response,
  type TransactionDraft,
  threeDs,
  type,
} from '../simulation/draft.ts';
import type { Actor, EventQueue } from '../simulation/event-queue.ts';
import { randomCountry, type Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard.ts';
import type { Arrivals } from './arrival-times.ts';
import { authorise, decline, setThreeDs, verify } from './authorisation.ts';
import { followUp, release } from './follow-ups.ts';
import { setBilling, setPrice, setUsualPrice } from './pricing.ts';
import {
  type Chance,
  favourite,
  merchantFor,
  sellsOnline,
  setTerminal,
  usualChannel,
} from './shopping.ts';
import { setNewDevice, setOwnDevice, whereabouts } from './whereabouts.ts';

/** Digital goods, games, phone credit, rides, bets: what people buy several of in a row. */
const INSTANT = ['5815', '5816', '4814', '4121', '7995'];
const isOfThese = merchantCategories.map(({ mcc }) => INSTANT.includes(mcc));
const MEAN_GAP_MS = 80_000;
const LEAST = 2;
const MOST = 24;

/** Whether a purchase is of the kind that is easily repeated. */
export function isInstant({ channel: used, merchant }: TransactionDraft, scene: Scene): boolean {
  return used === channel.ecom && isOfThese[scene.merchants.category[merchant] as number] === true;
}

/** A customer who buys the same again and again within minutes: nobody stole anything. */
export class Binge implements Actor {
  readonly #first: TransactionDraft;
  readonly #scene: Scene;
  readonly #random: Random;
  #left: number;

  constructor(first: TransactionDraft, scene: Scene, random: Random) {
    this.#first = first.copy();
    this.#scene = scene;
    this.#random = random;
    this.#left = LEAST + random.below(MOST - LEAST + 1);
  }

  /** When the next purchase is. */
  static after(atMs: number, random: Random): number {
    return atMs + random.exponential() * MEAN_GAP_MS;
  }

  act(draft: TransactionDraft, atMs: number): number {
    draft.repeat(this.#first);
    setUsualPrice(draft, 1, this.#scene, this.#random);
    this.#left -= 1;
    return this.#left > 0 ? Binge.after(atMs, this.#random) : Number.POSITIVE_INFINITY;
  }
}

const LEAST_WAIT_MS = 5000;
const MEAN_WAIT_MS = 90_000;

/** A customer who tries once more: same card, same shop, same price. */
export class Retry implements Actor {
  readonly #first: TransactionDraft;
  readonly #chance: Chance;
  readonly #cards: ShardCards;
  readonly #declined: number;

  private constructor(
    first: TransactionDraft,
    chance: Chance,
    cards: ShardCards,
    declined: number,
  ) {
    this.#first = first;
    this.#chance = chance;
    this.#cards = cards;
    this.#declined = declined;
  }

  /** `declined`: how likely the second try fails too. */
  static schedule(
    first: TransactionDraft,
    declined: number,
    chance: Chance,
    cards: ShardCards,
    eventQueue: EventQueue,
  ): void {
    const retry = new Retry(first.copy(), chance, cards, declined);
    const waitMs = LEAST_WAIT_MS + chance.random.exponential() * MEAN_WAIT_MS;
    eventQueue.add(retry, first.atMs + waitMs);
  }

  act(draft: TransactionDraft, _atMs: number, eventQueue: EventQueue): number {
    const { scene, random } = this.#chance;
    draft.repeat(this.#first);
    draft.response = response.approved;
    // Whoever failed looks twice.
    if (draft.cvv === cvv.mismatch) draft.cvv = cvv.match;
    if (draft.threeDs === threeDs.failed) setThreeDs(draft, threeDs.challenge, scene);
    if (random.chance(this.#declined)) decline(draft, random);
    else if (!this.#cards.statuses.isOut(draft.card, draft.atMs)) {
      followUp(draft, this.#cards, eventQueue, this.#chance);
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** The median of the charge in dollars, and the sigma of its logarithm. */
const DOLLARS = 2;
const SIGMA = 1;
/** Share of first charges of nothing at all, and of reservations that are never collected. */
const VERIFIED = 0.55;
const RESERVED = 0.18;

/**
 * Makes a purchase online the first contact of a card with a new app or a new phone: a verification of nothing,
 * or a small charge.
 */
export function enrol(draft: TransactionDraft, scene: Scene, random: Random): void {
  draft.entryMode = entryMode.ecom;
  const unit = random.unit();
  if (random.chance(0.8)) setThreeDs(draft, threeDs.none, scene);
  setNewDevice(draft, scene, random);
  if (unit < VERIFIED) setVerification(draft, scene);
  else {
    draft.type = unit < VERIFIED + RESERVED ? type.authOnly : type.purchase;
    setPrice(draft, DOLLARS * exp(SIGMA * random.normal()), 'exact', scene);
  }
}

/** Makes a purchase a question whether the account exists: for an amount of zero. */
export function setVerification(draft: TransactionDraft, scene: Scene): void {
  draft.type = type.verification;
  draft.amount = 0;
  setBilling(draft, scene);
}

/** Of those who are abroad, so many buy at a merchant at home, online. */
const HOME_FROM_ABROAD = 0.4;
/** Cards that are looked at until one is in its holder's hands. */
const TRIES = 8;

/** All genuine purchases of a shard but for subscriptions, as one stream of arrivals. */
export class Genuine implements Actor {
  readonly #scene: Scene;
  readonly #cards: ShardCards;
  readonly #arrivals: Arrivals;
  readonly #random: Random;

  constructor(scene: Scene, cards: ShardCards, arrivals: Arrivals, random: Random) {
    this.#scene = scene;
    this.#cards = cards;
    this.#arrivals = arrivals;
    this.#random = random;
  }

  act(draft: TransactionDraft, atMs: number, eventQueue: EventQueue): number {
    const scene = this.#scene;
    const random = this.#random;
    const { habits } = scene;
    draft.card = this.#inUse(atMs);
    const where = whereabouts(draft.card, atMs, scene);
    goShopping(draft, where, scene, random);
    setType(draft, scene, random);
    pay(draft, where, 1, scene, random);
    const isEnrolment = draft.channel === channel.ecom && random.chance(habits.enrolments);
    if (isEnrolment) enrol(draft, scene, random);
    if (random.chance(habits.unknownAccounts)) draft.isAccountUnknown = true;
    this.#react(draft, atMs, eventQueue, isEnrolment);
    return this.#arrivals.next(atMs);
  }

  /** The card of the arrival, or another of its region where that one is lost or blocked. */
  #inUse(atMs: number): number {
    const { statuses } = this.#cards;
    let { card } = this.#arrivals;
    for (let tries = 1; tries < TRIES && statuses.isOut(card, atMs); tries += 1) {
      card = this.#cards.pickIn(this.#arrivals.region, this.#random);
    }
    return card;
  }

  /** The issuer's answer, and what customer and merchant make of it. */
  #react(
    draft: TransactionDraft,
    atMs: number,
    eventQueue: EventQueue,
    isEnrolment: boolean,
  ): void {
    const [scene, random, cards] = [this.#scene, this.#random, this.#cards];
    const { habits } = scene;
    authorise(draft, habits, scene, random);
    if (draft.response !== 0) {
      if (!random.chance(habits.retried)) return;
      Retry.schedule(draft, habits.declinedAgain, { scene, random }, cards, eventQueue);
    } else if (isKeyed(draft) && random.chance(habits.mistyped)) {
      Retry.schedule(draft, 0, { scene, random }, cards, eventQueue);
      mistype(draft, random);
    } else if (isInstant(draft, scene) && !isEnrolment && random.chance(habits.binges)) {
      eventQueue.add(new Binge(draft, scene, random), Binge.after(atMs, random));
    } else this.#followUp(draft, eventQueue, isEnrolment);
  }

  #followUp(draft: TransactionDraft, eventQueue: EventQueue, isEnrolment: boolean): void {
    const [scene, random, cards] = [this.#scene, this.#random, this.#cards];
    if (cards.statuses.isOut(draft.card, draft.atMs)) return;
    if (!isEnrolment) followUp(draft, cards, eventQueue, { scene, random });
    else if (draft.type === type.authOnly) release(draft, cards, eventQueue, scene);
  }
}

/** A customer's purchase in a shop of a country, approved. */
export function visitShop(
  draft: TransactionDraft,
  card: number,
  country: number,
  { scene, random }: Chance,
): void {
  draft.card = card;
  draft.merchant = favourite(channel.pos, card, country, { scene, random });
  draft.channel = channel.pos;
  pay(draft, country, 1, scene, random);
}

/** A customer's purchase online from where the customer is, approved; `factor` on the usual price. */
export function shopOnline(
  draft: TransactionDraft,
  card: number,
  factor: number,
  { scene, random }: Chance,
): void {
  const where = whereabouts(card, draft.atMs, scene);
  draft.card = card;
  draft.merchant = favourite(channel.ecom, card, where, { scene, random });
  draft.channel = channel.ecom;
  pay(draft, where, factor, scene, random);
}

/** What follows from card, merchant and channel: for how much, how the card was read, from where. */
export function pay(
  draft: TransactionDraft,
  where: number,
  factor: number,
  scene: Scene,
  random: Random,
): void {
  setTerminal(draft, scene, random);
  setUsualPrice(draft, factor, scene, random);
  verify(draft, scene, random);
  if (draft.channel === channel.ecom) setOwnDevice(draft, where, scene, random);
}

/** Chooses the merchant and the channel: whoever is elsewhere buys online. */
function goShopping(draft: TransactionDraft, where: number, scene: Scene, random: Random): void {
  const home = scene.cards.country[draft.card] as number;
  let country = where;
  if (where !== home && random.chance(HOME_FROM_ABROAD)) country = home;
  else if (random.chance(scene.habits.remote)) country = randomCountry(scene, random.bits());
  draft.merchant = merchantFor(draft.card, country, scene, random);
  if (country !== where && !sellsOnline(draft.merchant, scene)) {
    country = where;
    draft.merchant = merchantFor(draft.card, country, scene, random);
  }
  draft.channel = country === where ? usualChannel(draft, scene, random) : channel.ecom;
}

function setType(draft: TransactionDraft, scene: Scene, random: Random): void {
  const category = merchantCategories[scene.merchants.category[draft.merchant] as number];
  if (draft.channel === channel.atm) draft.type = type.cashAdvance;
  else if (draft.channel === channel.pos || draft.channel === channel.ecom) {
    if (random.chance(category?.authOnlyShare ?? 0)) draft.type = type.authOnly;
  }
}

function isKeyed({ entryMode: read }: TransactionDraft): boolean {
  return read === entryMode.ecom || read === entryMode.keyed;
}

/** A wrong digit among the last: a number that nobody has. */
function mistype(draft: TransactionDraft, random: Random): void {
  draft.guess(-1 - draft.card, random.below(10_000));
  draft.response = response.invalidNumber;
}
