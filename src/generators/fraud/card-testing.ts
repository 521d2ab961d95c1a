import { addressKinds } from '../addresses/address-space.ts';
import { countries } from '../population/countries.ts';
import type { Actor } from '../simulation/agenda.ts';
import { avs, channel, cvv, entryMode, response, threeDs } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import { setPrice } from '../spending/pricing.ts';
import { onlineMerchant } from '../spending/shopping.ts';
import { setAvs, setThreeDs } from '../spending/verification.ts';
import type { Crime, Scenario } from './scenario.ts';
import { setForeignDevice } from './strangers.ts';

const MEAN_GAP_MS = 4000;
/** What the issuer says to a number that is guessed or old. */
const REFUSALS = [response.invalidNumber, response.doNotHonour, response.expired];

/** A list of card numbers tried at one shop within minutes, for small amounts: which ones live? */
export const cardTesting: Scenario = {
  name: 'card_testing',
  share: 0.2,
  meanTransactions: 50,
  begin(crime: Crime): Actor {
    const { scene, random } = crime;
    const place = scene.cards.country[crime.cards.pick(random)] as number;
    const merchant = onlineMerchant(place, scene, random);
    const exits = Array.from({ length: 1 + random.below(5) }, () => ({
      country: random.below(countries.length),
      kind: random.chance(0.5) ? addressKinds.hosting : addressKinds.consumer,
      draw: random.bits(),
    }));
    let left = 20 + random.below(61);
    return {
      act(draft: Draft, atMs: number): number {
        draft.card = crime.cards.pick(random);
        draft.channel = channel.ecom;
        draft.merchant = merchant;
        draft.entryMode = entryMode.ecom;
        setThreeDs(draft, threeDs.none, scene);
        setAvs(draft, random.chance(0.5) ? avs.mismatch : avs.unavailable, scene);
        draft.cvv = random.chance(0.5) ? cvv.mismatch : cvv.match;
        const exit = exits[random.below(exits.length)];
        if (exit) setForeignDevice(draft, exit, crime);
        setPrice(draft, 0.5 + 4.5 * random.unit(), 'exact', scene);
        if (random.chance(0.8)) draft.response = REFUSALS[random.below(REFUSALS.length)] ?? 0;
        left -= 1;
        return left > 0 ? atMs + random.exponential() * MEAN_GAP_MS : Number.POSITIVE_INFINITY;
      },
    };
  },
};
