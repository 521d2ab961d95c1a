/**
 * Bytes in an encoding of the Encoding Standard, such as `latin1` or `utf-16le`, as UTF-8; as they are without one.
 *
 * A byte order mark is left out.
 */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (encoding === undefined || /^utf-?8$/i.test(encoding)) {
    yield* chunks;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
