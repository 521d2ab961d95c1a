import type { TransactionContract } from '../contract/transactions-contract.ts';
import { FraudstreamError } from '../errors.ts';
import { transactionLine } from '../transactions/transaction.ts';
import { contractRecord, contractRows } from './contract-records.ts';
import { type MapRow, mapRow } from './mapping/map-row.ts';
import { type Mapping, ownColumns } from './mapping/mapping.ts';
import { parseNativeLine, recordOf } from './parse-native-line.ts';
import { type ByteSourceDependencies, byteSource } from './reading/byte-source.ts';
import { csvRows } from './reading/csv-rows.ts';
import { jsonRows } from './reading/json-rows.ts';
import { parquetRows } from './reading/parquet-rows.ts';
import type { BadLine, InputRow, RowFault } from './reading/row.ts';
import type { Recorded } from './recorded.ts';

/** The forms that transactions are read in. */
export type InputFormat = 'ndjson' | 'csv' | 'parquet';

/** What to read, and how. Bad lines are told to `reject`, and the rest goes on. */
export interface InputSettings extends ByteSourceDependencies {
  readonly paths: readonly string[];
  /** By the name of each file unless given. */
  readonly format: InputFormat | undefined;
  /** Only for foreign files. */
  readonly mapping: Mapping | undefined;
  /** The form of the records where they are in that of a contract. */
  readonly contract?: TransactionContract | undefined;
  readonly reject: (bad: BadLine) => void;
  /** What the reader misses in a transaction, if anything. */
  readonly missing?: ((record: Recorded) => RowFault | undefined) | undefined;
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
  const isCsv = (settings.format ?? formatOf(path)) === 'csv';
  for await (const rows of contractRows(path, contract, isCsv, settings)) {
    const records: Recorded[] = [];
    for (const row of rows) {
      const found = contractRecord(row);
      const fault = 'fault' in found ? found.fault : settings.missing?.(found);
      if (fault) settings.reject({ file, line: row.line, bytes: row.bytes, ...fault });
      else records.push(found as Recorded);
    }
    if (records.length > 0) yield records;
  }
}

async function* recordedIn(
  path: string,
  settings: InputSettings,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  const format = settings.format ?? formatOf(path);
  const read = transactionOf(format, settings.mapping);
  const file = path === '-' ? 'stdin' : path;
  const accepted = (row: InputRow): Recorded | undefined => {
    const found = read(row);
    const fault = 'fault' in found ? found.fault : settings.missing?.(found);
    if (fault) settings.reject({ file, line: row.line, bytes: row.bytes, ...fault });
    return fault || 'fault' in found ? undefined : found;
  };
  const judge = columnsNamed(file, settings.mapping);
  for await (const rows of await rowsOf(path, format, settings, judge)) {
    const records: Recorded[] = [];
    for (const row of rows) {
      const record = accepted(row);
      if (record) records.push(record);
    }
    if (records.length > 0) yield records;
  }
}

/** The form of a file by its name, compressed or not: ndjson unless it ends in csv or parquet. */
export function formatOf(path: string): InputFormat {
  const [, ending] = /\.(csv|parquet)(\.gz|\.zst)?$/i.exec(path) ?? [];
  return (ending?.toLowerCase() as InputFormat | undefined) ?? 'ndjson';
}

/** Refuses a header without a column that the mapping names: no row could have it. */
function columnsNamed(
  file: string,
  mapping: Mapping | undefined,
): (columns: readonly string[]) => void {
  return (columns) => {
    const wanted = Object.values(mapping?.columns ?? {});
    const absent = wanted.find((column) => !columns.includes(column));
    if (absent === undefined) return;
    const message = `${file} has no column "${absent}", which --map names. It has ${columns.join(', ')}.`;
    throw new FraudstreamError('bad-config', message);
  };
}

/** The rows of a file in its form. Errors: those of `byteSource`. */
export async function rowsOf(
  path: string,
  format: InputFormat,
  dependencies: ByteSourceDependencies,
  judge?: (columns: readonly string[]) => void,
): Promise<AsyncIterable<readonly InputRow[]>> {
  if (format === 'parquet') {
    if (path !== '-' && !path.startsWith('s3://')) return parquetRows(path);
    throw new FraudstreamError(
      'usage',
      `Parquet is read from files, not from ${path}: copy it first.`,
    );
  }
  const bytes = await byteSource(path, dependencies);
  return format === 'csv' ? csvRows(bytes, judge) : jsonRows(bytes);
}

/** Makes a record of a row, or says what is wrong with it. */
export function transactionOf(
  format: InputFormat,
  mapping: Mapping | undefined,
): (row: InputRow) => Recorded | { readonly fault: RowFault } {
  if (mapping === undefined && format === 'ndjson') return parseNativeLine;
  const map = mapRow(mapping ?? ownColumns);
  return (row) => (row.fault ? { fault: row.fault } : mappedRecord(row, map));
}

function mappedRecord(
  { value, line }: InputRow,
  map: MapRow,
): Recorded | { readonly fault: RowFault } {
  const read = map(value, line);
  if ('fault' in read) return read;
  const { transaction, label } = read;
  return recordOf(transaction, label, Buffer.from(transactionLine(transaction)));
}
