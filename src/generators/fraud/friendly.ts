import type { Actor } from '../simulation/agenda.ts';
import { shopOnline, visitShop } from '../spending/genuine.ts';
import { whereabouts } from '../spending/whereabouts.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { dearness, length, spree } from './spree.ts';
import { victim } from './victim.ts';

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
