import { IdTable } from './id-table.ts';

/** A transaction as it is handed to the producer, and what is known of it on this side. */
export interface SentTransaction {
  readonly id: string;
  readonly cardId: string;
  readonly dueAt: number;
  readonly isFraud: boolean | undefined;
  readonly scenario: string | undefined;
  /** That of the merchant. */
  readonly country: string | undefined;
  /** The score that the offline model gives; NaN where nobody knows. */
  readonly expected: number;
}

/** What a reader of the stream of verdicts saw. Units: epoch milliseconds UTC. */
export interface SeenVerdict {
  readonly id: string;
  readonly cardId: string | undefined;
  readonly eventAt: number;
  /** NaN without one. */
  readonly score: number;
  readonly isFraudPredicted?: boolean | undefined;
  /** What the offline model says of the features in the verdict; NaN without any. */
  readonly recomputed: number;
  readonly error: string | undefined;
  readonly arrivedAt: number;
  readonly readAt: number;
  /** It came in an aggregate outside its shard's range, which a KCL reader drops. */
  readonly isOutOfRange?: boolean;
}

/** What is known of a transaction that was sent, a bit each. */
export const flag = {
  acknowledged: 1,
  /** The put failed, as far as we know. */
  failed: 2,
  /** A verdict with a score came. */
  scored: 4,
  /** A verdict with an error came. */
  unscored: 8,
  rejected: 16,
  late: 32,
  /** It was put more than once: it may stand in the stream twice, or out of its place. */
  again: 64,
  outOfOrder: 128,
  truthKnown: 256,
  fraud: 512,
  /** The first verdict takes it to be a fraud. */
  alarm: 1024,
  /** Nothing more is expected of it. */
  over: 2048,
  /** Counted among the overdue. */
  overdue: 4096,
  /** All verdicts so far came in aggregates that a KCL reader drops. */
  outOfRange: 8192,
} as const;

/** A verdict of either kind came. */
export const JUDGED: number = flag.scored | flag.unscored;

/** Transactions of a chunk: enough that its columns cost nothing, few enough to be forgotten soon. */
export const CHUNK = 65_536;
/** Bytes of an id as we make them. */
const USUAL_ID_BYTES = 26;

/** What is known of so many transactions, a column each. */
export interface Chunk {
  readonly dueAt: Float64Array;
  readonly acknowledgedAt: Float64Array;
  readonly score: Float64Array;
  readonly expected: Float32Array;
  readonly card: Uint32Array;
  readonly cardIndex: Uint32Array;
  readonly flags: Uint16Array;
  readonly scenario: Uint8Array;
  readonly country: Uint8Array;
  /** Where the id of each ends among the bytes of all. */
  readonly idEnd: Uint32Array;
  ids: Buffer;
}

export function emptyChunk(): Chunk {
  const unknown = (): Float64Array => new Float64Array(CHUNK).fill(Number.NaN);
  return {
    dueAt: unknown(),
    acknowledgedAt: unknown(),
    score: unknown(),
    expected: new Float32Array(CHUNK),
    card: new Uint32Array(CHUNK),
    cardIndex: new Uint32Array(CHUNK),
    flags: new Uint16Array(CHUNK),
    scenario: new Uint8Array(CHUNK),
    country: new Uint8Array(CHUNK),
    idEnd: new Uint32Array(CHUNK),
    ids: Buffer.allocUnsafe(CHUNK * USUAL_ID_BYTES),
  };
}

/** The transactions that were sent, a row each in the order of sending; the oldest can be forgotten. */
export class SentTable {
  readonly #ids = new IdTable();
  readonly #chunks: (Chunk | undefined)[] = [];
  #oldest = 0;
  #rows = 0;

  /** The first row that is remembered. */
  get oldest(): number {
    return this.#oldest;
  }

  /** One more than the last row. */
  get end(): number {
    return this.#rows;
  }

  /** The row of an id; -1 where it was not sent, or has been forgotten. */
  find(id: string): number {
    return this.#ids.find(id);
  }

  /** The row of an id that is sent now; `isNew` unless it was sent before. */
  add(id: string): { readonly row: number; readonly isNew: boolean } {
    const row = this.#ids.findOrAdd(id);
    if (row < this.#rows) return { row, isNew: false };
    this.#rows += 1;
    if (row % CHUNK === 0) this.#chunks[row / CHUNK] = emptyChunk();
    this.#keep(row, id);
    return { row, isNew: true };
  }

  /** The columns of a row, which is at the index `row % CHUNK`. */
  chunkOf(row: number): Chunk {
    return this.#chunks[Math.floor(row / CHUNK)] as Chunk;
  }

  flagsOf(row: number): number {
    return this.chunkOf(row).flags[row % CHUNK] as number;
  }

  set(row: number, bits: number): void {
    const { flags } = this.chunkOf(row);
    flags[row % CHUNK] = (flags[row % CHUNK] as number) | bits;
  }

  clear(row: number, bits: number): void {
    const { flags } = this.chunkOf(row);
    flags[row % CHUNK] = (flags[row % CHUNK] as number) & ~bits;
  }

  idOf(row: number): string {
    const { ids, idEnd } = this.chunkOf(row);
    const at = row % CHUNK;
    return ids.toString('utf8', at === 0 ? 0 : idEnd[at - 1], idEnd[at]);
  }

  /** Visits the rows from one on that were due before an instant; gives the first one that was not. */
  visit(from: number, before: number, visited: (row: number) => void): number {
    let row = from;
    while (row < this.#rows && (this.chunkOf(row).dueAt[row % CHUNK] as number) < before) {
      visited(row);
      row += 1;
    }
    return row;
  }

  /** Forgets all rows before this one. */
  forgetBefore(row: number): void {
    const from = Math.floor(this.#oldest / CHUNK);
    for (let chunk = from; chunk < Math.floor(row / CHUNK); chunk += 1) {
      this.#chunks[chunk] = undefined;
    }
    this.#ids.forgetBefore(row);
    this.#oldest = row;
  }

  #keep(row: number, id: string): void {
    const chunk = this.chunkOf(row);
    const at = row % CHUNK;
    const from = at === 0 ? 0 : (chunk.idEnd[at - 1] as number);
    // A character takes at most three bytes.
    const longest = from + 3 * id.length;
    if (longest > chunk.ids.length) chunk.ids = Buffer.concat([chunk.ids], longest + CHUNK);
    chunk.idEnd[at] = from + chunk.ids.write(id, from, 'utf8');
  }
}
