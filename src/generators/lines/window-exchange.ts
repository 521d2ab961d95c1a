import type { TransactionDraft } from '../simulation/draft.ts';
import { keyOf } from './line-block.ts';

/** Bytes of a draft as a row: 10 doubles, 9 whole numbers of 32 bits, 12 bytes. */
export const ROW_BYTES = 128;
const DOUBLES = ROW_BYTES / 8;
const WORDS = ROW_BYTES / 4;
/** Where in a row the words begin, in words, and the bytes. */
const FIRST_WORD = 20;
const FIRST_BYTE = 116;

/**
 * Drafts as rows in a piece of memory that threads share.
 *
 *     offset  length  meaning
 *     0       8 * 10  instants, places in streams, amounts: what may need more than 32 bits
 *     80      4 * 9   card, merchant, terminal, numbers of 32 bits
 *     116     12      codes, and two bits for what is true or false
 *
 * Shapes: `memory` holds whole rows.
 */
export class DraftRows {
  readonly #doubles: Float64Array;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer, offset: number, rows: number) {
    this.#doubles = new Float64Array(memory, offset, rows * DOUBLES);
    this.#words = new Int32Array(memory, offset, rows * WORDS);
    this.#bytes = new Uint8Array(memory, offset, rows * ROW_BYTES);
  }

  write(row: number, draft: TransactionDraft): void {
    this.#writeDoubles(row * DOUBLES, draft);
    const words = this.#words;
    const word = row * WORDS + FIRST_WORD;
    words[word] = draft.card;
    words[word + 1] = draft.merchant;
    words[word + 2] = draft.strangerLast4;
    words[word + 3] = draft.ip4;
    words[word + 4] = draft.subnet6;
    words[word + 5] = draft.host6;
    words[word + 6] = draft.deviceNumber;
    words[word + 7] = draft.terminal;
    words[word + 8] = draft.reissue;
    this.#writeCodes(row * ROW_BYTES + FIRST_BYTE, draft);
  }

  /** What orders the draft of a row among those of all shards. */
  key(row: number): number {
    const at = row * DOUBLES;
    return keyOf(this.#doubles[at] as number, this.#doubles[at + 1] as number);
  }

  read(row: number, draft: TransactionDraft): void {
    this.#readDoubles(row * DOUBLES, draft);
    const words = this.#words;
    const word = row * WORDS + FIRST_WORD;
    draft.card = words[word] as number;
    draft.merchant = words[word + 1] as number;
    draft.strangerLast4 = words[word + 2] as number;
    draft.ip4 = (words[word + 3] as number) >>> 0;
    draft.subnet6 = words[word + 4] as number;
    draft.host6 = words[word + 5] as number;
    draft.deviceNumber = words[word + 6] as number;
    draft.terminal = words[word + 7] as number;
    draft.reissue = words[word + 8] as number;
    this.#readCodes(row * ROW_BYTES + FIRST_BYTE, draft);
  }

  #writeDoubles(at: number, draft: TransactionDraft): void {
    const doubles = this.#doubles;
    doubles[at] = draft.atMs;
    doubles[at + 1] = draft.sequence;
    doubles[at + 2] = draft.amount;
    doubles[at + 3] = draft.billing;
    doubles[at + 4] = draft.net6;
    doubles[at + 5] = draft.stranger;
    doubles[at + 6] = draft.deviceOwner;
    doubles[at + 7] = draft.campaign;
    doubles[at + 8] = draft.reportedAtMs;
    doubles[at + 9] = draft.original;
  }

  #readDoubles(at: number, draft: TransactionDraft): void {
    const doubles = this.#doubles;
    draft.atMs = doubles[at] as number;
    draft.sequence = doubles[at + 1] as number;
    draft.amount = doubles[at + 2] as number;
    draft.billing = doubles[at + 3] as number;
    draft.net6 = doubles[at + 4] as number;
    draft.stranger = doubles[at + 5] as number;
    draft.deviceOwner = doubles[at + 6] as number;
    draft.campaign = doubles[at + 7] as number;
    draft.reportedAtMs = doubles[at + 8] as number;
    draft.original = doubles[at + 9] as number;
  }

  #writeCodes(at: number, draft: TransactionDraft): void {
    const bytes = this.#bytes;
    bytes[at] = draft.cvm;
    bytes[at + 1] = draft.type;
    bytes[at + 2] = draft.channel;
    bytes[at + 3] = draft.entryMode;
    bytes[at + 4] = draft.userAgent;
    bytes[at + 5] = draft.threeDs;
    bytes[at + 6] = draft.eci;
    bytes[at + 7] = draft.avs;
    bytes[at + 8] = draft.cvv;
    bytes[at + 9] = draft.response;
    bytes[at + 10] = draft.scenario;
    bytes[at + 11] = (draft.hasDevice ? 1 : 0) | (draft.isAccountUnknown ? 2 : 0);
  }

  #readCodes(at: number, draft: TransactionDraft): void {
    const bytes = this.#bytes;
    draft.cvm = bytes[at] as number;
    draft.type = bytes[at + 1] as number;
    draft.channel = bytes[at + 2] as number;
    draft.entryMode = bytes[at + 3] as number;
    draft.userAgent = bytes[at + 4] as number;
    draft.threeDs = bytes[at + 5] as number;
    draft.eci = bytes[at + 6] as number;
    draft.avs = bytes[at + 7] as number;
    draft.cvv = bytes[at + 8] as number;
    draft.response = bytes[at + 9] as number;
    draft.scenario = bytes[at + 10] as number;
    const bits = bytes[at + 11] as number;
    draft.hasDevice = (bits & 1) !== 0;
    draft.isAccountUnknown = (bits & 2) !== 0;
  }
}

/** Transactions of a window on average over a year: what a thread writes in one go. */
export const WINDOW_LINES = 4096;
/** A window of a busy hour has so many times as many; of one still busier the rows come in parts. */
const BUSY = 4;
/** Windows that may be under way besides the one that each thread writes. */
const SLACK = 2;
/** No window has this number. */
const NEVER = 2 ** 31 - 1;
/** Counters that stand before those of threads and slots. */
const TURN = 0;
const CLAIMED = 1;
const FIRST_END = 2;
/** Of a slot: whose window it holds, counted from 1, 0 when free; its rows; whether more follow. */
const SLOT_COUNTERS = 3;

/**
 * Where threads leave drafts for one another: event time is cut into windows, every thread simulates
 * its shards for all of them, and whoever claims a window writes the lines of all shards.
 *
 *     counters   turn, windows claimed, for each thread the window at which its shards end,
 *                for each slot: window + 1 or 0, rows, whether more of the same window follow
 *     rows       for each thread `depth` slots of `slotRows` drafts; window w is in slot w mod `depth`
 *
 * Drafts have an eighth of the bytes of lines, and are read and written number by number, which in
 * shared memory costs no more than elsewhere; only copies of bytes do.
 */
export class WindowExchange {
  readonly memory: SharedArrayBuffer;
  readonly threads: number;
  readonly slotRows: number;
  readonly #depth: number;
  readonly #counters: Int32Array;
  readonly #slots: readonly DraftRows[];

  constructor(threads: number, memory?: SharedArrayBuffer) {
    this.threads = threads;
    this.#depth = threads + SLACK;
    this.slotRows = Math.ceil((BUSY * WINDOW_LINES) / threads);
    const slots = threads * this.#depth;
    const counters = FIRST_END + threads + SLOT_COUNTERS * slots;
    const rowsAt = Math.ceil(counters / 2) * 8;
    const slotBytes = this.slotRows * ROW_BYTES;
    this.memory = memory ?? new SharedArrayBuffer(rowsAt + slots * slotBytes);
    this.#counters = new Int32Array(this.memory, 0, counters);
    if (!memory) this.#counters.fill(NEVER, FIRST_END, FIRST_END + threads);
    this.#slots = Array.from({ length: slots }, (_, slot) => {
      return new DraftRows(this.memory, rowsAt + slot * slotBytes, this.slotRows);
    });
  }

  /** Counts what happened to anybody; to be read before one looks whether there is work. */
  get turn(): number {
    return Atomics.load(this.#counters, TURN);
  }

  /** Sleeps until something has happened since a turn. */
  waitAfter(turn: number): void {
    Atomics.wait(this.#counters, TURN, turn);
  }

  /** Wakes who waits. */
  notify(): void {
    Atomics.add(this.#counters, TURN, 1);
    Atomics.notify(this.#counters, TURN);
  }

  /** The next window that nobody writes yet. */
  claim(): number {
    return Atomics.add(this.#counters, CLAIMED, 1);
  }

  /** The rows of a thread for a window to be filled, if they are free. */
  free(thread: number, window: number): DraftRows | undefined {
    const slot = this.#slotOf(thread, window);
    return Atomics.load(this.#counters, this.#countersOf(slot)) === 0
      ? this.#slots[slot]
      : undefined;
  }

  /** Hands over the rows of a window, all of them or a part. */
  publish(thread: number, window: number, rows: number, isLast: boolean): void {
    const at = this.#countersOf(this.#slotOf(thread, window));
    this.#counters[at + 1] = rows;
    this.#counters[at + 2] = isLast ? 0 : 1;
    Atomics.store(this.#counters, at, window + 1);
    this.notify();
  }

  /** From this window on nothing comes of a thread. */
  endAt(thread: number, window: number): void {
    Atomics.store(this.#counters, FIRST_END + thread, window);
    this.notify();
  }

  /** Whether nothing comes of a thread for a window. */
  hasEnded(thread: number, window: number): boolean {
    return Atomics.load(this.#counters, FIRST_END + thread) <= window;
  }

  /** What a thread has handed over for a window, if it has. */
  published(thread: number, window: number): PublishedRows | undefined {
    const slot = this.#slotOf(thread, window);
    const at = this.#countersOf(slot);
    if (Atomics.load(this.#counters, at) !== window + 1) return undefined;
    const count = this.#counters[at + 1] as number;
    return { rows: this.#slots[slot] as DraftRows, count, isLast: this.#counters[at + 2] === 0 };
  }

  /** Frees what has been read. */
  release(thread: number, window: number): void {
    Atomics.store(this.#counters, this.#countersOf(this.#slotOf(thread, window)), 0);
    this.notify();
  }

  #slotOf(thread: number, window: number): number {
    return thread * this.#depth + (window % this.#depth);
  }

  #countersOf(slot: number): number {
    return FIRST_END + this.threads + SLOT_COUNTERS * slot;
  }
}

/** Drafts of a thread in a window, in order; more of the window follow unless `isLast`. */
export interface PublishedRows {
  readonly rows: DraftRows;
  readonly count: number;
  readonly isLast: boolean;
}
