import type { Actor } from '../simulation/agenda.ts';
import { avs, channel, cvv, entryMode, threeDs } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import { decline } from '../spending/authorisation.ts';
import { onlineMerchant } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { setAvs, setThreeDs } from '../spending/verification.ts';
import type { Crime, Scenario } from './scenario.ts';
import { hideout, setForeignDevice } from './strangers.ts';

const MEAN_GAP_MS = 15 * 60_000;

/** Somebody else in the customer's account: all answers are right, only device and address are new. */
export const accountTakeover: Scenario = {
  name: 'account_takeover',
  share: 0.15,
  meanTransactions: 4,
  begin(crime: Crime): Actor {
    const { scene, random } = crime;
    const card = crime.cards.pick(random);
    const home = scene.cards.country[card] as number;
    const from = hideout(home, random);
    let left = 2 + random.below(5);
    return {
      act(draft: Draft, atMs: number): number {
        draft.card = card;
        draft.channel = channel.ecom;
        draft.merchant = onlineMerchant(home, scene, random);
        draft.entryMode = random.chance(0.6) ? entryMode.onFile : entryMode.ecom;
        setThreeDs(draft, random.chance(0.05) ? threeDs.challenge : threeDs.none, scene);
        setAvs(draft, random.chance(0.9) ? avs.match : avs.mismatch, scene);
        if (draft.entryMode === entryMode.ecom) draft.cvv = cvv.match;
        setForeignDevice(draft, from, crime);
        setUsualPrice(draft, 1 + 2 * random.unit(), scene, random);
        if (random.chance(0.15)) decline(draft, random);
        left -= 1;
        return left > 0 ? atMs + random.exponential() * MEAN_GAP_MS : Number.POSITIVE_INFINITY;
      },
    };
  },
};
