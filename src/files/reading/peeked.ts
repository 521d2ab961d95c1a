type Bytes = AsyncIterable<Uint8Array>;

/** The first bytes of a stream, by which its form is known, and all of it. */
export interface Peeked {
  /** Fewer than were asked for only where the stream has fewer. */
  readonly first: Uint8Array;
  readonly all: Bytes;
}

/** Reads a stream until `leastBytes` are there; what was read stays in it. */
export async function peeked(chunks: Bytes, leastBytes: number): Promise<Peeked> {
  const reader = chunks[Symbol.asyncIterator]();
  let first: Uint8Array = Buffer.alloc(0);
  while (first.length < leastBytes) {
    const next = await reader.next();
    if (next.done) break;
    first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
  }
  return { first, all: { [Symbol.asyncIterator]: () => beginningWith(first, reader) } };
}

/** No generator: each layer of them costs every chunk some turns. */
function beginningWith(
  first: Uint8Array,
  reader: AsyncIterator<Uint8Array>,
): AsyncIterator<Uint8Array> {
  let isGiven = first.length === 0;
  return {
    next: () => {
      if (isGiven) return reader.next();
      isGiven = true;
      return Promise.resolve({ value: first, done: false });
    },
    return: async () => {
      await reader.return?.();
      return { value: undefined, done: true };
    },
  };
}
