import type { Actor } from '../simulation/event-queue.ts';
import { decline } from '../spending/authorisation.ts';
import { shopOnline, visitShop } from '../spending/genuine.ts';
import { setUsualPrice } from '../spending/pricing.ts';
import { merchantOf, onlineMerchant } from '../spending/shopping.ts';
import { whereabouts } from '../spending/whereabouts.ts';
import { disguise, hideout, payOnline } from './fraudulent-payment.ts';
import {
  type Crime,
  dearness,
  length,
  meanLength,
  type Scenario,
  spree,
  victim,
} from './scenario.ts';

const VELOCITY_BURST_KNOWLEDGE = {
  onFile: 0.3,
  address: 0.8,
  code: 0.9,
  challenged: 0.02,
  failed: 0.03,
};
const BURST_FROM_OWN_DEVICE = 0.25;
/** Share of bursts that stay at one shop. */
const ONE_SHOP = 0.7;
/** Digital goods, games, apps, bets, rides, gift cards: delivered at once. */
const INSTANT = ['5815', '5816', '7995', '4121', '5947', '4814'];

/** One card, one kind of merchant, up to 25 purchases within twenty minutes. */
export const velocityBurst: Scenario = {
  name: 'velocity_burst',
  numbers: {
    share: 0.04,
    least: 8,
    most: 25,
    meanGapMs: 70_000,
    declined: 0.2,
    cheapest: 0.6,
    dearest: 1.6,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const card = victim(crime);
    const home = scene.cards.country[card] as number;
    const from = hideout(home, scene, random);
    const { set } = disguise(card, from, BURST_FROM_OWN_DEVICE, crime);
    const goods = [INSTANT[random.below(INSTANT.length)] as string];
    const shop = merchantOf(goods, home, scene, random);
    const isLoyal = random.chance(ONE_SHOP);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      const merchant = isLoyal ? shop : merchantOf(goods, home, scene, random);
      payOnline(draft, card, merchant, VELOCITY_BURST_KNOWLEDGE, crime);
      set(draft);
      setUsualPrice(draft, dearness(numbers, random), scene, random);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};

/** The rest is in shops: "that was not me", "it was broken". */
const ONLINE = 0.6;

/** The customer's own purchase, disputed weeks later: nothing in it tells. */
export const friendly: Scenario = {
  name: 'friendly',
  numbers: {
    share: 0.05,
    least: 1,
    most: 1,
    meanGapMs: 86_400_000,
    declined: 0,
    cheapest: 1,
    dearest: 1.3,
  },
  isReportedByChargeback: true,
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { random, numbers } = crime;
    const card = victim(crime);
    const used = random.unit();
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      if (used < ONLINE) shopOnline(draft, card, dearness(numbers, random), crime);
      else visitShop(draft, card, whereabouts(card, draft.atMs, crime.scene), crime);
    });
    return crime.mark(plot);
  },
};

const STOLEN_CARD_KNOWLEDGE = {
  onFile: 0.25,
  address: 0.45,
  code: 0.7,
  challenged: 0.03,
  failed: 0.07,
};
/** Who sits at the customer's own computer finds all of it there. */
const KNOWN_WELL = { onFile: 0.6, address: 0.95, code: 1, challenged: 0.03, failed: 0.01 };
const STOLEN_FROM_OWN_DEVICE = 0.22;

/** A stolen card number, used online some times from a device the customer never had. */
export const cnpStolen: Scenario = {
  name: 'cnp_stolen',
  numbers: {
    share: 0.34,
    least: 1,
    most: 4,
    meanGapMs: 60 * 60_000,
    declined: 0.35,
    cheapest: 0.8,
    dearest: 3,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const card = victim(crime);
    return crime.mark(cardNotPresent(card, length(crime), crime));
  },
};

/** Purchases online with somebody else's card number. */
export function cardNotPresent(card: number, times: number, crime: Crime): Actor {
  const { scene, random, numbers } = crime;
  const home = scene.cards.country[card] as number;
  const from = hideout(home, scene, random);
  const { isOwn, set } = disguise(card, from, STOLEN_FROM_OWN_DEVICE, crime);
  return spree(times, numbers.meanGapMs, random, (draft) => {
    const country = random.chance(0.7) ? home : from.country;
    payOnline(
      draft,
      card,
      onlineMerchant(country, scene, random),
      isOwn ? KNOWN_WELL : STOLEN_CARD_KNOWLEDGE,
      crime,
    );
    set(draft);
    setUsualPrice(draft, dearness(numbers, random), scene, random);
    if (random.chance(numbers.declined)) decline(draft, random);
  });
}

const TAKEOVER_KNOWLEDGE = { onFile: 0.6, address: 0.9, code: 1, challenged: 0.05, failed: 0 };
const TAKEOVER_FROM_OWN_DEVICE = 0.28;
/** Gift cards, electronics, games, department stores: what can be sold again. */
const RESOLD = ['5947', '5732', '5816', '5311'];

/** Somebody else in the customer's account: all answers are right, only device and address are new. */
export const accountTakeover: Scenario = {
  name: 'account_takeover',
  numbers: {
    share: 0.09,
    least: 2,
    most: 6,
    meanGapMs: 12 * 60_000,
    declined: 0.15,
    cheapest: 1.2,
    dearest: 3,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const card = victim(crime);
    const home = scene.cards.country[card] as number;
    const from = hideout(home, scene, random);
    const { set } = disguise(card, from, TAKEOVER_FROM_OWN_DEVICE, crime);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      payOnline(draft, card, merchantOf(RESOLD, home, scene, random), TAKEOVER_KNOWLEDGE, crime);
      set(draft);
      setUsualPrice(draft, dearness(numbers, random), scene, random);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};
