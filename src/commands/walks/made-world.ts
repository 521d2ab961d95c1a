import type { IpSpace } from '../../addresses/ip-space.ts';
import { type World, world } from '../../generators/world.ts';
import type { Outside } from '../outside.ts';

/** What the flags say about a generated world. */
export interface WorldValues {
  readonly seed: number | undefined;
  readonly cards: number;
  readonly merchants: number;
  readonly fraudRate: number;
  readonly start: number | undefined;
  readonly ipSpace: IpSpace;
}

/** The world of the flags, and its seed: drawn where none is given, so that it can be told. */
export async function madeWorld(
  { seed: given, start, cards, merchants, fraudRate, ipSpace }: WorldValues,
  { random }: Pick<Outside, 'random'>,
): Promise<{ readonly made: World; readonly seed: number }> {
  const seed = given ?? Math.floor(random() * 2 ** 32);
  const begin = start === undefined ? {} : { start };
  return { made: await world({ seed, cards, merchants, fraudRate, ipSpace, ...begin }), seed };
}
