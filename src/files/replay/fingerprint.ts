import { createHash } from 'node:crypto';
import { type ByteMeans, byteSource } from '../reading/byte-source.ts';

/**
 * What a replay is made of, as one text: the bytes of the files and the settings that decide which records
 * leave in which order.
 *
 * Every byte is read: a file that was changed in the middle keeps its size, and a copy has another date.
 */
export async function fingerprint(
  paths: readonly string[],
  settings: unknown,
  means: ByteMeans,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const path of paths) {
    const inner = createHash('sha256');
    for await (const chunk of await byteSource(path, means)) inner.update(chunk);
    hash.update(inner.digest());
  }
  return hash.digest('hex');
}
