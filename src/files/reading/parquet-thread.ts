import { parentPort, workerData } from 'node:worker_threads';
import type { Compressors } from 'hyparquet';
import { messageOf } from '../../errors.ts';
import { metadataFault } from './parquet-metadata.ts';

/** What the thread says: rows as lines of JSON, one each; no bytes at the end of the file; or why it cannot go on. */
export type ParquetAnswer = { readonly lines: Uint8Array } | { readonly fault: string };

const GROUP = 4096;
/** Of one page, unpacked: what a page says it has is allocated before it is looked at. */
const PAGE_BYTES = 268_435_456;

const answers = linesOf(workerData);
parentPort?.on('message', () => {
  void answers.next().then(
    ({ value }) => say({ lines: value ?? new Uint8Array() }),
    (error: unknown) => say({ fault: messageOf(error) }),
  );
});

function say(answer: ParquetAnswer): void {
  parentPort?.postMessage(answer);
}

/** Groups of rows, each row a line; a group of rows is in memory at a time. */
async function* linesOf(path: string): AsyncGenerator<Uint8Array, undefined, undefined> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import(
    'hyparquet'
  );
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const fault = metadataFault(metadata, file.byteLength);
  if (fault !== undefined) throw new Error(`its metadata is damaged: ${fault}`);
  const compressors = bounded((await import('hyparquet-compressors')).compressors);
  const count = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < count; rowStart += GROUP) {
    const rowEnd = Math.min(count, rowStart + GROUP);
    const objects = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    if (objects.length !== rowEnd - rowStart) {
      throw new Error(`rows ${rowStart + 1} to ${rowEnd} are ${objects.length}`);
    }
    const lines = objects.map((object) => `${JSON.stringify(plainOf(object))}\n`);
    yield new Uint8Array(Buffer.from(lines.join('')));
  }
  return undefined;
}

function bounded(compressors: Compressors): Compressors {
  return Object.fromEntries(
    Object.entries(compressors).map(([codec, unpack]) => [
      codec,
      (input: Uint8Array, outputLength: number): Uint8Array => {
        if (!unpack || !(outputLength <= PAGE_BYTES)) {
          throw new Error(`a page of ${outputLength} bytes`);
        }
        return unpack(input, outputLength);
      },
    ]),
  );
}

/** Values as JSON has them: instants as texts, long integers as numbers, null as absent. */
function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  // What JSON does not have would be absent; as a text it is a value that is wrong.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toJSON();
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  if (Array.isArray(value)) return value.map((item) => plainOf(item) ?? null);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainOf(inner)]));
}
