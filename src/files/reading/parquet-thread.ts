import { parentPort, workerData } from 'node:worker_threads';
import type { Compressors, ParquetScan, SchemaTree } from 'hyparquet';
import { messageOf } from '../../errors.ts';
import { metadataFault } from './parquet-metadata.ts';
import { type ConvertValue, exactParsers, exactValues } from './parquet-values.ts';

/** What the thread is to read: a file, and which of its columns; all of them unless named. */
export interface ParquetTask {
  readonly path: string;
  readonly wanted: readonly string[] | undefined;
}

/**
 * What the thread says: first which columns there are, then values by column of some rows, no rows at the end of the file; or why it
 * cannot go on.
 */
export type ParquetAnswer =
  | { readonly schema: ParquetSchema }
  | { readonly rows: number; readonly values: readonly (readonly unknown[])[] }
  | { readonly fault: string };

/** The columns that are read, and the paths of all that there are; of a list the path of the list. */
export interface ParquetSchema {
  readonly columns: readonly string[];
  readonly paths: readonly (readonly string[])[];
}

const GROUP = 4096;
/** Rows that are decoded at once where the file has an index of its pages; without, a row group. */
const WINDOW = 131_072;
/** Of one page, unpacked: what a page says it has is allocated before it is looked at. */
const PAGE_BYTES = 268_435_456;

const answers = answersOf(workerData as ParquetTask);
parentPort?.on('message', () => {
  void answers.next().then(
    ({ value }) => say(value ?? { rows: 0, values: [] }),
    (error: unknown) => say({ fault: messageOf(error) }),
  );
});

function say(answer: ParquetAnswer): void {
  parentPort?.postMessage(answer);
}

async function* answersOf({
  path,
  wanted,
}: ParquetTask): AsyncGenerator<ParquetAnswer, undefined, undefined> {
  const hyparquet = await import('hyparquet');
  const file = await hyparquet.asyncBufferFromFile(path);
  const metadata = await hyparquet.parquetMetadataAsync(file, { parsers: exactParsers });
  const fault = metadataFault(metadata, file.byteLength);
  if (fault !== undefined) throw new Error(`its metadata is damaged: ${fault}`);
  const tree = hyparquet.parquetSchema(metadata);
  const chosen = tree.children.filter(({ element }) => wanted?.includes(element.name) ?? true);
  const columns = chosen.map(({ element }) => element.name);
  yield { schema: { columns, paths: tree.children.flatMap(pathsIn) } };
  if (columns.length === 0) return undefined;
  const converts = chosen.map(exactValues);
  const compressors = bounded((await import('hyparquet-compressors')).compressors);
  const options = { file, metadata, columns, compressors, parsers: exactParsers, utf8: false };
  const scan = await hyparquet.parquetScan(options);
  const hasIndex = metadata.row_groups.every((group) =>
    group.columns.every(({ offset_index_offset: index }) => index !== undefined),
  );
  yield* rowsOf(scan, columns, converts, hasIndex ? WINDOW : Number.POSITIVE_INFINITY);
  return undefined;
}

/** The values of all rows; a window of a row group is in memory at a time. */
async function* rowsOf(
  scan: ParquetScan,
  columns: readonly string[],
  converts: readonly ConvertValue[],
  windowRows: number,
): AsyncGenerator<ParquetAnswer, void, undefined> {
  for (const range of scan.ranges) {
    for (let rowStart = range.rowStart; rowStart < range.rowEnd; rowStart += windowRows) {
      const rowEnd = Math.min(range.rowEnd, rowStart + windowRows);
      const values = await Promise.all(
        columns.map((column) => scan.readColumn({ column, rowStart, rowEnd })),
      );
      const count = rowEnd - rowStart;
      const uneven = values.find(({ length }) => length !== count);
      if (uneven) throw new Error(`rows ${rowStart + 1} to ${rowEnd} are ${uneven.length}`);
      for (let from = 0; from < count; from += GROUP) {
        const end = Math.min(count, from + GROUP);
        yield {
          rows: end - from,
          values: values.map((all, at) => slice(all, from, end, converts[at])),
        };
      }
    }
  }
}

function slice(
  all: ArrayLike<unknown>,
  from: number,
  end: number,
  convert: ConvertValue | undefined,
): readonly unknown[] {
  const values: unknown[] = new Array(end - from);
  for (let at = from; at < end; at += 1) values[at - from] = convert?.(all[at]);
  return values;
}

/** The paths of a column and of what is in it, down to lists and maps. */
function pathsIn({ element, children, path }: SchemaTree): readonly (readonly string[])[] {
  const isList = element.converted_type === 'LIST' || element.converted_type === 'MAP';
  return isList ? [path] : [path, ...children.flatMap(pathsIn)];
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
