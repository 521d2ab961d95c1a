import { varintText } from './varint.ts';

/**
 * The keys of an aggregate, each listed once, in order of first appearance.
 *
 * Kept as text, one character for each byte to write, so that a single call writes it all.
 */
export class KeyTable {
  readonly #tag: number;
  readonly #heads: readonly string[];
  readonly #places = new Map<string, number>();
  #text = '';

  constructor(tag: number, heads: readonly string[]) {
    this.#tag = tag;
    this.#heads = heads;
  }

  get count(): number {
    return this.#places.size;
  }

  /** Where the key stands; where it would stand (`count`) while it is not listed. */
  placeOf(key: string): number {
    return this.#places.get(key) ?? this.#places.size;
  }

  /** What listing the key adds to the table: tag, length, and the key in UTF-8. */
  listing(key: string): string {
    const keyBytes = Buffer.byteLength(key, 'utf8');
    const bytes = keyBytes === key.length ? key : Buffer.from(key, 'utf8').toString('latin1');
    return (this.#heads[keyBytes] ?? head(this.#tag, keyBytes)) + bytes;
  }

  add(key: string, listing: string): void {
    this.#places.set(key, this.#places.size);
    this.#text += listing;
  }

  /** Writes the table; answers the offset after it. */
  write(target: Buffer, at: number): number {
    return at + target.write(this.#text, at, 'latin1');
  }
}

/** Tag and length of a key, for the lengths that are usual. */
export function keyHeads(tag: number): readonly string[] {
  return Array.from({ length: 129 }, (_, length) => head(tag, length));
}

function head(tag: number, length: number): string {
  return String.fromCharCode(tag) + varintText(length);
}
