import type { Actor } from '../simulation/agenda.ts';
import { decline } from '../spending/authorisation.ts';
import { merchantOf } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { disguise, hideout } from './hideout.ts';
import { payOnline } from './online.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { dearness, length, spree } from './spree.ts';
import { victim } from './victim.ts';

const KNOWN = { onFile: 0.6, address: 0.9, code: 1, challenged: 0.05, failed: 0 };
const FROM_OWN_DEVICE = 0.28;
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
    const { set } = disguise(card, from, FROM_OWN_DEVICE, crime);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      payOnline(draft, card, merchantOf(RESOLD, home, scene, random), KNOWN, crime);
      set(draft);
      setUsualPrice(draft, dearness(numbers, random), scene, random);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};
