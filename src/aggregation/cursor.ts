/** Kinds of protobuf field, the low three bits of a tag. Source: protobuf encoding guide. */
const wireTypes = { varint: 0, eightBytes: 1, counted: 2, fourBytes: 5 } as const;

/**
 * Reads protobuf out of a stretch of bytes and never throws.
 *
 * Once something cannot be read `isBroken` stays true, every read answers 0 and the cursor stands
 * at the end, so that loops over it finish and one look at the end suffices.
 */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  at: number;
  isBroken: boolean = false;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.at = start;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#end;
  }

  /** A whole number; exact below 2^53, which is past every length and index. */
  varint(): number {
    let value = 0;
    // Ten bytes carry 64 bits; an eleventh is malformed.
    for (let scale = 1; scale < 2 ** 70 && this.at < this.#end; scale *= 0x80) {
      const byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return this.#break();
  }

  /** Steps over a counted stretch and answers its length: it ends at `at`. */
  counted(): number {
    return this.#advance(this.varint());
  }

  /** Steps over the value of a field that nobody asked for. */
  skip(tag: number): void {
    const wireType = tag & 7;
    if (tag < 8) this.#break();
    else if (wireType === wireTypes.varint) this.varint();
    else if (wireType === wireTypes.eightBytes) this.#advance(8);
    else if (wireType === wireTypes.counted) this.counted();
    else if (wireType === wireTypes.fourBytes) this.#advance(4);
    else this.#break();
  }

  #advance(length: number): number {
    if (length > this.#end - this.at) return this.#break();
    this.at += length;
    return length;
  }

  #break(): number {
    this.isBroken = true;
    this.at = this.#end;
    return 0;
  }
}
