import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { drafts } from './simulation/merge-shards.ts';
import { endAt, type World } from './world.ts';
import { Identifiers } from './writing/identifiers.ts';
import { labelOf, transactionOf } from './writing/transaction.ts';

/** A transaction and the truth about it. */
export interface LabelledTransaction {
  readonly transaction: Transaction;
  readonly label: Label;
}

/** All transactions of a world with their labels, in groups, by event time; ends with its duration. */
export function* transactions(
  world: World,
): Generator<readonly LabelledTransaction[], void, undefined> {
  const names = new Identifiers(world.key);
  for (const group of drafts(world, endAt(world))) {
    yield group.map((draft) => ({
      transaction: transactionOf(draft, world, names),
      label: labelOf(draft, world, names),
    }));
  }
}
