import { merchantCategories } from '../population/merchants.ts';
import { channel, response } from '../simulation/draft.ts';
import type { Actor } from '../simulation/event-queue.ts';
import { decline, verify } from '../spending/authorisation.ts';
import { refundOf } from '../spending/follow-ups.ts';
import { visitShop } from '../spending/genuine.ts';
import { setPrice, setUsualPrice } from '../spending/pricing.ts';
import { setTerminal, shopMerchant } from '../spending/shopping.ts';
import {
  type Crime,
  dearness,
  length,
  meanLength,
  type Scenario,
  spree,
  victimAndCountry,
} from './scenario.ts';

const HOUR_MS = 3_600_000;
/** The purchase is dear, so that there is much to give back. */
const DEAR = 1.2;
const PURCHASES = 2;

/** Refund fraud: an insider refunds one purchase again and again, at one shop, to a few cards. */
export const refundFraud: Scenario = {
  name: 'refund_fraud',
  numbers: {
    share: 0.01,
    least: 3,
    most: 9,
    meanGapMs: 90 * 60_000,
    declined: 0,
    cheapest: 0.8,
    dearest: 2,
  },
  meanMarked: meanLength,
  leadMs: 3 * 24 * HOUR_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, cards } = crime;
    const [first, country] = victimAndCountry(crime);
    const accomplices = [first, victimAndCountry(crime)[0]];
    const merchant = refundingMerchant(country, crime);
    const times = length(crime);
    return spree(PURCHASES, HOUR_MS, random, (draft, atMs, left, eventQueue) => {
      draft.card = accomplices[left] as number;
      draft.channel = channel.pos;
      draft.merchant = merchant;
      setTerminal(draft, scene, random);
      setUsualPrice(draft, DEAR * dearness(numbers, random), scene, random);
      verify(draft, scene, random);
      // The refunds of both purchases together are what the campaign is long.
      const own = Math.ceil(times / PURCHASES) - (left === 0 ? 0 : times % PURCHASES);
      let waitMs = HOUR_MS * (1 + 40 * random.unit());
      for (let turn = 0; turn < own; turn += 1) {
        const part = random.chance(0.5) ? 1 : 0.4 + 0.5 * random.unit();
        eventQueue.add(crime.mark(refundOf(draft, part, cards, scene)), atMs + waitMs);
        waitMs += random.exponential() * numbers.meanGapMs;
      }
    });
  },
};

/** A shop whose goods are given back now and then; after some tries in vain, any. */
function refundingMerchant(country: number, { scene, random }: Crime): number {
  let merchant = shopMerchant(country, scene, random);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const category = merchantCategories[scene.merchants.category[merchant] as number];
    if ((category?.refunds ?? 0) >= 1 && (category?.mix[channel.pos] ?? 0) > 0) return merchant;
    merchant = shopMerchant(country, scene, random);
  }
  return merchant;
}

const TRIES = 60;

/** What is charged, in dollars, before rounding to the currency. */
const AMOUNTS = [50, 60, 80, 100, 150, 200];

/** Merchant collusion: a shop charges cards it knows, round amounts, one after the other. */
export const merchantCollusion: Scenario = {
  name: 'merchant_collusion',
  numbers: {
    share: 0.015,
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
      setTerminal(draft, scene, random);
      setPrice(draft, AMOUNTS[random.below(AMOUNTS.length)] as number, 'round', scene);
      verify(draft, scene, random);
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

/** Bust-out: an account is built up for a month and then used to its limit within two days. */
export const bustOut: Scenario = {
  name: 'bust_out',
  numbers: {
    share: 0.01,
    least: 6,
    most: 12,
    meanGapMs: 1.2 * 3_600_000,
    declined: 0.25,
    cheapest: 3,
    dearest: 6,
  },
  meanMarked: meanLength,
  leadMs: 45 * DAY_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, startAt } = crime;
    const [card, country] = victimAndCountry(crime);
    const end = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      visitShop(draft, card, country, crime);
      setUsualPrice(draft, dearness(numbers, random), scene, random);
      verify(draft, scene, random);
      if (random.chance(numbers.declined)) draft.response = response.aboveLimit;
    });
    const gapMs = (PREPARATION_DAYS * DAY_MS) / PREPARATION;
    return spree(PREPARATION, gapMs, random, (draft, atMs, left, eventQueue) => {
      visitShop(draft, card, country, crime);
      const built = (atMs - startAt) / (PREPARATION_DAYS * DAY_MS);
      setUsualPrice(draft, 1 + Math.min(1, built) * (RISE - 1), scene, random);
      verify(draft, scene, random);
      if (left === 0)
        eventQueue.add(crime.mark(end), atMs + random.exponential() * numbers.meanGapMs);
    });
  },
};
