import { channel, entryMode } from '../simulation/draft.ts';
import type { Actor, EventQueue } from '../simulation/event-queue.ts';
import { randomCountry } from '../simulation/scene.ts';
import { decline } from '../spending/authorisation.ts';
import { visitShop } from '../spending/genuine.ts';
import { setUsualPrice } from '../spending/pricing.ts';
import { shopMerchant } from '../spending/shopping.ts';
import { payInShop } from './fraudulent-payment.ts';
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

/** A card taken from a pocket: used in shops nearby, mostly without a PIN, until it is blocked. */
export const lostStolen: Scenario = {
  name: 'lost_stolen',
  numbers: {
    share: 0.12,
    least: 2,
    most: 7,
    meanGapMs: 10 * 60_000,
    declined: 0.15,
    cheapest: 1.3,
    dearest: 4,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { random, numbers } = crime;
    const [card, country] = victimAndCountry(crime);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft, _, left) => {
      payInShop(draft, card, country, 0.5, crime);
      // The last try is often the one at which the card turns out to be blocked.
      if (random.chance(left === 0 ? 0.5 : numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};

const MINUTE_MS = 60_000;

/** A purchase at home by the customer, and within three hours one in another country by somebody else. */
export const impossibleTravel: Scenario = {
  name: 'impossible_travel',
  numbers: {
    share: 0.04,
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
      payInShop(draft, card, country, 0.08, crime);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return spree(1, 0, random, (draft, _atMs, _left, eventQueue) => {
      visitShop(draft, card, scene.cards.country[card] as number, crime);
      eventQueue.add(crime.mark(abroad), startAt + MINUTE_MS * (90 + 88 * random.unit()));
    });
  },
};

const DAY_MS = 86_400_000;
/** Copies are used so often each, and so many of them abroad. */
const MOST_USES = 3;
const ABROAD = 0.4;

/**
 * A terminal that copies cards for some days, and the copies used elsewhere days later.
 *
 * The customers' own purchases at that terminal are genuine: they are the common point of purchase.
 */
export const counterfeitSkim: Scenario = {
  name: 'counterfeit_skim',
  numbers: {
    share: 0.08,
    least: 4,
    most: 12,
    meanGapMs: DAY_MS,
    declined: 0.2,
    cheapest: 0.9,
    dearest: 2.8,
  },
  meanMarked: (numbers: Numbers) => (meanLength(numbers) * (1 + MOST_USES)) / 2,
  leadMs: 25 * DAY_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const [, country] = victimAndCountry(crime);
    const merchant = shopMerchant(country, scene, random);
    const times = length(crime);
    return spree(times, numbers.meanGapMs, random, (draft, atMs, _, eventQueue) => {
      const [card] = victimAndCountry({ ...crime, startAt: atMs });
      draft.card = card;
      draft.channel = channel.pos;
      draft.merchant = merchant;
      draft.entryMode = entryMode.chip;
      setUsualPrice(draft, 1, scene, random);
      useCopy(card, atMs, crime, eventQueue);
    });
  },
};

/** A copied card, one to ten days later: its stripe, since a chip cannot be copied. */
function useCopy(card: number, atMs: number, crime: Crime, eventQueue: EventQueue): void {
  const { scene, random, numbers } = crime;
  const home = scene.cards.country[card] as number;
  const country = random.chance(ABROAD) ? randomCountry(scene, random.bits()) : home;
  const uses = spree(1 + random.below(MOST_USES), 40 * 60_000, random, (draft) => {
    payInShop(draft, card, country, 1, crime);
    if (random.chance(numbers.declined)) decline(draft, random);
  });
  eventQueue.add(crime.mark(uses), atMs + DAY_MS * (1 + 9 * random.unit()));
}
