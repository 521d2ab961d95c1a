import { exp } from '../numbers/exact-math.ts';
import type { Random } from '../numbers/random.ts';
import { merchantCategories } from '../population/merchants.ts';
import {
  channel,
  entryMode,
  response,
  type TransactionDraft,
  threeDs,
  type,
} from '../simulation/draft.ts';
import type { Actor, EventQueue } from '../simulation/event-queue.ts';
import { randomCountry, type Scene } from '../simulation/scene.ts';
import type { Arrivals } from './arrival-times.ts';
import { authorise, decline, setThreeDs, verify } from './authorisation.ts';
import { setPrice, setUsualPrice } from './pricing.ts';
import { type Chance, favourite, merchantFor, sellsOnline, usualChannel } from './shopping.ts';
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
  readonly #random: Random;
  readonly #declined: number;

  private constructor(first: TransactionDraft, random: Random, declined: number) {
    this.#first = first;
    this.#random = random;
    this.#declined = declined;
  }

  /** `declined`: how likely the second try fails too. */
  static schedule(
    first: TransactionDraft,
    declined: number,
    random: Random,
    { atMs, eventQueue }: { readonly atMs: number; readonly eventQueue: EventQueue },
  ): void {
    const retry = new Retry(first.copy(), random, declined);
    eventQueue.add(retry, atMs + LEAST_WAIT_MS + random.exponential() * MEAN_WAIT_MS);
  }

  act(draft: TransactionDraft): number {
    draft.repeat(this.#first);
    draft.response = 0;
    if (this.#random.chance(this.#declined)) decline(draft, this.#random);
    return Number.POSITIVE_INFINITY;
  }
}

/** The median of the charge in dollars, and the sigma of its logarithm. */
const DOLLARS = 2;
const SIGMA = 1;
/** Share of the charges that are reservations, never to be collected. */
const RESERVED = 0.4;

/** Makes a purchase online the first small charge to a card that a new app or a new phone gets to know. */
export function enrol(draft: TransactionDraft, scene: Scene, random: Random): void {
  draft.entryMode = entryMode.ecom;
  draft.type = random.chance(RESERVED) ? type.authOnly : type.purchase;
  if (random.chance(0.8)) setThreeDs(draft, threeDs.none, scene);
  setNewDevice(draft, scene, random);
  setPrice(draft, DOLLARS * exp(SIGMA * random.normal()), 'exact', scene);
}

const TERMINALS = 4;
/** Of those who are abroad, so many buy at a merchant at home, online. */
const HOME_FROM_ABROAD = 0.4;

/** All genuine purchases of a shard but for subscriptions, as one stream of arrivals. */
export class Genuine implements Actor {
  readonly #scene: Scene;
  readonly #arrivals: Arrivals;
  readonly #random: Random;

  constructor(scene: Scene, arrivals: Arrivals, random: Random) {
    this.#scene = scene;
    this.#arrivals = arrivals;
    this.#random = random;
  }

  act(draft: TransactionDraft, atMs: number, eventQueue: EventQueue): number {
    const scene = this.#scene;
    const random = this.#random;
    const { habits } = scene;
    draft.card = this.#arrivals.card;
    const where = whereabouts(draft.card, atMs, scene);
    goShopping(draft, where, scene, random);
    setType(draft, scene, random);
    pay(draft, where, 1, scene, random);
    const isOnline = draft.channel === channel.ecom && draft.type !== type.refund;
    if (isOnline && random.chance(habits.enrolments)) enrol(draft, scene, random);
    if (random.chance(habits.unknownAccounts)) draft.isAccountUnknown = true;
    if (draft.type !== type.refund) this.#react(draft, atMs, eventQueue);
    return this.#arrivals.next(atMs);
  }

  /** The issuer's answer, and the customer's reaction. */
  #react(draft: TransactionDraft, atMs: number, eventQueue: EventQueue): void {
    const [scene, random] = [this.#scene, this.#random];
    const { habits } = scene;
    authorise(draft, habits, random);
    if (draft.response !== 0) {
      if (!random.chance(habits.retried)) return;
      Retry.schedule(draft, habits.declinedAgain, random, { atMs, eventQueue });
    } else if (isKeyed(draft) && random.chance(habits.mistyped)) {
      Retry.schedule(draft, 0, random, { atMs, eventQueue });
      mistype(draft, random);
    } else if (isInstant(draft, scene) && random.chance(habits.binges)) {
      eventQueue.add(new Binge(draft, scene, random), Binge.after(atMs, random));
    }
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

/** What follows from card, merchant and channel: how the card was read, from where, for how much. */
export function pay(
  draft: TransactionDraft,
  where: number,
  factor: number,
  scene: Scene,
  random: Random,
): void {
  draft.terminal = random.below(TERMINALS);
  verify(draft, scene, random);
  if (draft.channel === channel.ecom) setOwnDevice(draft, where, scene, random);
  setUsualPrice(draft, factor, scene, random);
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
    const draw = random.unit();
    const authOnlyShare = category?.authOnlyShare ?? 0;
    if (draw < scene.habits.refunds) draft.type = type.refund;
    else if (draw > 1 - authOnlyShare) draft.type = type.authOnly;
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
