import type { Actor } from '../simulation/agenda.ts';
import { decline } from '../spending/authorisation.ts';
import { onlineMerchant } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { disguise, hideout } from './hideout.ts';
import { payOnline } from './online.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { dearness, length, spree } from './spree.ts';
import { victim } from './victim.ts';

const KNOWN = { onFile: 0.25, address: 0.45, code: 0.7, challenged: 0.03, failed: 0.07 };
/** Who sits at the customer's own computer finds all of it there. */
const KNOWN_WELL = { onFile: 0.6, address: 0.95, code: 1, challenged: 0.03, failed: 0.01 };
const FROM_OWN_DEVICE = 0.22;

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
  const { isOwn, set } = disguise(card, from, FROM_OWN_DEVICE, crime);
  return spree(times, numbers.meanGapMs, random, (draft) => {
    const place = random.chance(0.7) ? home : from.country;
    payOnline(draft, card, onlineMerchant(place, scene, random), isOwn ? KNOWN_WELL : KNOWN, crime);
    set(draft);
    setUsualPrice(draft, dearness(numbers, random), scene, random);
    if (random.chance(numbers.declined)) decline(draft, random);
  });
}
