import { isAscii } from 'node:buffer';
import type { InputLine } from '../lines.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * How the lines of a group become texts.
 *
 * Most lie in one chunk and are ASCII: that is then decoded once, when the first is asked for, and cut, which costs a fraction of
 * decoding each.
 */
export class LineTexts {
  readonly #chunk: Uint8Array | undefined;
  #text: string | undefined;

  constructor(group: readonly InputLine[]) {
    this.#chunk = group.at(-1)?.chunk;
  }

  /** Throws for what is not UTF-8. */
  of({ bytes, chunk, at }: InputLine): string {
    if (!chunk || chunk !== this.#chunk) return decoder.decode(bytes);
    this.#text ??= isAscii(chunk) ? latin1(chunk) : '';
    return this.#text === '' ? decoder.decode(bytes) : this.#text.slice(at, at + bytes.length);
  }
}

function latin1(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
}
