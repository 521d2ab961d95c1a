import type { Label } from '../transactions/label.ts';
import type { UserRecord } from '../transactions/user-record.ts';
import type { TransactionDraft } from './simulation/draft.ts';
import { drafts } from './simulation/merge-shards.ts';
import { endAt, type World } from './world.ts';
import { Identifiers } from './writing/identifiers.ts';
import { LineWriter } from './writing/line-writer.ts';
import { cardIdOf, labelOf } from './writing/transaction.ts';

/** Characters of a transaction's id. */
const ID_LENGTH = 26;

/**
 * Yields all transactions of a world as user records, in groups, by event time; ends with its duration.
 *
 * The record is keyed by its card, and its data are the bytes of `transactionLine`. `onFraud` gets the
 * label of each fraudulent transaction before its group is yielded. A group takes 3 us a record in one
 * piece: code that needs exact timers on the same thread wants a small `groupSize`.
 */
export function* userRecords(
  world: World,
  onFraud: (fraud: Label) => void = () => undefined,
  groupSize?: number,
): Generator<readonly UserRecord[], void, undefined> {
  const names = new Identifiers(world.key);
  const scribe = new Scribe(world, names);
  for (const group of drafts(world, endAt(world), groupSize)) {
    for (const draft of group) if (draft.scenario > 0) onFraud(labelOf(draft, names));
    yield scribe.records(group);
  }
}

/** Makes records of drafts, a group at a time. */
class Scribe {
  readonly #names: Identifiers;
  readonly #writer: LineWriter;
  readonly #cardIds: string[] = [];

  constructor(world: World, names: Identifiers) {
    this.#names = names;
    this.#writer = new LineWriter(world, names);
  }

  records(drafts: readonly TransactionDraft[]): readonly UserRecord[] {
    const ids = this.#ids(drafts);
    // One string cut into pieces costs a fraction of as many strings made from bytes.
    const text = ids.toString('latin1');
    const view = new DataView(ids.buffer, ids.byteOffset, ids.length);
    return drafts.map((draft, index) => {
      const idAt = index * ID_LENGTH;
      return {
        id: text.slice(idAt, idAt + ID_LENGTH),
        partitionKey: this.#cardId(draft),
        data: this.#writer.line(draft, view, idAt),
      };
    });
  }

  #ids(drafts: readonly TransactionDraft[]): Buffer {
    const ids = Buffer.alloc(drafts.length * ID_LENGTH);
    const view = new DataView(ids.buffer, ids.byteOffset, ids.length);
    for (const [index, { sequence }] of drafts.entries()) {
      this.#names.writeTransaction(view, index * ID_LENGTH, sequence);
    }
    return ids;
  }

  #cardId(draft: TransactionDraft): string {
    if (draft.stranger !== 0 || draft.reissue > 0) return cardIdOf(draft, this.#names);
    const { card } = draft;
    const known = this.#cardIds[card];
    if (known !== undefined) return known;
    const made = cardIdOf(draft, this.#names);
    this.#cardIds[card] = made;
    return made;
  }
}
