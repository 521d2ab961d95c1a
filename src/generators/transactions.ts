import type { Label } from '../records/label.ts';
import type { Transaction } from '../records/transaction.ts';
import { Merge } from './simulation/merge.ts';
import { shards } from './simulation/shards.ts';
import type { World } from './world.ts';
import { Identifiers } from './writing/identifiers.ts';
import { labelOf, transactionOf } from './writing/transaction.ts';

/** How many records a group has, but for the last. */
export const GROUP_SIZE = 256;

/** A transaction and the truth about it. */
export interface LabelledTransaction {
  readonly transaction: Transaction;
  readonly label: Label;
}

/** All transactions of a world with their labels, in groups, by event time; ends with its duration. */
export function* transactions(
  world: World,
): Generator<readonly LabelledTransaction[], void, undefined> {
  const merge = new Merge(shards(world, world.settings));
  const names = new Identifiers(world.key);
  const endAt = world.startAt + world.settings.durationMs;
  for (;;) {
    const group: LabelledTransaction[] = [];
    while (group.length < GROUP_SIZE && merge.draft.atMs < endAt) {
      const { draft } = merge;
      group.push({
        transaction: transactionOf(draft, world, names),
        label: labelOf(draft, names),
      });
      merge.advance();
    }
    if (group.length > 0) yield group;
    if (group.length < GROUP_SIZE) return;
  }
}
