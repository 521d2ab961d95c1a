import type { Draft } from '../simulation/draft.ts';
import { keyOf } from './block.ts';

/** Bytes of a draft as a row: 9 doubles, 7 whole numbers of 32 bits, 12 bytes. */
export const ROW_BYTES = 112;
const DOUBLES = ROW_BYTES / 8;
const WORDS = ROW_BYTES / 4;
/** Where in a row the words begin, in words, and the bytes. */
const FIRST_WORD = 18;
const FIRST_BYTE = 100;

/**
 * Drafts as rows in a piece of memory that threads share.
 *
 *     offset  length  meaning
 *     0       8 * 9   instants, places in streams, amounts: what may need more than 32 bits
 *     72      4 * 7   card, merchant, numbers of 32 bits
 *     100     12      codes, and two bits for what is true or false
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

  write(row: number, draft: Draft): void {
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
    this.#writeCodes(row * ROW_BYTES + FIRST_BYTE, draft);
  }

  /** What orders the draft of a row among those of all shards. */
  key(row: number): number {
    const at = row * DOUBLES;
    return keyOf(this.#doubles[at] as number, this.#doubles[at + 1] as number);
  }

  read(row: number, draft: Draft): void {
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
    this.#readCodes(row * ROW_BYTES + FIRST_BYTE, draft);
  }

  #writeDoubles(at: number, draft: Draft): void {
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
  }

  #readDoubles(at: number, draft: Draft): void {
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
  }

  #writeCodes(at: number, draft: Draft): void {
    const bytes = this.#bytes;
    bytes[at] = draft.terminal;
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

  #readCodes(at: number, draft: Draft): void {
    const bytes = this.#bytes;
    draft.terminal = bytes[at] as number;
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
