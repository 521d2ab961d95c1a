import type { Actor } from '../simulation/agenda.ts';
import { decline } from '../spending/authorisation.ts';
import { payInShop } from './in-shop.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { length, spree } from './spree.ts';
import { victimAndPlace } from './victim.ts';

/** A card taken from a pocket: used in shops nearby, mostly without a PIN, until it is blocked. */
export const lostStolen: Scenario = {
  name: 'lost_stolen',
  numbers: {
    share: 0.12,
    least: 2,
    most: 7,
    meanGapMs: 10 * 60_000,
    declined: 0.15,
    cheapest: 1.3,
    dearest: 4,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { random, numbers } = crime;
    const [card, place] = victimAndPlace(crime);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft, _, left) => {
      payInShop(draft, card, place, 0.5, crime);
      // The last try is often the one at which the card turns out to be blocked.
      if (random.chance(left === 0 ? 0.5 : numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};
