import { Draft } from './draft.ts';
import { Merge } from './merge.ts';
import type { Scene } from './scene.ts';
import { type Extent, shards } from './shards.ts';

/** How many drafts a group has, but for the last. */
const GROUP_SIZE = 256;

/**
 * The transactions of a world in numbers, in groups, by event time, up to but not at `endAt`.
 *
 * A group is valid until the next one is asked for: its drafts are used again. To make many and
 * then write many is a fifth faster than to change between the two each time.
 */
export function* drafts(
  world: Scene & Extent,
  endAt: number,
): Generator<readonly Draft[], void, undefined> {
  const merge = new Merge(shards(world));
  const group = Array.from({ length: GROUP_SIZE }, () => new Draft());
  for (;;) {
    let count = 0;
    while (count < GROUP_SIZE && merge.nextAtMs < endAt) {
      group[count] = merge.take(group[count] as Draft);
      count += 1;
    }
    if (count === GROUP_SIZE) yield group;
    else {
      if (count > 0) yield group.slice(0, count);
      return;
    }
  }
}
