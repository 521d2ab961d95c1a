import type { Random } from '../numbers/random.ts';
import { merchantCategories } from '../population/merchant-categories.ts';
import type { Actor } from '../simulation/agenda.ts';
import { channel } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Scene } from '../simulation/scene.ts';
import { setUsualPrice } from './usual-price.ts';

/** Digital goods, games, phone credit, rides, bets: what people buy several of in a row. */
const INSTANT = ['5815', '5816', '4814', '4121', '7995'];
const isOfThese = merchantCategories.map(({ mcc }) => INSTANT.includes(mcc));
const MEAN_GAP_MS = 80_000;
const LEAST = 2;
const MOST = 24;

/** Whether a purchase is of the kind that is easily repeated. */
export function isInstant({ channel: used, merchant }: Draft, scene: Scene): boolean {
  return used === channel.ecom && isOfThese[scene.merchants.category[merchant] as number] === true;
}

/** A customer who buys the same again and again within minutes: nobody stole anything. */
export class Binge implements Actor {
  readonly #first: Draft;
  readonly #scene: Scene;
  readonly #random: Random;
  #left: number;

  constructor(first: Draft, scene: Scene, random: Random) {
    this.#first = first.copy();
    this.#scene = scene;
    this.#random = random;
    this.#left = LEAST + random.below(MOST - LEAST + 1);
  }

  /** When the next purchase is. */
  static after(atMs: number, random: Random): number {
    return atMs + random.exponential() * MEAN_GAP_MS;
  }

  act(draft: Draft, atMs: number): number {
    draft.repeat(this.#first);
    setUsualPrice(draft, 1, this.#scene, this.#random);
    this.#left -= 1;
    return this.#left > 0 ? Binge.after(atMs, this.#random) : Number.POSITIVE_INFINITY;
  }
}
