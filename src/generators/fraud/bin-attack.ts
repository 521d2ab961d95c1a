import { exp } from '../numbers/exact-math.ts';
import type { Actor } from '../simulation/agenda.ts';
import { response } from '../simulation/codes.ts';
import { setPrice } from '../spending/pricing.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { payOnline } from './online.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { length, spree } from './spree.ts';
import { tester } from './tester.ts';
import { victim } from './victim.ts';

const KNOWN = { onFile: 0, address: 0.5, code: 0.5, challenged: 0, failed: 0.05 };
const DOLLARS = 3;
/** What a patient guesser pays of the usual price. */
const PATIENT_FACTOR = 0.7;
/** Share of guessed numbers that no card has: the patient know where cards are dense. */
const UNKNOWN = { patient: 0.1, hasty: 0.5 };

/** Card numbers counted up within one BIN: many of them are nobody's. */
export const binAttack: Scenario = {
  name: 'bin_attack',
  numbers: {
    share: 0.06,
    least: 10,
    most: 30,
    meanGapMs: 10_000,
    declined: 0.5,
    cheapest: 1,
    dearest: 1,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, campaign } = crime;
    const bin = victim(crime);
    const { meanGapMs, isPatient, merchant, hide } = tester(
      scene.cards.country[bin] as number,
      crime,
    );
    const unknown = isPatient ? UNKNOWN.patient : UNKNOWN.hasty;
    let last4 = random.below(10_000);
    const plot = spree(length(crime), meanGapMs, random, (draft) => {
      const isUnknown = random.chance(unknown);
      payOnline(draft, isUnknown ? bin : victim(crime), merchant(), KNOWN, crime);
      hide(draft);
      if (isPatient) setUsualPrice(draft, PATIENT_FACTOR, scene, random);
      else setPrice(draft, DOLLARS * exp(random.normal()), 'exact', scene);
      if (isUnknown) {
        draft.guess(campaign + 1, last4);
        draft.response = random.chance(0.85) ? response.invalidNumber : response.doNotHonour;
      } else if (random.chance(numbers.declined)) draft.response = response.expired;
      last4 = (last4 + 1) % 10_000;
    });
    return crime.mark(plot);
  },
};
