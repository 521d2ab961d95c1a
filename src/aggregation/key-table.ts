import { varintBytes, writeVarint } from './varint.ts';

/** The keys of an aggregate, each listed once, in order of first appearance. */
export class KeyTable {
  readonly #tag: number;
  readonly #places = new Map<string, number>();

  constructor(tag: number) {
    this.#tag = tag;
  }

  get count(): number {
    return this.#places.size;
  }

  /** Where the key stands; where it would stand (`count`) while it is not listed. */
  placeOf(key: string): number {
    return this.#places.get(key) ?? this.#places.size;
  }

  add(key: string): void {
    this.#places.set(key, this.#places.size);
  }

  /** Writes the table; answers the offset after it. */
  write(target: Buffer, at: number): number {
    let offset = at;
    for (const key of this.#places.keys()) {
      const keyBytes = utf8Bytes(key);
      target[offset] = this.#tag;
      offset = writeVarint(target, keyBytes, offset + 1);
      writeKey(target, key, keyBytes, offset);
      offset += keyBytes;
    }
    return offset;
  }
}

/** Bytes that a key takes when it is listed. */
export function listedBytes(key: string): number {
  const keyBytes = utf8Bytes(key);
  return 1 + varintBytes(keyBytes) + keyBytes;
}

/** Counted here up to the first character past ASCII: a call out of JavaScript costs more. */
function utf8Bytes(key: string): number {
  const { length } = key;
  for (let i = 0; i < length; i += 1) {
    if (key.charCodeAt(i) > 0x7f) return Buffer.byteLength(key, 'utf8');
  }
  return length;
}

function writeKey(target: Buffer, key: string, keyBytes: number, at: number): void {
  if (keyBytes !== key.length) {
    target.write(key, at, keyBytes, 'utf8');
    return;
  }
  for (let i = 0; i < keyBytes; i += 1) target[at + i] = key.charCodeAt(i);
}
