import type { Actor } from '../simulation/agenda.ts';
import { channel, entryMode } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import { decline } from '../spending/authorisation.ts';
import { shopMerchant } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { whereabouts } from '../spending/whereabouts.ts';
import type { Crime, Scenario } from './scenario.ts';

const MEAN_GAP_MS = 25 * 60_000;

/** A card taken from a pocket: used in shops nearby, mostly without a PIN, until it is blocked. */
export const lostStolen: Scenario = {
  name: 'lost_stolen',
  share: 0.2,
  meanTransactions: 4.5,
  begin(crime: Crime): Actor {
    const { scene, random } = crime;
    const card = crime.cards.pick(random);
    let left = 2 + random.below(6);
    return {
      act(draft: Draft, atMs: number): number {
        draft.card = card;
        draft.channel = channel.pos;
        draft.merchant = shopMerchant(whereabouts(card, atMs, scene), scene, random);
        draft.terminal = random.below(4);
        draft.entryMode = random.chance(0.85) ? entryMode.contactless : entryMode.stripe;
        setUsualPrice(draft, 1 + 2.2 * random.unit(), scene, random);
        left -= 1;
        // The last try is the one at which the card turns out to be blocked.
        if (left === 0 || random.chance(0.15)) decline(draft, random);
        return left > 0 ? atMs + random.exponential() * MEAN_GAP_MS : Number.POSITIVE_INFINITY;
      },
    };
  },
};
