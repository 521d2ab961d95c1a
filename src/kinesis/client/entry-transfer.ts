import type { PutRecordsEntry } from '../put-client.ts';

/** Entries packed for another thread: one buffer, which is transferred without a copy. */
export interface TransferredEntries {
  readonly keys: readonly (readonly [string, string | undefined])[];
  readonly lengths: readonly number[];
  readonly data: ArrayBuffer;
}

/** Packs entries into one buffer; of data that are views only the view is copied. */
export function packEntries(entries: readonly PutRecordsEntry[]): TransferredEntries {
  const size = entries.reduce((sum, { data }) => sum + data.length, 0);
  const packed = new Uint8Array(size);
  let at = 0;
  for (const { data } of entries) {
    packed.set(data, at);
    at += data.length;
  }
  return {
    keys: entries.map(({ partitionKey, explicitHashKey }) => [partitionKey, explicitHashKey]),
    lengths: entries.map(({ data }) => data.length),
    data: packed.buffer,
  };
}

/** Returns packed entries as views of their buffer. */
export function unpackEntries({
  keys,
  lengths,
  data,
}: TransferredEntries): readonly PutRecordsEntry[] {
  let at = 0;
  return keys.map(([partitionKey, explicitHashKey], index) => {
    const length = lengths[index] ?? 0;
    at += length;
    return { partitionKey, explicitHashKey, data: new Uint8Array(data, at - length, length) };
  });
}
