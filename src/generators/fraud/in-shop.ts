import { channel, entryMode } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import { shopMerchant } from '../spending/shopping.ts';
import { setUsualPrice } from '../spending/usual-price.ts';
import type { Crime } from './scenario.ts';
import { dearness } from './spree.ts';

/** A purchase in a shop of a country with a card, or what passes for one; `stripe` its share of stripes. */
export function payInShop(
  draft: Draft,
  card: number,
  place: number,
  stripe: number,
  { scene, random, numbers }: Crime,
): void {
  draft.card = card;
  draft.channel = channel.pos;
  draft.merchant = shopMerchant(place, scene, random);
  draft.terminal = random.below(4);
  const read = random.chance(0.9) ? entryMode.stripe : entryMode.fallback;
  draft.entryMode = random.chance(stripe) ? read : entryMode.contactless;
  setUsualPrice(draft, dearness(numbers, random), scene, random);
}
