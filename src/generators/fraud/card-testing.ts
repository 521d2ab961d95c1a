import { exp } from '../numbers/exact-math.ts';
import type { Actor } from '../simulation/agenda.ts';
import { response, type } from '../simulation/codes.ts';
import { decline } from '../spending/authorisation.ts';
import { setPrice } from '../spending/pricing.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { cardNotPresent } from './cnp-stolen.ts';
import { payOnline } from './online.ts';
import { type Crime, meanLength, type Numbers, type Scenario } from './scenario.ts';
import { length, spree } from './spree.ts';
import { tester } from './tester.ts';
import { victim } from './victim.ts';

const HOUR_MS = 3_600_000;
const KNOWN = { onFile: 0, address: 0.85, code: 0.92, challenged: 0, failed: 0.05 };
/** The median of the amounts, and the share of numbers that are old or blocked among the declined. */
const DOLLARS = 3;
const RESERVED = 0.3;
/** What a patient tester pays of the usual price. */
const PATIENT_FACTOR = 0.7;
/** Who is patient has better lists: so much fewer are declined. */
const PATIENT_DECLINED = 0.6;
const OLD = 0.2;
/** What the issuer says to such a number. */
const REFUSALS = [response.invalidNumber, response.doNotHonour, response.expired];
/** Share of the live cards that are used in earnest later, one to three times. */
const CASHED = 0.05;
const MEAN_PURCHASES = 2;

/** A list of card numbers tried at one shop within minutes, for small amounts: which ones live? */
export const cardTesting: Scenario = {
  name: 'card_testing',
  numbers: {
    share: 0.14,
    least: 10,
    most: 40,
    meanGapMs: 8000,
    declined: 0.6,
    cheapest: 1,
    dearest: 1,
  },
  meanMarked: (numbers: Numbers) =>
    meanLength(numbers) * (1 + (1 - numbers.declined) * CASHED * MEAN_PURCHASES),
  leadMs: 4 * 24 * HOUR_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const place = scene.cards.country[victim(crime)] as number;
    const { meanGapMs, isPatient, merchant, hide } = tester(place, crime);
    const times = length(crime);
    const plot = spree(times, meanGapMs, random, (draft, atMs, _, agenda) => {
      const card = victim(crime);
      payOnline(draft, card, merchant(), KNOWN, crime);
      hide(draft);
      if (random.chance(RESERVED)) draft.type = type.authOnly;
      if (isPatient) setUsualPrice(draft, PATIENT_FACTOR, scene, random);
      else setPrice(draft, DOLLARS * exp(random.normal()), 'exact', scene);
      if (random.chance(numbers.declined * (isPatient ? PATIENT_DECLINED : 1))) {
        decline(draft, random);
        if (random.chance(OLD)) draft.response = REFUSALS[random.below(REFUSALS.length)] as number;
      } else if (random.chance(CASHED)) {
        const use = cardNotPresent(card, 1 + random.below(3), inEarnest(crime));
        agenda.add(crime.mark(use), atMs + HOUR_MS * (1 + 71 * random.unit()));
      }
    });
    return crime.mark(plot);
  },
};

/** The crime when the tested card is used to buy something. */
function inEarnest(crime: Crime): Crime {
  const numbers = { ...crime.numbers, declined: 0.25, cheapest: 0.8, dearest: 2.6 };
  return { ...crime, numbers: { ...numbers, meanGapMs: HOUR_MS } };
}
