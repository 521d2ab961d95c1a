import type { Actor } from '../simulation/agenda.ts';
import { channel, entryMode, type } from '../simulation/codes.ts';
import { shopMerchant } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { dearness, length, spree } from './spree.ts';
import { victimAndPlace } from './victim.ts';

/** Refunds without a purchase, at one shop, to a few cards. */
export const refundFraud: Scenario = {
  name: 'refund_fraud',
  numbers: {
    share: 0.01,
    least: 3,
    most: 9,
    meanGapMs: 90 * 60_000,
    declined: 0,
    cheapest: 1.5,
    dearest: 5,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const [first, place] = victimAndPlace(crime);
    const accomplices = [first, victimAndPlace(crime)[0]];
    const merchant = shopMerchant(place, scene, random);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      draft.card = accomplices[random.below(accomplices.length)] as number;
      draft.channel = channel.pos;
      draft.type = type.refund;
      draft.merchant = merchant;
      draft.entryMode = random.chance(0.7) ? entryMode.chip : entryMode.contactless;
      setUsualPrice(draft, dearness(numbers, random), scene, random);
    });
    return crime.mark(plot);
  },
};
