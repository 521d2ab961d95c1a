import { addressKinds } from '../addresses/address-space.ts';
import type { Random } from '../numbers/random.ts';
import type { Actor } from '../simulation/agenda.ts';
import { response } from '../simulation/codes.ts';
import { anyPlace, type Scene } from '../simulation/scene.ts';
import { setPrice } from '../spending/pricing.ts';
import { onlineMerchant } from '../spending/shopping.ts';
import { cardNotPresent } from './cnp-stolen.ts';
import { type Hideout, setForeignDevice } from './hideout.ts';
import { payOnline } from './online.ts';
import { type Crime, meanLength, type Numbers, type Scenario } from './scenario.ts';
import { length, spree } from './spree.ts';
import { victim } from './victim.ts';

const HOUR_MS = 3_600_000;
const KNOWN = { onFile: 0, address: 0.6, code: 0.65, challenged: 0, failed: 0.05 };
/** What the issuer says to a number that is old or blocked. */
const REFUSALS = [response.invalidNumber, response.doNotHonour, response.expired];
/** Share of the live cards that are used in earnest later, one to three times. */
const CASHED = 0.05;
const MEAN_PURCHASES = 2;

/** A list of card numbers tried at one shop within minutes, for small amounts: which ones live? */
export const cardTesting: Scenario = {
  name: 'card_testing',
  numbers: {
    share: 0.14,
    least: 20,
    most: 80,
    meanGapMs: 4000,
    declined: 0.8,
    cheapest: 1,
    dearest: 1,
  },
  meanMarked: (numbers: Numbers) =>
    meanLength(numbers) * (1 + (1 - numbers.declined) * CASHED * MEAN_PURCHASES),
  leadMs: 4 * 24 * HOUR_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const place = scene.cards.country[victim(crime)] as number;
    const merchant = onlineMerchant(place, scene, random);
    const from = exits(scene, random);
    const times = length(numbers, random);
    const plot = spree(times, numbers.meanGapMs, random, (draft, atMs, _, agenda) => {
      const card = victim(crime);
      payOnline(draft, card, merchant, KNOWN, crime);
      setForeignDevice(draft, from[random.below(from.length)] as Hideout, crime);
      setPrice(draft, 0.5 + 4.5 * random.unit(), 'exact', scene);
      if (random.chance(numbers.declined)) {
        draft.response = REFUSALS[random.below(REFUSALS.length)] as number;
      } else if (random.chance(CASHED)) {
        const use = cardNotPresent(card, 1 + random.below(3), inEarnest(crime));
        agenda.add(crime.mark(use), atMs + HOUR_MS * (1 + 71 * random.unit()));
      }
    });
    return crime.mark(plot);
  },
};

/** The addresses that testers come through, one to five. */
export function exits(scene: Scene, random: Random): readonly Hideout[] {
  return Array.from({ length: 1 + random.below(5) }, () => ({
    country: anyPlace(scene, random.bits()),
    kind: random.chance(0.5) ? addressKinds.hosting : addressKinds.consumer,
    draw: random.bits(),
  }));
}

/** The crime when the tested card is used to buy something. */
function inEarnest(crime: Crime): Crime {
  const numbers = { ...crime.numbers, declined: 0.25, cheapest: 0.8, dearest: 2.6 };
  return { ...crime, numbers: { ...numbers, meanGapMs: HOUR_MS } };
}
