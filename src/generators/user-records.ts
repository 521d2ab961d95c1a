import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import type { UserRecord } from '../transactions/user-record.ts';
import { TransactionDraft } from './simulation/draft.ts';
import { drafts } from './simulation/merge-shards.ts';
import { endAt, type World } from './world.ts';
import { DraftTexts, DraftTransaction } from './writing/draft-transaction.ts';
import { Identifiers } from './writing/identifiers.ts';
import { LineWriter } from './writing/line-writer.ts';
import { labelOf } from './writing/transaction.ts';

/** Characters of a transaction's id. */
const ID_LENGTH = 26;

/** The form of records that are not in our own. `eventAt` is in epoch milliseconds; the transaction is valid during the call. */
export interface RecordForm {
  write(transaction: Transaction, eventAt: number): Uint8Array;
  keyOf(transaction: Transaction): string;
}

/** A record in a form that is not ours; what a report says of it cannot be read from its bytes. */
export interface FormedRecord extends UserRecord {
  readonly isForeign: true;
  readonly merchantCountry: string | undefined;
}

/** As `userRecords`, in another form. */
export function* formedRecords(
  world: World,
  form: RecordForm,
  onFraud: (fraud: Label) => void = () => undefined,
  groupSize?: number,
): Generator<readonly FormedRecord[], void, undefined> {
  const names = new Identifiers(world.key);
  const transaction = new DraftTransaction(
    new DraftTexts(world, names),
    new TransactionDraft(),
    '',
  );
  for (const group of drafts(world, endAt(world), groupSize)) {
    for (const draft of group) if (draft.scenario > 0) onFraud(labelOf(draft, world, names));
    const ids = transactionIds(group, names);
    yield group.map((draft, index) => {
      const id = ids[index] as string;
      transaction.of(draft, id);
      const data = form.write(transaction, draft.atMs);
      const merchantCountry = transaction.merchant_country ?? undefined;
      return { id, partitionKey: form.keyOf(transaction), data, merchantCountry, isForeign: true };
    });
  }
}

/** The ids of transactions, pieces of one string: as many strings made from bytes cost far more. */
export function transactionIds(
  drafts: readonly TransactionDraft[],
  names: Identifiers,
): readonly string[] {
  const text = idsOf(drafts, names).toString('latin1');
  return drafts.map((_, index) => text.slice(index * ID_LENGTH, (index + 1) * ID_LENGTH));
}

function idsOf(drafts: readonly TransactionDraft[], names: Identifiers): Buffer {
  const ids = Buffer.alloc(drafts.length * ID_LENGTH);
  const view = new DataView(ids.buffer, ids.byteOffset, ids.length);
  for (const [index, { sequence }] of drafts.entries()) {
    names.writeTransaction(view, index * ID_LENGTH, sequence);
  }
  return ids;
}

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
    for (const draft of group) if (draft.scenario > 0) onFraud(labelOf(draft, world, names));
    yield scribe.records(group);
  }
}

/** A record in our own form, and the transaction that its bytes say. */
export interface ReadableRecord extends UserRecord {
  readonly writtenFrom: Transaction;
}

/** As `userRecords`, with transactions that need not be parsed. */
export function* readableRecords(
  world: World,
  onFraud: (fraud: Label) => void = () => undefined,
  groupSize?: number,
): Generator<readonly ReadableRecord[], void, undefined> {
  const names = new Identifiers(world.key);
  const scribe = new Scribe(world, names);
  for (const group of drafts(world, endAt(world), groupSize, 'lasting')) {
    for (const draft of group) if (draft.scenario > 0) onFraud(labelOf(draft, world, names));
    yield scribe.readable(group);
  }
}

/** Makes records of drafts, a group at a time. */
class Scribe {
  readonly #writer: LineWriter;
  readonly #texts: DraftTexts;

  constructor(world: World, names: Identifiers) {
    this.#texts = new DraftTexts(world, names);
    this.#writer = new LineWriter(world, names);
  }

  records(drafts: readonly TransactionDraft[]): readonly UserRecord[] {
    const ids = idsOf(drafts, this.#texts.names);
    // One string cut into pieces costs a fraction of as many strings made from bytes.
    const text = ids.toString('latin1');
    const view = new DataView(ids.buffer, ids.byteOffset, ids.length);
    return drafts.map((draft, index) => {
      const idAt = index * ID_LENGTH;
      return {
        id: text.slice(idAt, idAt + ID_LENGTH),
        partitionKey: this.#texts.cardId(draft),
        data: this.#writer.line(draft, view, idAt),
      };
    });
  }

  readable(drafts: readonly TransactionDraft[]): readonly ReadableRecord[] {
    return this.records(drafts).map(({ id, partitionKey, data }, index) => {
      const draft = drafts[index] as TransactionDraft;
      const writtenFrom = new DraftTransaction(this.#texts, draft, id);
      return { id, partitionKey, data, writtenFrom };
    });
  }
}
