import type { Label } from '../records/label.ts';
import { transactionLine } from '../records/transaction.ts';
import type { UserRecord } from '../records/user-record.ts';
import { transactions } from './transactions.ts';
import type { World } from './world.ts';

/**
 * All transactions of a world as user records, in groups, by event time; ends with its duration.
 *
 * The record is keyed by its card. `tell` hears the truth about each fraudulent transaction before the
 * group that holds it leaves; of all others it hears nothing.
 */
export function* userRecords(
  world: World,
  tell: (fraud: Label) => void = () => undefined,
): Generator<readonly UserRecord[], void, undefined> {
  const encoder = new TextEncoder();
  for (const group of transactions(world)) {
    for (const { label } of group) if (label.is_fraud) tell(label);
    yield group.map(({ transaction }) => ({
      id: transaction.transaction_id,
      partitionKey: transaction.card_id,
      data: encoder.encode(transactionLine(transaction)),
    }));
  }
}
