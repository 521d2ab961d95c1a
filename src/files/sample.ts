import type { Contract } from '../contract/contract.ts';
import { parseJsonExactly } from '../contract/values/exact-json.ts';
import { FraudstreamError, messageOf } from '../errors.ts';
import { mapRow } from './mapping/map-row.ts';
import type { Mapping } from './mapping/mapping.ts';
import { type ByteSourceDependencies, byteSource } from './reading/byte-source.ts';
import { csvRows } from './reading/csv-rows.ts';
import { decoded } from './reading/decoded.ts';
import { expandedPaths } from './reading/input-paths.ts';
import { jsonRows } from './reading/json-rows.ts';
import { parquetRows } from './reading/parquet-rows.ts';
import { type InputRow, withParts } from './reading/row.ts';
import { formIn, type InputFormat } from './recorded-transactions.ts';

/** The first records of a file or a stream, as they stand there. */
export interface Sample {
  readonly rows: readonly InputRow[];
  /** Their values, in the order of `rows`. */
  readonly records: readonly unknown[];
  readonly format: InputFormat;
  /** Each record is a line of its own, or a row. */
  readonly isLines: boolean;
  /** Of CSV. */
  readonly separator: string | undefined;
  /** Rows that could not be read. */
  readonly unreadable: number;
}

/** More records say little more of their form. */
const MOST_RECORDS = 1_000;

/**
 * Reads the first records of a file of any form; of a pattern those of its first file.
 *
 * Errors: `no-input` for a file that is not there; those of `byteSource`; `bad-data` for a file without a record that can be read.
 */
export async function sampleOf(
  given: string,
  asked: InputFormat | undefined,
  dependencies: ByteSourceDependencies,
): Promise<Sample> {
  const [path = given] = await expandedPaths([given]);
  const format = await formIn(path, asked);
  const file = path === '-' ? 'stdin' : path;
  let separator: string | undefined;
  const bytes = async (): Promise<AsyncIterable<Uint8Array>> =>
    decoded(await byteSource(path, dependencies), undefined);
  const judge = (_: readonly string[], found: string): void => {
    separator = found;
  };
  const groups =
    format === 'parquet'
      ? parquetRows(path)
      : format === 'csv'
        ? csvRows(await bytes(), { file, judge })
        : jsonRows(await bytes(), parseJsonExactly);
  const all: InputRow[] = [];
  for await (const group of groups) {
    all.push(...withParts(group).slice(0, MOST_RECORDS - all.length));
    if (all.length >= MOST_RECORDS) break;
  }
  return { ...sampled(all, format, file), separator };
}

/** The sample that payloads of a stream are. Errors: `bad-data` for payloads that are no JSON. */
export function sampleOfPayloads(payloads: readonly Uint8Array[], stream: string): Sample {
  const rows = payloads.map((bytes, index) => payloadRow(bytes, index + 1));
  return sampled(rows, 'ndjson', `stream "${stream}"`);
}

function payloadRow(bytes: Uint8Array, line: number): InputRow {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { line, bytes, value: parseJsonExactly(text), fault: undefined };
  } catch (error) {
    const fault = { field: '', value: undefined, reason: messageOf(error) };
    return { line, bytes, value: undefined, fault };
  }
}

function sampled(all: readonly InputRow[], format: InputFormat, from: string): Sample {
  const rows = all.filter((row) => row.fault === undefined);
  const records = rows.map(recordIn);
  const isObjects = records.some((record) => typeof record === 'object' && record !== null);
  if (!isObjects) {
    const [bad] = all;
    const found = all.length === 0 ? 'no records' : `no JSON objects${framingHint(bad?.bytes)}`;
    const message = `The sample ${from} has ${found}: give a file of NDJSON, CSV (--format csv) or Parquet.`;
    throw new FraudstreamError('bad-data', message);
  }
  const isLines =
    format === 'ndjson' && rows.every(({ bytes, part }) => !part && !bytes.includes(LINE_FEED));
  const unreadable = all.length - rows.length;
  return { rows, records, format, isLines, separator: undefined, unreadable };
}

const LINE_FEED = 0x0a;

/** What binary records seem to be. */
function framingHint(bytes: Uint8Array | undefined): string {
  const [first, second] = bytes ?? [];
  const hint = (kind: string): string =>
    ` (they begin as records of ${kind} do: write a contract of format avro or protobuf, docs/contract.md)`;
  if (first === 3 && (second === 0 || second === 5)) return hint('the AWS Glue Schema Registry');
  return first === 0 ? hint("Confluent's schema registry") : '';
}

function recordIn({ cells, value }: InputRow): unknown {
  if (!cells) return value;
  return Object.fromEntries(cells.header.map((name, index) => [name, cells.cell(index)]));
}

/** How many records of a sample a proposal reads, and why the first other one is not read. */
export interface SampleFit {
  readonly fitting: number;
  readonly problem: string | undefined;
}

/** Reads the records of a sample by a mapping. */
export function mappingFit({ rows }: Sample, mapping: Mapping): SampleFit {
  const map = mapRow(mapping);
  return fitOf(rows, (row) => {
    const found = map(row);
    return 'fault' in found ? found.fault : undefined;
  });
}

/** Reads the records of a sample by the transactions of a contract. */
export function contractFit({ rows }: Sample, { transactions }: Contract): SampleFit {
  const header = rows[0]?.cells?.header;
  const bound = header && transactions?.withColumns(header);
  const contract = bound && !('absent' in bound) ? bound : transactions;
  return fitOf(rows, (row) => {
    const found = contract?.decode(row.bytes);
    return found && 'problem' in found ? found.problem : undefined;
  });
}

function fitOf(
  rows: readonly InputRow[],
  faultOf: (row: InputRow) => { readonly field: string; readonly reason: string } | undefined,
): SampleFit {
  let fitting = 0;
  let problem: string | undefined;
  for (const row of rows) {
    const fault = faultOf(row);
    if (!fault) fitting += 1;
    else problem ??= `record ${row.line}: ${fault.field} ${fault.reason}`;
  }
  return { fitting, problem };
}
