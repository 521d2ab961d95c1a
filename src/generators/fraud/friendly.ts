import type { Actor } from '../simulation/agenda.ts';
import { shopOnline } from '../spending/genuine.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { dearness, length, spree } from './spree.ts';
import { victim } from './victim.ts';

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
    dearest: 1.6,
  },
  isReportedByChargeback: true,
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { random, numbers } = crime;
    const card = victim(crime);
    const plot = spree(length(numbers, random), numbers.meanGapMs, random, (draft) => {
      shopOnline(draft, card, dearness(numbers, random), crime);
    });
    return crime.mark(plot);
  },
};
