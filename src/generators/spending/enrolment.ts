import { exp } from '../numbers/exact-math.ts';
import type { Random } from '../numbers/random.ts';
import { entryMode, threeDs, type } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import { setPrice } from './pricing.ts';
import { setThreeDs } from './verification.ts';
import { setNewDevice } from './whereabouts.ts';

/** The median of the charge in dollars, and the sigma of its logarithm. */
const DOLLARS = 2;
const SIGMA = 1;
/** Share of the charges that are reservations, never to be collected. */
const RESERVED = 0.4;

/** Makes a purchase online the first small charge to a card that a new app or a new phone gets to know. */
export function enrol(draft: Draft, scene: Scene, random: Random): void {
  draft.entryMode = entryMode.ecom;
  draft.type = random.chance(RESERVED) ? type.authOnly : type.purchase;
  if (random.chance(0.8)) setThreeDs(draft, threeDs.none, scene);
  setNewDevice(draft, scene, random);
  setPrice(draft, DOLLARS * exp(SIGMA * random.normal()), 'exact', scene);
}
