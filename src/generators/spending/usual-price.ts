import { exp } from '../numbers/exact-math.ts';
import { hash, unitOf } from '../numbers/hash.ts';
import type { Random } from '../numbers/random.ts';
import { merchantCategories } from '../population/merchant-categories.ts';
import { channel } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import { type Rounding, setPrice } from './pricing.ts';

const SUBSCRIPTION_SALT = 31;

/**
 * A price as the merchant's category and the card's holder have it, times a factor.
 *
 * Lognormal. What a subscription costs hangs on card and merchant alone: the same each time.
 */
export function setUsualPrice(draft: Draft, factor: number, scene: Scene, random: Random): void {
  const category = merchantCategories[scene.merchants.category[draft.merchant] as number];
  const usdMedian = (category?.usdMedian ?? 0) * factor;
  if (draft.channel === channel.recurring) {
    const draw = hash(scene.key ^ SUBSCRIPTION_SALT, draft.card, draft.merchant);
    setPrice(draft, usdMedian * (0.5 + unitOf(draw)), 'charm', scene);
    return;
  }
  const spend = scene.cards.spend[draft.card] as number;
  const usd = usdMedian * spend * exp((category?.sigma ?? 0) * random.normal());
  setPrice(draft, usd, rounding(draft.channel, random.unit()), scene);
}

/** Cash comes in notes; a part of all prices is round, or looks cheaper than round. */
function rounding(used: number, unit: number): Rounding {
  if (used === channel.atm) return 'notes';
  if (used === channel.pos) return unit < 0.17 ? 'round' : 'exact';
  if (unit < 0.08) return 'round';
  return unit < 0.38 ? 'charm' : 'exact';
}
