import type { Random } from '../numbers/random.ts';
import { merchantCategories } from '../population/merchant-categories.ts';
import type { Actor, Agenda } from '../simulation/agenda.ts';
import { channel, entryMode, response, type } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import { anyPlace, type Scene } from '../simulation/scene.ts';
import type { Arrivals } from './arrivals.ts';
import { authorise } from './authorisation.ts';
import { Binge, isInstant } from './binge.ts';
import { enrol } from './enrolment.ts';
import { Retry } from './retry.ts';
import { type Chance, favourite, merchantFor, sellsOnline, usualChannel } from './shopping.ts';
import { setUsualPrice } from './usual-price.ts';
import { verify } from './verification.ts';
import { setOwnDevice, whereabouts } from './whereabouts.ts';

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

  act(draft: Draft, atMs: number, agenda: Agenda): number {
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
    if (draft.type !== type.refund) this.#settle(draft, atMs, agenda);
    return this.#arrivals.next(atMs);
  }

  /** The issuer's answer, and what the customer does then. */
  #settle(draft: Draft, atMs: number, agenda: Agenda): void {
    const [scene, random] = [this.#scene, this.#random];
    const { habits } = scene;
    authorise(draft, habits, random);
    if (draft.response !== 0) {
      if (!random.chance(habits.retried)) return;
      Retry.schedule(draft, habits.declinedAgain, random, { atMs, agenda });
    } else if (isKeyed(draft) && random.chance(habits.mistyped)) {
      Retry.schedule(draft, 0, random, { atMs, agenda });
      mistype(draft, random);
    } else if (isInstant(draft, scene) && random.chance(habits.binges)) {
      agenda.add(new Binge(draft, scene, random), Binge.after(atMs, random));
    }
  }
}

/** A customer's purchase in a shop of a country, approved. */
export function visitShop(
  draft: Draft,
  card: number,
  place: number,
  { scene, random }: Chance,
): void {
  draft.card = card;
  draft.merchant = favourite(channel.pos, card, place, { scene, random });
  draft.channel = channel.pos;
  pay(draft, place, 1, scene, random);
}

/** A customer's purchase online from where the customer is, approved; `factor` on the usual price. */
export function shopOnline(
  draft: Draft,
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
  draft: Draft,
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
function goShopping(draft: Draft, where: number, scene: Scene, random: Random): void {
  const home = scene.cards.country[draft.card] as number;
  let place = where;
  if (where !== home && random.chance(HOME_FROM_ABROAD)) place = home;
  else if (random.chance(scene.habits.remote)) place = anyPlace(scene, random.bits());
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
    if (draw < scene.habits.refunds) draft.type = type.refund;
    else if (draw > 1 - authOnlyShare) draft.type = type.authOnly;
  }
}

function isKeyed({ entryMode: read }: Draft): boolean {
  return read === entryMode.ecom || read === entryMode.keyed;
}

/** A wrong digit among the last: a number that nobody has. */
function mistype(draft: Draft, random: Random): void {
  draft.guess(-1 - draft.card, random.below(10_000));
  draft.response = response.invalidNumber;
}
