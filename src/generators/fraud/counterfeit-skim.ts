import type { Actor, Agenda } from '../simulation/agenda.ts';
import { channel, entryMode } from '../simulation/codes.ts';
import { anyPlace } from '../simulation/scene.ts';
import { decline } from '../spending/authorisation.ts';
import { shopMerchant } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { payInShop } from './in-shop.ts';
import { type Crime, meanLength, type Numbers, type Scenario } from './scenario.ts';
import { length, spree } from './spree.ts';
import { victimAndPlace } from './victim.ts';

const DAY_MS = 86_400_000;
/** Copies are used so often each, and so many of them abroad. */
const MOST_USES = 3;
const ABROAD = 0.4;

/**
 * A terminal that copies cards for some days, and the copies used elsewhere days later.
 *
 * The customers' own purchases at that terminal are genuine: they are the common point of purchase.
 */
export const counterfeitSkim: Scenario = {
  name: 'counterfeit_skim',
  numbers: {
    share: 0.08,
    least: 4,
    most: 12,
    meanGapMs: DAY_MS,
    declined: 0.2,
    cheapest: 0.9,
    dearest: 2.8,
  },
  meanMarked: (numbers: Numbers) => (meanLength(numbers) * (1 + MOST_USES)) / 2,
  leadMs: 25 * DAY_MS,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const [, place] = victimAndPlace(crime);
    const merchant = shopMerchant(place, scene, random);
    const times = length(crime);
    return spree(times, numbers.meanGapMs, random, (draft, atMs, _, agenda) => {
      const [card] = victimAndPlace({ ...crime, startAt: atMs });
      draft.card = card;
      draft.channel = channel.pos;
      draft.merchant = merchant;
      draft.entryMode = entryMode.chip;
      setUsualPrice(draft, 1, scene, random);
      useCopy(card, atMs, crime, agenda);
    });
  },
};

/** A copied card, one to ten days later: its stripe, since a chip cannot be copied. */
function useCopy(card: number, atMs: number, crime: Crime, agenda: Agenda): void {
  const { scene, random, numbers } = crime;
  const home = scene.cards.country[card] as number;
  const place = random.chance(ABROAD) ? anyPlace(scene, random.bits()) : home;
  const uses = spree(1 + random.below(MOST_USES), 40 * 60_000, random, (draft) => {
    payInShop(draft, card, place, 1, crime);
    if (random.chance(numbers.declined)) decline(draft, random);
  });
  agenda.add(crime.mark(uses), atMs + DAY_MS * (1 + 9 * random.unit()));
}
