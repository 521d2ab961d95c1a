import type { Actor } from '../simulation/agenda.ts';
import { response } from '../simulation/codes.ts';
import { visitShop } from '../spending/genuine.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { payInShop } from './in-shop.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { dearness, length, spree } from './spree.ts';
import { victimAndPlace } from './victim.ts';

const DAY_MS = 86_400_000;
/** How often and how long the account is built up, and by how much it then pays more than at first. */
const PREPARATION = 12;
const PREPARATION_DAYS = 30;
const RISE = 2;

/** An account that is built up for a month and then used to its limit within two days. */
export const bustOut: Scenario = {
  name: 'bust_out',
  numbers: {
    share: 0.01,
    least: 5,
    most: 11,
    meanGapMs: 5 * 3_600_000,
    declined: 0.25,
    cheapest: 2.5,
    dearest: 6,
  },
  meanMarked: meanLength,
  leadMs: 45 * DAY_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers, startAt } = crime;
    const [card, place] = victimAndPlace(crime);
    const end = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      payInShop(draft, card, place, 0.06, crime);
      setUsualPrice(draft, dearness(numbers, random), scene, random);
      if (random.chance(numbers.declined)) draft.response = response.aboveLimit;
    });
    const gapMs = (PREPARATION_DAYS * DAY_MS) / PREPARATION;
    return spree(PREPARATION, gapMs, random, (draft, atMs, left, agenda) => {
      visitShop(draft, card, place, crime);
      const built = (atMs - startAt) / (PREPARATION_DAYS * DAY_MS);
      setUsualPrice(draft, 1 + Math.min(1, built) * (RISE - 1), scene, random);
      if (left === 0) agenda.add(crime.mark(end), atMs + random.exponential() * numbers.meanGapMs);
    });
  },
};
