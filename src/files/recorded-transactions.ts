import { open, stat } from 'node:fs/promises';
import type { TransactionContract } from '../contract/transactions-contract.ts';
import { parseJsonExactly } from '../contract/values/exact-json.ts';
import { FraudstreamError } from '../errors.ts';
import { contractRecord, contractRows, partsOf } from './contract-records.ts';
import { identityColumns } from './feature-rows.ts';
import { FeatureColumns, type GivenFeatures, givenFault } from './given-features.ts';
import { checkHeader, checkPaths, withPaths } from './mapping/check-columns.ts';
import { type MapRow, type MapSettings, mapRow } from './mapping/map-row.ts';
import { type Mapping, ownColumns, wantedColumns } from './mapping/mapping.ts';
import { parseNativeLine, recordOf } from './parse-native-line.ts';
import { type ByteSourceDependencies, byteSource } from './reading/byte-source.ts';
import { csvRows } from './reading/csv-rows.ts';
import { decoded } from './reading/decoded.ts';
import { jsonRows } from './reading/json-rows.ts';
import { parquetRows } from './reading/parquet-rows.ts';
import type { ParquetSchema } from './reading/parquet-thread.ts';
import type { BadLine, InputRow, RowFault } from './reading/row.ts';
import type { Recorded } from './recorded.ts';

/** The forms that transactions are read in. */
export type InputFormat = 'ndjson' | 'csv' | 'parquet';

/** What to read, and how. Bad lines are told to `reject`, and the rest goes on. */
export interface InputSettings extends ByteSourceDependencies, MapSettings {
  readonly paths: readonly string[];
  /** By the name of each file unless given. */
  readonly format: InputFormat | undefined;
  /** Only for foreign files. */
  readonly mapping: Mapping | undefined;
  /** The form of the records where they are in that of a contract. */
  readonly contract?: TransactionContract | undefined;
  readonly reject: (bad: BadLine) => void;
  /** Records bring their features along. */
  readonly given?: GivenFeatures | undefined;
}

/** Reads the transactions of files, one file after the other. Memory does not grow with their size. */
export async function* recorded(
  settings: InputSettings,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  for (const path of settings.paths) {
    yield* settings.contract
      ? contractRecordsIn(path, settings.contract, settings)
      : recordedIn(path, settings);
  }
}

async function* contractRecordsIn(
  path: string,
  contract: TransactionContract,
  settings: InputSettings,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  const file = path === '-' ? 'stdin' : path;
  const isCsv = (await formIn(path, settings.format)) === 'csv';
  const add = adding(file, settings, contractRecord, partsOf);
  for await (const rows of contractRows(path, contract, isCsv, settings)) {
    const records: Recorded[] = [];
    for (const row of rows) add(row, records);
    if (records.length > 0) yield records;
  }
}

async function* recordedIn(
  path: string,
  settings: InputSettings,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  const format = await formIn(path, settings.format);
  const file = path === '-' ? 'stdin' : path;
  const transaction = transactionOf(format, settings.mapping, settings);
  // A mapping makes transactions, which can have the array alone.
  const columns =
    settings.given && !settings.mapping ? new FeatureColumns(file, settings.given) : undefined;
  const read = (row: InputRow): ReturnType<typeof transaction> =>
    columns?.areIn(row) ? columns.record(row) : transaction(row);
  const add = adding(file, settings, read, ({ parts }: InputRow) => parts);
  for await (const rows of await rowsOf(path, format, settings.mapping, settings, columns)) {
    const records: Recorded[] = [];
    for (const row of rows) add(row, records);
    if (records.length > 0) yield records;
  }
}

/** Adds the record that a row is, or those of its parts where it is none; what is neither is refused. */
function adding<Row extends Pick<InputRow, 'line' | 'bytes'>>(
  file: string,
  settings: InputSettings,
  read: (row: Row) => Recorded | { readonly fault: RowFault },
  partsIn: (row: Row) => readonly Row[] | undefined,
): (row: Row, records: Recorded[]) => void {
  const add = (row: Row, records: Recorded[]): void => {
    const found = read(row);
    const fault = 'fault' in found ? found.fault : faultOfGiven(found, settings);
    if (!fault && !('fault' in found)) {
      records.push(found);
      return;
    }
    const parts = partsIn(row);
    if (parts) for (const part of parts) add(part, records);
    else settings.reject({ file, line: row.line, bytes: row.bytes, ...(fault as RowFault) });
  };
  return add;
}

/** What a record that should bring its features along lacks. */
function faultOfGiven({ data }: Recorded, { given }: InputSettings): RowFault | undefined {
  return given && givenFault(JSON.parse(Buffer.from(data).toString('utf8')), given);
}

/** The form of a file by its name, compressed or not: ndjson unless it ends in csv or parquet. */
function formatOf(path: string): InputFormat {
  const [, ending] = /\.(csv|tsv|psv|parquet)(\.gz|\.zst)?$/i.exec(path) ?? [];
  if (ending === undefined) return 'ndjson';
  return ending.toLowerCase() === 'parquet' ? 'parquet' : 'csv';
}

const PARQUET = Buffer.from('PAR1');

/** The form of a file: Parquet by its first bytes, whatever its name says; else the one asked for, or that of its name. */
export async function formIn(path: string, asked: InputFormat | undefined): Promise<InputFormat> {
  if (await beginsWith(path, PARQUET)) return 'parquet';
  return asked ?? formatOf(path);
}

/** True for a file that begins with these bytes; what is no regular file cannot be read twice. */
async function beginsWith(path: string, wanted: Uint8Array): Promise<boolean> {
  if (path === '-' || path.startsWith('s3://') || !(await stat(path)).isFile()) return false;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted.length), 0, wanted.length, 0);
    return bytesRead === wanted.length && buffer.equals(wanted);
  } finally {
    await file.close();
  }
}

/**
 * The rows of a file in its form; `columns` sees those of a table that brings features along.
 *
 * Errors: those of `byteSource`; `bad-config` for a column that is not there.
 */
export async function rowsOf(
  path: string,
  format: InputFormat,
  mapping: Mapping | undefined,
  dependencies: ByteSourceDependencies,
  columns?: FeatureColumns | undefined,
): Promise<AsyncIterable<readonly InputRow[]>> {
  const file = path === '-' ? 'stdin' : path;
  if (format === 'parquet') return parquetIn(path, mapping, columns);
  const bytes = decoded(await byteSource(path, dependencies), mapping?.encoding);
  if (format === 'csv') return csvIn(bytes, file, mapping, columns);
  return mapping ? withPaths(jsonRows(bytes, parseJsonExactly), file, mapping) : jsonRows(bytes);
}

function parquetIn(
  path: string,
  mapping: Mapping | undefined,
  featureColumns: FeatureColumns | undefined,
): AsyncIterable<readonly InputRow[]> {
  if (path === '-' || path.startsWith('s3://')) {
    const message = `Parquet is read from files, not from ${path}: copy it first.`;
    throw new FraudstreamError('usage', message);
  }
  if (featureColumns) {
    return parquetRows(path, { judge: ({ columns }) => featureColumns.judge(columns) });
  }
  if (!mapping) return parquetRows(path);
  const judge = ({ paths }: ParquetSchema): void => checkPaths(paths, path, mapping);
  return parquetRows(path, { wanted: wantedColumns(mapping), judge });
}

function csvIn(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  mapping: Mapping | undefined,
  columns: FeatureColumns | undefined,
): AsyncIterable<readonly InputRow[]> {
  if (columns) return csvRows(bytes, { file, wanted: identityColumns, judge: columns.judge });
  const wanted = wantedColumns(mapping ?? ownColumns) ?? [];
  const judge = (header: readonly string[], separator: string): void =>
    checkHeader(header, file, mapping, separator);
  return csvRows(bytes, { file, separator: mapping?.separator, wanted, judge });
}

/** Makes a record of a row, or says what is wrong with it. */
export function transactionOf(
  format: InputFormat,
  mapping: Mapping | undefined,
  settings: MapSettings = {},
): (row: InputRow) => Recorded | { readonly fault: RowFault } {
  if (mapping === undefined && format === 'ndjson') return parseNativeLine;
  const map = mapRow(mapping ?? ownColumns, settings);
  return (row) => (row.fault ? { fault: row.fault } : mappedRecord(row, map));
}

function mappedRecord(row: InputRow, map: MapRow): Recorded | { readonly fault: RowFault } {
  const read = map(row);
  if ('fault' in read) return read;
  const { transaction, label, line } = read;
  return recordOf(transaction, label, Buffer.from(line));
}
