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
  const scribe = new Scribe(world);
  for (;;) {
    const group = scribe.group(merge, tell);
    if (group.length > 0) yield group;
    if (group.length < GROUP_SIZE) return;
  }
}

/** Makes records of drafts, a group at a time. */
class Scribe {
  readonly #endAt: number;
  readonly #names: Identifiers;
  readonly #writer: LineWriter;
  readonly #cardIds: string[] = [];
  readonly #ids = Buffer.alloc(GROUP_SIZE * ID_LENGTH);
  readonly #idsView = new DataView(this.#ids.buffer, this.#ids.byteOffset, this.#ids.length);

  constructor(world: World) {
    this.#endAt = world.startAt + world.settings.durationMs;
    this.#names = new Identifiers(world.key);
    this.#writer = new LineWriter(world, this.#names);
  }

  group(merge: Merge, tell: (fraud: Label) => void): readonly UserRecord[] {
    const group: { id: string; readonly partitionKey: string; readonly data: Uint8Array }[] = [];
    while (group.length < GROUP_SIZE && merge.draft.atMs < this.#endAt) {
      const { draft } = merge;
      if (draft.scenario > 0) tell(labelOf(draft, this.#names));
      const idAt = group.length * ID_LENGTH;
      this.#names.writeTransaction(this.#idsView, idAt, draft.sequence);
      const data = this.#writer.line(draft, this.#idsView, idAt);
      group.push({ id: '', partitionKey: this.#cardId(draft.card), data });
      merge.advance();
    }
    // One string cut into pieces costs a fraction of as many strings made from bytes.
    const ids = this.#ids.toString('latin1', 0, group.length * ID_LENGTH);
    let idAt = 0;
    for (const record of group) {
      record.id = ids.slice(idAt, idAt + ID_LENGTH);
      idAt += ID_LENGTH;
    }
    return group;
  }

  #cardId(card: number): string {
    const known = this.#cardIds[card];
    if (known !== undefined) return known;
    const made = cardIdOf(card, this.#names);
    this.#cardIds[card] = made;
    return made;
  }
}
