import { countries } from '../population/countries.ts';
import { channel, response, type TransactionDraft } from '../simulation/draft.ts';
import type { Actor, EventQueue } from '../simulation/event-queue.ts';
import { randomCountry } from '../simulation/scene.ts';
import { decline, verify } from '../spending/authorisation.ts';
import { visitShop } from '../spending/genuine.ts';
import { setUsualPrice } from '../spending/pricing.ts';
import { setTerminal, shopMerchant } from '../spending/shopping.ts';
import { drawCash, payInShop } from './fraudulent-payment.ts';
import {
  type Crime,
  length,
  meanLength,
  type Numbers,
  type Scenario,
  spree,
  victim,
  victimAndCountry,
} from './scenario.ts';

/** Of the thieves, so many have seen the PIN; of all tries so many are for cash. */
const PIN_SEEN = 0.4;
const CASH = 0.3;
/** Share of thefts after which the thief crosses a border. */
const BEYOND = 0.15;

/** Lost or stolen card: used in shops nearby and at cash machines, until it is blocked. */
export const lostStolen: Scenario = {
  name: 'lost_stolen',
  numbers: {
    share: 0.08,
    least: 2,
    most: 7,
    meanGapMs: 10 * 60_000,
    declined: 0.15,
    cheapest: 0.8,
    dearest: 1.9,
  },
  isMissed: true,
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, cards } = crime;
    const [card, near] = victimAndCountry(crime);
    const country = random.chance(BEYOND) ? randomCountry(scene, random.bits()) : near;
    const hasPin = random.chance(PIN_SEEN);
    const stripe = stripeOf(country);
    cards.statuses.lose(card, crime.startAt);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft, _, left) => {
      const isCash = random.chance(CASH) && drawCash(draft, card, country, false, crime);
      if (!isCash) payInShop(draft, card, country, stripe, crime);
      if (isCash && !hasPin) draft.response = response.wrongPin;
      // The last try is often the one at which the issuer has become suspicious.
      else if (random.chance(left === 0 ? 0.35 : numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};

/** Share of stripes among what a thief does in a country: where they are still read. */
function stripeOf(country: number): number {
  return Math.min(0.5, ((countries[country]?.stripe ?? 0) / 100) * 2.5);
}

const MINUTE_MS = 60_000;

/** Impossible travel: the customer buys at home, somebody else abroad within three hours. */
export const impossibleTravel: Scenario = {
  name: 'impossible_travel',
  numbers: {
    share: 0.03,
    least: 1,
    most: 3,
    meanGapMs: 40 * MINUTE_MS,
    declined: 0.2,
    cheapest: 0.5,
    dearest: 1.7,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, startAt } = crime;
    const card = victim(crime);
    const country = randomCountry(scene, random.bits());
    const abroad = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      payInShop(draft, card, country, stripeOf(country) / 2, crime);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return spree(1, 0, random, (draft, _atMs, _left, eventQueue) => {
      visitShop(draft, card, scene.cards.country[card] as number, crime);
      eventQueue.add(crime.mark(abroad), startAt + MINUTE_MS * (90 + 88 * random.unit()));
    });
  },
};

const DAY_MS = 86_400_000;
/** Copies are used so often each, so many of them abroad, and so many for cash. */
const MOST_USES = 3;
const ABROAD = 0.85;
const COPY_CASH = 0.3;
/** Where stripes are read as a rule copies are used; a country is asked for so often. */
const COUNTRY_TRIES = 12;

/**
 * Skimming: a terminal copies cards for some days; the counterfeits are used elsewhere days later.
 *
 * The customers' own purchases at that terminal are genuine: they are the common point of purchase.
 */
export const counterfeitSkim: Scenario = {
  name: 'counterfeit_skim',
  numbers: {
    share: 0.05,
    least: 4,
    most: 12,
    meanGapMs: DAY_MS,
    declined: 0.2,
    cheapest: 0.5,
    dearest: 1.5,
  },
  meanMarked: (numbers: Numbers) => (meanLength(numbers) * (1 + MOST_USES)) / 2,
  leadMs: 25 * DAY_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const [first, country] = victimAndCountry(crime);
    const point = pointOfPurchase(first, country, crime);
    const times = length(crime);
    return spree(times, numbers.meanGapMs, random, (draft, atMs, _, eventQueue) => {
      const [card] = victimAndCountry({ ...crime, startAt: atMs });
      draft.card = card;
      draft.channel = channel.pos;
      draft.merchant = point.merchant;
      draft.terminal = point.terminal;
      setUsualPrice(draft, 1, scene, random);
      verify(draft, scene, random);
      useCopy(card, atMs, crime, eventQueue);
    });
  },
};

/** The terminal that copies cards. */
function pointOfPurchase(
  card: number,
  country: number,
  { scene, random }: Crime,
): Pick<TransactionDraft, 'merchant' | 'terminal'> {
  const merchant = shopMerchant(country, scene, random);
  const draft = { card, merchant, channel: channel.pos, terminal: 0 } as TransactionDraft;
  setTerminal(draft, scene, random);
  return { merchant, terminal: draft.terminal };
}

/** A copied card, one to ten days later: its stripe, since a chip cannot be copied. */
function useCopy(card: number, atMs: number, crime: Crime, eventQueue: EventQueue): void {
  const { scene, random, numbers } = crime;
  const home = scene.cards.country[card] as number;
  const country = random.chance(ABROAD) ? stripeCountry(crime) : home;
  const uses = spree(1 + random.below(MOST_USES), 40 * 60_000, random, (draft) => {
    const isCash = random.chance(COPY_CASH) && drawCash(draft, card, country, true, crime);
    if (!isCash) payInShop(draft, card, country, 1, crime);
    if (random.chance(numbers.declined)) decline(draft, random);
  });
  eventQueue.add(crime.mark(uses), atMs + DAY_MS * (1 + 9 * random.unit()));
}

/** A country in which stripes are read, if there is one. */
function stripeCountry({ scene, random }: Crime): number {
  let country = randomCountry(scene, random.bits());
  for (let tries = 0; tries < COUNTRY_TRIES; tries += 1) {
    if (random.chance((countries[country]?.stripe ?? 0) / 20)) return country;
    country = randomCountry(scene, random.bits());
  }
  return country;
}
