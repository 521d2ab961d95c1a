import type { Actor } from '../simulation/agenda.ts';
import { channel, entryMode } from '../simulation/codes.ts';
import { decline } from '../spending/authorisation.ts';
import { setPrice } from '../spending/pricing.ts';
import { shopMerchant } from '../spending/shopping.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { length, spree } from './spree.ts';
import { victimAndPlace } from './victim.ts';

/** What is charged, in dollars, before rounding to the currency. */
const AMOUNTS = [80, 100, 150, 200, 300, 500];

/** A shop that charges cards it knows, round amounts, one after the other. */
export const merchantCollusion: Scenario = {
  name: 'merchant_collusion',
  numbers: {
    share: 0.02,
    least: 6,
    most: 18,
    meanGapMs: 15 * 60_000,
    declined: 0.1,
    cheapest: 0.7,
    dearest: 1.3,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const [, place] = victimAndPlace(crime);
    const merchant = shopMerchant(place, scene, random);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft, atMs) => {
      [draft.card] = victimAndPlace({ ...crime, startAt: atMs });
      draft.channel = channel.pos;
      draft.merchant = merchant;
      draft.entryMode = random.chance(0.5) ? entryMode.stripe : entryMode.chip;
      setPrice(draft, AMOUNTS[random.below(AMOUNTS.length)] as number, 'round', scene);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};
