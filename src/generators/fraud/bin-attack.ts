import type { Actor } from '../simulation/agenda.ts';
import { response } from '../simulation/codes.ts';
import { setPrice } from '../spending/pricing.ts';
import { onlineMerchant } from '../spending/shopping.ts';
import { exits } from './card-testing.ts';
import { type Hideout, setForeignDevice } from './hideout.ts';
import { payOnline } from './online.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { length, spree } from './spree.ts';
import { victim } from './victim.ts';

const KNOWN = { onFile: 0, address: 0.4, code: 0.3, challenged: 0, failed: 0.05 };
/** Share of guessed numbers that no card has. */
const UNKNOWN = 0.9;

/** Card numbers counted up within one BIN: most of them are nobody's. */
export const binAttack: Scenario = {
  name: 'bin_attack',
  numbers: {
    share: 0.06,
    least: 30,
    most: 120,
    meanGapMs: 2500,
    declined: 0.5,
    cheapest: 1,
    dearest: 1,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, campaign } = crime;
    const bin = victim(crime);
    const merchant = onlineMerchant(scene.cards.country[bin] as number, scene, random);
    const from = exits(scene, random);
    let last4 = random.below(10_000);
    const plot = spree(length(numbers, random), numbers.meanGapMs, random, (draft) => {
      const isUnknown = random.chance(UNKNOWN);
      payOnline(draft, isUnknown ? bin : victim(crime), merchant, KNOWN, crime);
      setForeignDevice(draft, from[random.below(from.length)] as Hideout, crime);
      setPrice(draft, 1 + random.unit(), 'exact', scene);
      if (isUnknown) {
        draft.guess(campaign + 1, last4);
        draft.response = response.invalidNumber;
      } else if (random.chance(numbers.declined)) draft.response = response.expired;
      last4 = (last4 + 1) % 10_000;
    });
    return crime.mark(plot);
  },
};
