import type { Actor } from '../simulation/agenda.ts';
import { avs, channel, cvv, entryMode, threeDs } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import { decline } from '../spending/authorisation.ts';
import { onlineMerchant } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { setAvs, setThreeDs } from '../spending/verification.ts';
import type { Crime, Scenario } from './scenario.ts';
import { hideout, setForeignDevice } from './strangers.ts';

const MEAN_GAP_MS = 90 * 60_000;

/** A stolen card number, used online some times from a device the customer never had. */
export const cnpStolen: Scenario = {
  name: 'cnp_stolen',
  share: 0.45,
  meanTransactions: 2.5,
  begin(crime: Crime): Actor {
    const { scene, random } = crime;
    const card = crime.cards.pick(random);
    const home = scene.cards.country[card] as number;
    const from = hideout(home, random);
    let left = 1 + random.below(4);
    return {
      act(draft: Draft, atMs: number): number {
        draft.card = card;
        draft.channel = channel.ecom;
        draft.merchant = onlineMerchant(random.chance(0.7) ? home : from.country, scene, random);
        draft.entryMode = entryMode.ecom;
        setThreeDs(draft, random.chance(0.9) ? threeDs.none : threeDs.failed, scene);
        setAvs(draft, random.chance(0.35) ? avs.mismatch : avs.match, scene);
        draft.cvv = random.chance(0.15) ? cvv.mismatch : cvv.match;
        setForeignDevice(draft, from, crime);
        setUsualPrice(draft, 0.8 + 1.8 * random.unit(), scene, random);
        if (random.chance(0.25)) decline(draft, random);
        left -= 1;
        return left > 0 ? atMs + random.exponential() * MEAN_GAP_MS : Number.POSITIVE_INFINITY;
      },
    };
  },
};
