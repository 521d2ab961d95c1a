import type { Actor } from '../simulation/agenda.ts';
import { decline } from '../spending/authorisation.ts';
import { merchantOf } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import { disguise, hideout } from './hideout.ts';
import { payOnline } from './online.ts';
import { type Crime, meanLength, type Scenario } from './scenario.ts';
import { dearness, length, spree } from './spree.ts';
import { victim } from './victim.ts';

const KNOWN = { onFile: 0.3, address: 0.8, code: 0.9, challenged: 0.02, failed: 0.03 };
const FROM_OWN_DEVICE = 0.25;
/** Share of bursts that stay at one shop. */
const ONE_SHOP = 0.7;
/** Digital goods, games, apps, bets, rides, gift cards: delivered at once. */
const INSTANT = ['5815', '5816', '7995', '4121', '5947', '4814'];

/** One card, one kind of merchant, up to 25 purchases within twenty minutes. */
export const velocityBurst: Scenario = {
  name: 'velocity_burst',
  numbers: {
    share: 0.04,
    least: 8,
    most: 25,
    meanGapMs: 70_000,
    declined: 0.2,
    cheapest: 0.6,
    dearest: 1.6,
  },
  meanMarked: meanLength,
  begin(crime: Crime): Actor {
    const { scene, random, numbers } = crime;
    const card = victim(crime);
    const home = scene.cards.country[card] as number;
    const from = hideout(home, scene, random);
    const { set } = disguise(card, from, FROM_OWN_DEVICE, crime);
    const goods = [INSTANT[random.below(INSTANT.length)] as string];
    const shop = merchantOf(goods, home, scene, random);
    const isLoyal = random.chance(ONE_SHOP);
    const plot = spree(length(crime), numbers.meanGapMs, random, (draft) => {
      const merchant = isLoyal ? shop : merchantOf(goods, home, scene, random);
      payOnline(draft, card, merchant, KNOWN, crime);
      set(draft);
      setUsualPrice(draft, dearness(numbers, random), scene, random);
      if (random.chance(numbers.declined)) decline(draft, random);
    });
    return crime.mark(plot);
  },
};
