import { channel, entryMode, response, type } from '../simulation/draft.ts';
import type { Actor } from '../simulation/event-queue.ts';
import { decline } from '../spending/authorisation.ts';
import { visitShop } from '../spending/genuine.ts';
import { setPrice, setUsualPrice } from '../spending/pricing.ts';
import { shopMerchant } from '../spending/shopping.ts';
import { payInShop } from './fraudulent-payment.ts';
import {
  type Crime,
  dearness,
  length,
  meanLength,
  type Scenario,
  spree,
  victimAndCountry,
} from './scenario.ts';

/** Refunds without a purchase, at one shop, to a few cards. */
export const refundFraud: Scenario = {
  name: 'refund_fraud',
  numbers: {
    share: 0.01,
    least: 3,
    most: 9,
    meanGapMs: 90 * 60_000,
    declined: 0,
    cheapest: 1.5,
    dearest: 5,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const [first, country] = victimAndCountry(crime);
    const accomplices = [first, victimAndCountry(crime)[0]];
    const merchant = shopMerchant(country, scene, random);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      draft.card = accomplices[random.below(accomplices.length)] as number;
      draft.channel = channel.pos;
      draft.type = type.refund;
      draft.merchant = merchant;
      draft.entryMode = random.chance(0.7) ? entryMode.chip : entryMode.contactless;
      setUsualPrice(draft, dearness(numbers, random), scene, random);
    });
    return crime.mark(plot);
  },
};

/** What is charged, in dollars, before rounding to the currency. */
const AMOUNTS = [80, 100, 150, 200, 300, 500];

/** A shop that charges cards it knows, round amounts, one after the other. */
export const merchantCollusion: Scenario = {
  name: 'merchant_collusion',
  numbers: {
    share: 0.02,
    least: 6,
    most: 18,
    meanGapMs: 15 * 60_000,
    declined: 0.1,
    cheapest: 0.7,
    dearest: 1.3,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const [, country] = victimAndCountry(crime);
    const merchant = shopMerchant(country, scene, random);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft, atMs) => {
      [draft.card] = victimAndCountry({ ...crime, startAt: atMs });
      draft.channel = channel.pos;
      draft.merchant = merchant;
      draft.entryMode = random.chance(0.5) ? entryMode.stripe : entryMode.chip;
      setPrice(draft, AMOUNTS[random.below(AMOUNTS.length)] as number, 'round', scene);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};

const DAY_MS = 86_400_000;
/** How often and how long the account is built up, and by how much it then pays more than at first. */
const PREPARATION = 12;
const PREPARATION_DAYS = 30;
const RISE = 2;

/** An account that is built up for a month and then used to its limit within two days. */
export const bustOut: Scenario = {
  name: 'bust_out',
  numbers: {
    share: 0.01,
    least: 5,
    most: 11,
    meanGapMs: 5 * 3_600_000,
    declined: 0.25,
    cheapest: 2.5,
    dearest: 6,
  },
  meanMarked: meanLength,
  leadMs: 45 * DAY_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, startAt } = crime;
    const [card, country] = victimAndCountry(crime);
    const end = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      payInShop(draft, card, country, 0.06, crime);
      setUsualPrice(draft, dearness(numbers, random), scene, random);
      if (random.chance(numbers.declined)) draft.response = response.aboveLimit;
    });
    const gapMs = (PREPARATION_DAYS * DAY_MS) / PREPARATION;
    return spree(PREPARATION, gapMs, random, (draft, atMs, left, eventQueue) => {
      visitShop(draft, card, country, crime);
      const built = (atMs - startAt) / (PREPARATION_DAYS * DAY_MS);
      setUsualPrice(draft, 1 + Math.min(1, built) * (RISE - 1), scene, random);
      if (left === 0)
        eventQueue.add(crime.mark(end), atMs + random.exponential() * numbers.meanGapMs);
    });
  },
};
