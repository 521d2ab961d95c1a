import type { Actor } from '../simulation/agenda.ts';
import { anyPlace } from '../simulation/scene.ts';
import { decline } from '../spending/authorisation.ts';
import { visitShop } from '../spending/genuine.ts';
import { payInShop } from './in-shop.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { length, spree } from './spree.ts';
import { victim } from './victim.ts';

const MINUTE_MS = 60_000;

/** A purchase at home by the customer, and within three hours one in another country by somebody else. */
export const impossibleTravel: Scenario = {
  name: 'impossible_travel',
  numbers: {
    share: 0.04,
    least: 1,
    most: 3,
    meanGapMs: 40 * MINUTE_MS,
    declined: 0.2,
    cheapest: 0.5,
    dearest: 1.7,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, startAt } = crime;
    const card = victim(crime);
    const place = anyPlace(scene, random.bits());
    const abroad = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      payInShop(draft, card, place, 0.08, crime);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return spree(1, 0, random, (draft, _atMs, _left, agenda) => {
      visitShop(draft, card, scene.cards.country[card] as number, crime);
      agenda.add(crime.mark(abroad), startAt + MINUTE_MS * (90 + 88 * random.unit()));
    });
  },
};
