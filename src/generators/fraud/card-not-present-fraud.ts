import { addressKinds } from '../addresses/address-space.ts';
import { cvv, entryMode, type TransactionDraft, threeDs } from '../simulation/draft.ts';
import type { Actor } from '../simulation/event-queue.ts';
import { randomCountry } from '../simulation/scene.ts';
import { decline, refuseUnverified, setThreeDs } from '../spending/authorisation.ts';
import { setVerification, shopOnline, visitShop } from '../spending/genuine.ts';
import { setUsualPrice } from '../spending/pricing.ts';
import { merchantOf, onlineMerchant } from '../spending/shopping.ts';
import { whereabouts } from '../spending/whereabouts.ts';
import {
  disguise,
  hideout,
  payBySubscription,
  payByTelephone,
  payOnline,
  setForeignDevice,
} from './fraudulent-payment.ts';
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
  frictionless: 0.5,
  challenged: 0.2,
};
/** Share of bursts at shops of another country. */
const BURST_ABROAD = 0.3;
const BURST_FROM_OWN_DEVICE = 0.4;
/** Share of bursts that stay at one shop. */
const ONE_SHOP = 0.7;
/** Digital goods, games, apps, bets, rides, gift cards: delivered at once. */
const INSTANT = ['5815', '5816', '7995', '4121', '5947', '4814'];

/** Velocity burst: one card, one kind of merchant, up to 25 purchases within twenty minutes. */
export const velocityBurst: Scenario = {
  name: 'velocity_burst',
  numbers: {
    share: 0.05,
    least: 5,
    most: 22,
    meanGapMs: 95_000,
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
    const country = random.chance(BURST_ABROAD) ? randomCountry(scene, random.bits()) : home;
    const shop = merchantOf(goods, country, scene, random);
    const isLoyal = random.chance(ONE_SHOP);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      const merchant = isLoyal ? shop : merchantOf(goods, country, scene, random);
      payOnline(draft, card, merchant, VELOCITY_BURST_KNOWLEDGE, priced(draft, crime), crime);
      set(draft);
      answer(draft, crime);
    });
    return crime.mark(plot);
  },
};

/** The price of a purchase online, which is set when card and merchant are known. */
function priced(draft: TransactionDraft, { scene, random, numbers }: Crime): () => void {
  return () => setUsualPrice(draft, dearness(numbers, random), scene, random);
}

/** The issuer's answer: a share of refusals as fraud of this kind meets it, and those of failed checks. */
function answer(draft: TransactionDraft, { scene, random, numbers }: Crime): void {
  if (random.chance(numbers.declined)) decline(draft, random);
  else refuseUnverified(draft, scene, random);
}

/** The rest is in shops: "that was not me", "it was broken". */
const ONLINE = 0.6;

/** Friendly fraud: the customer's own purchase, disputed weeks later. */
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
  code: 0.9,
  frictionless: 0.4,
  challenged: 0.15,
};
/** Who sits at the customer's own computer finds all of it there. */
const KNOWN_WELL = { onFile: 0.6, address: 0.95, code: 1, frictionless: 0.85, challenged: 0.1 };
const STOLEN_FROM_OWN_DEVICE = 0.22;
/** Shares of campaigns by telephone and of those that take out subscriptions. */
const BY_TELEPHONE = 0.07;
const BY_SUBSCRIPTION = 0.05;
/** Share of purchases in another country than the card's. */
const STOLEN_ABROAD = 0.78;

/** Card-not-present fraud: a stolen card number, used online from an unknown device. */
export const cnpStolen: Scenario = {
  name: 'cnp_stolen',
  numbers: {
    share: 0.425,
    least: 1,
    most: 4,
    meanGapMs: 60 * 60_000,
    declined: 0.28,
    cheapest: 1,
    dearest: 3.8,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const card = victim(crime);
    return crime.mark(cardNotPresent(card, length(crime), crime));
  },
};

/** Purchases online, some by telephone or as subscriptions, with somebody else's card number. */
export function cardNotPresent(card: number, times: number, crime: Crime): Actor {
  const { scene, random, numbers } = crime;
  const home = scene.cards.country[card] as number;
  const from = hideout(home, scene, random);
  const { isOwn, set } = disguise(card, from, STOLEN_FROM_OWN_DEVICE, crime);
  const way = random.unit();
  return spree(times, numbers.meanGapMs, random, (draft) => {
    const country = random.chance(STOLEN_ABROAD) ? foreign(from.country, home, crime) : home;
    if (way < BY_SUBSCRIPTION) payBySubscription(draft, card, country, crime);
    else if (
      way > 1 - BY_TELEPHONE &&
      payByTelephone(draft, card, country, STOLEN_CARD_KNOWLEDGE, crime)
    ) {
      answer(draft, crime);
      return;
    } else {
      const shop = onlineMerchant(country, scene, random);
      const known = isOwn ? KNOWN_WELL : STOLEN_CARD_KNOWLEDGE;
      payOnline(draft, card, shop, known, priced(draft, crime), crime);
      set(draft);
    }
    answer(draft, crime);
  });
}

/** A country other than the card's: where the fraudster is, or any. */
function foreign(from: number, home: number, { scene, random }: Crime): number {
  const isThere = from !== home && random.chance(0.5);
  return isThere ? from : randomCountry(scene, random.bits());
}

const TAKEOVER_KNOWLEDGE = {
  onFile: 0.6,
  address: 0.9,
  code: 1,
  frictionless: 0.6,
  challenged: 0.38,
};
/** Share of takeovers from a line in the customer's own country, which were bought with the account. */
const TAKEOVER_NEARBY = 0.4;
const TAKEOVER_ABROAD = 0.55;
/** Gift cards, electronics, games, department stores: what can be sold again. */
const RESOLD = ['5947', '5732', '5816', '5311'];

/**
 * Account takeover: a new device is registered in the customer's account first, by an account
 * verification without an amount. Then it buys, and all answers are right.
 */
export const accountTakeover: Scenario = {
  name: 'account_takeover',
  numbers: {
    share: 0.1,
    least: 3,
    most: 7,
    meanGapMs: 25 * 60_000,
    declined: 0.15,
    cheapest: 1.1,
    dearest: 3.3,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const card = victim(crime);
    const home = scene.cards.country[card] as number;
    const isNearby = random.chance(TAKEOVER_NEARBY);
    const near = { country: home, kind: addressKinds.consumer, draw: random.bits() };
    const from = isNearby ? near : hideout(home, scene, random);
    const country = random.chance(TAKEOVER_ABROAD) ? randomCountry(scene, random.bits()) : home;
    let isKnown = false;
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      const shop = merchantOf(RESOLD, isKnown ? country : home, scene, random);
      payOnline(draft, card, shop, TAKEOVER_KNOWLEDGE, priced(draft, crime), crime);
      setForeignDevice(draft, from, 0, crime);
      if (isKnown) answer(draft, crime);
      else {
        setVerification(draft, scene);
        draft.entryMode = entryMode.ecom;
        draft.cvv = cvv.match;
        setThreeDs(draft, threeDs.challenge, scene);
      }
      isKnown = true;
    });
    return crime.mark(plot);
  },
};
