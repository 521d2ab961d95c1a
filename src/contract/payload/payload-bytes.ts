import { writeWhole } from '../../generators/writing/digits.ts';
import type { FieldValue } from './field-format.ts';

/** Payloads lie behind each other in chunks that many share. */
const CHUNK_BYTES = 65_536;
/** Digits of a whole number below 2^53, and a few bytes that writing one may touch behind them. */
const LONGEST_WHOLE = 24;
const WORD_BYTES = 4;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Text that is added again and again: its bytes in words, which are copied in a quarter of the steps. */
export class FixedText {
  readonly words: Int32Array;
  readonly length: number;

  constructor(text: string) {
    const bytes = Buffer.from(text);
    this.length = bytes.length;
    const padded = Buffer.concat([bytes, Buffer.alloc(WORD_BYTES - 1)]);
    this.words = Int32Array.from({ length: Math.ceil(bytes.length / WORD_BYTES) }, (_, index) =>
      padded.readInt32LE(index * WORD_BYTES),
    );
  }
}

/**
 * The bytes of payloads, one after the other: parts are added, and `take` gives what was added since the last one.
 *
 * Characters are written one by one: most values are short, and for those a call of the encoder takes longer.
 */
export class PayloadBytes {
  #chunk: Buffer = Buffer.allocUnsafeSlow(0);
  #view: DataView = new DataView(this.#chunk.buffer);
  #from = 0;
  #end = 0;

  /** Adds fixed text as it is; up to three bytes behind it are overwritten. */
  add({ words, length }: FixedText): void {
    this.#reserve(length + WORD_BYTES);
    const view = this.#view;
    const end = this.#end;
    for (let index = 0; index < words.length; index += 1) {
      view.setInt32(end + index * WORD_BYTES, words[index] as number, true);
    }
    this.#end = end + length;
  }

  /** Adds text as it is. */
  addText(text: string): void {
    const { length } = text;
    // A character takes at most three bytes.
    this.#reserve(3 * length);
    const chunk = this.#chunk;
    const end = this.#end;
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) {
        this.#end = end + chunk.write(text, end);
        return;
      }
      chunk[end + at] = code;
    }
    this.#end = end + length;
  }

  /** Adds the JSON of a value. */
  addJson(value: FieldValue): void {
    if (typeof value === 'string') this.#addString(value);
    else if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) {
      this.#reserve(LONGEST_WHOLE);
      this.#end = writeWhole(this.#view, this.#end, value);
    } else this.addText(String(value));
  }

  /** The bytes of one payload, a view of its own. */
  take(): Uint8Array {
    const from = this.#from;
    this.#from = this.#end;
    return new Uint8Array(this.#chunk.buffer, from, this.#end - from);
  }

  #addString(value: string): void {
    const { length } = value;
    this.#reserve(length + 2);
    const chunk = this.#chunk;
    const from = this.#end + 1;
    for (let at = 0; at < length; at += 1) {
      const code = value.charCodeAt(at);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        this.addText(JSON.stringify(value));
        return;
      }
      chunk[from + at] = code;
    }
    chunk[from - 1] = QUOTE;
    chunk[from + length] = QUOTE;
    this.#end = from + length + 1;
  }

  /** Makes place for so many bytes behind those of the payload that is being written. */
  #reserve(bytes: number): void {
    if (this.#end + bytes > this.#chunk.length) this.#move(bytes);
  }

  #move(bytes: number): void {
    const begun = this.#chunk.subarray(this.#from, this.#end);
    // A payload that outgrows a chunk doubles it, so that its bytes are not moved for each part.
    const needed = begun.length + bytes;
    this.#chunk = Buffer.allocUnsafeSlow(
      Math.max(CHUNK_BYTES, needed > CHUNK_BYTES / 2 ? 2 * needed : 0),
    );
    this.#view = new DataView(this.#chunk.buffer);
    this.#chunk.set(begun);
    this.#from = 0;
    this.#end = begun.length;
  }
}
