import type { HashKey } from '../../kpl/hash-key.ts';

/** A Kinesis record as it is kept: the base64 text of the wire is never decoded. */
export interface StoredRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly base64: string;
  readonly bytes: number;
  readonly arrivedAt: number;
}

/** Slots of trimmed records are taken off in strides: one by one would move all the others each time. */
const STRIDE = 1_024;
/** What is in the slot of a trimmed record: the record itself goes at once, with its memory. */
const gone: StoredRecord = {
  sequenceNumber: '',
  partitionKey: '',
  base64: '',
  bytes: 0,
  arrivedAt: 0,
};

/** One shard: its range of hash keys and its records, the oldest first. */
export class StoredShard {
  readonly id: string;
  readonly start: HashKey;
  readonly end: HashKey;
  readonly parentIds: readonly string[];
  readonly startingSequenceNumber: string;
  readonly openedAt: number;
  /** Set when the shard is closed. */
  endingSequenceNumber: string | undefined;
  closedAt: number = Number.POSITIVE_INFINITY;
  childIds: readonly string[] = [];
  bytes: number = 0;
  #records: StoredRecord[] = [];
  /** Places at the front that were trimmed and are only waiting to be taken off. */
  #trimmed = 0;
  readonly #listeners = new Set<() => void>();

  constructor(
    id: string,
    [start, end]: readonly [HashKey, HashKey],
    parentIds: readonly string[],
    startingSequenceNumber: string,
    openedAt: number,
  ) {
    this.id = id;
    this.start = start;
    this.end = end;
    this.parentIds = parentIds;
    this.startingSequenceNumber = startingSequenceNumber;
    this.openedAt = openedAt;
  }

  get isOpen(): boolean {
    return this.endingSequenceNumber === undefined;
  }

  get count(): number {
    return this.#records.length - this.#trimmed;
  }

  get oldest(): StoredRecord | undefined {
    return this.#records[this.#trimmed];
  }

  get newest(): StoredRecord | undefined {
    return this.count > 0 ? this.#records.at(-1) : undefined;
  }

  append(record: StoredRecord): void {
    this.#records.push(record);
    this.bytes += record.bytes;
    this.changed();
  }

  /** Calls back whenever there is something new to know; the function returned ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Records were added, or the shard or its stream is about to change. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Forgets the oldest record; there must be one. */
  trim(): void {
    this.bytes -= this.oldest?.bytes ?? 0;
    this.#records[this.#trimmed] = gone;
    this.#trimmed += 1;
    if (this.#trimmed < STRIDE || this.#trimmed * 2 < this.#records.length) return;
    this.#records = this.#records.slice(this.#trimmed);
    this.#trimmed = 0;
  }

  /** Up to `most` records from the first whose sequence number is not below. */
  from(sequenceNumber: string, most: number): readonly StoredRecord[] {
    const first = this.#firstThat((record) => record.sequenceNumber >= sequenceNumber);
    return this.#records.slice(first, first + most);
  }

  /** The first record that arrived then or later. */
  firstAt(instant: number): StoredRecord | undefined {
    return this.#records[this.#firstThat((record) => record.arrivedAt >= instant)];
  }

  /** Binary search: `matches` must be false up to some record and true from there on. */
  #firstThat(matches: (record: StoredRecord) => boolean): number {
    let low = this.#trimmed;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const record = this.#records[middle];
      if (record && matches(record)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Digits of a sequence number, as Kinesis writes them: text order is then number order. */
const DIGITS = 56;
const PREFIX = '495';

/** Sequence numbers of one stream: each higher than all before, over all of its shards. */
export class SequenceNumbers {
  #last = 0;

  next(): string {
    this.#last += 1;
    return written(this.#last);
  }

  /** The highest number that it gave. */
  get last(): string {
    return written(this.#last);
  }

  /** True for a number that it gave: not for one of AWS, of before a restart, or made up. */
  hasGiven(text: string): boolean {
    return isSequenceNumber(text) && text <= written(this.#last);
  }
}

/** The number after a sequence number: where the next record would be found. */
export function after(sequenceNumber: string): string {
  return written(Number(sequenceNumber.slice(PREFIX.length)) + 1);
}

/** The ordinals that can come are far below those of AWS. */
function isSequenceNumber(text: string): boolean {
  return /^4950{38}\d{15}$/.test(text);
}

function written(ordinal: number): string {
  return PREFIX + String(ordinal).padStart(DIGITS - PREFIX.length, '0');
}
