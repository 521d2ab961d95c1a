import type { Label } from '../records/label.ts';
import type { UserRecord } from '../records/user-record.ts';
import { Merge } from './simulation/merge.ts';
import { shards } from './simulation/shards.ts';
import { GROUP_SIZE } from './transactions.ts';
import type { World } from './world.ts';
import { Identifiers } from './writing/identifiers.ts';
import { LineWriter } from './writing/line-writer.ts';
import { cardIdOf, labelOf } from './writing/transaction.ts';

/** Characters of a transaction's id. */
const ID_LENGTH = 26;

/**
 * All transactions of a world as user records, in groups, by event time; ends with its duration.
 *
 * The record is keyed by its card, and its data are the bytes of `transactionLine`. `tell` hears the
 * truth about each fraudulent transaction before the group that holds it leaves; of all others it
 * hears nothing.
 */
export function* userRecords(
  world: World,
  tell: (fraud: Label) => void = () => undefined,
): Generator<readonly UserRecord[], void, undefined> {
  const merge = new Merge(shards(world, world.settings));
  const names = new Identifiers(world.key);
  const writer = new LineWriter(world, names);
  const cardIds: string[] = [];
  const ids = Buffer.alloc(GROUP_SIZE * ID_LENGTH);
  const endAt = world.startAt + world.settings.durationMs;
  for (;;) {
    const group: { id: string; partitionKey: string; data: Uint8Array }[] = [];
    while (group.length < GROUP_SIZE && merge.draft.atMs < endAt) {
      const { draft } = merge;
      if (draft.scenario > 0) tell(labelOf(draft, names));
      const idAt = group.length * ID_LENGTH;
      names.writeTransaction(ids, idAt, draft.sequence);
      const partitionKey = cardIds[draft.card] ?? cardIdOf(draft.card, names);
      cardIds[draft.card] = partitionKey;
      group.push({ id: '', partitionKey, data: writer.line(draft, ids, idAt) });
      merge.advance();
    }
    // One string cut into pieces costs a quarter of as many strings made from bytes.
    const text = ids.toString('latin1', 0, group.length * ID_LENGTH);
    for (const [place, record] of group.entries()) {
      record.id = text.slice(place * ID_LENGTH, (place + 1) * ID_LENGTH);
    }
    if (group.length > 0) yield group;
    if (group.length < GROUP_SIZE) return;
  }
}
