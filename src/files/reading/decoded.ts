/**
 * Bytes in an encoding of the Encoding Standard, such as `latin1` or `utf-16le`, as UTF-8; as they are without one.
 *
 * A byte order mark is left out.
 */
export function decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
): AsyncIterable<Uint8Array> {
  const isUtf8 = encoding === undefined || /^utf-?8$/i.test(encoding);
  return isUtf8 ? chunks : inUtf8(chunks, new TextDecoder(encoding));
}

async function* inUtf8(
  chunks: AsyncIterable<Uint8Array>,
  decoder: InstanceType<typeof TextDecoder>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}
