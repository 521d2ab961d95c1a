import { csvFields } from '../contract/payload/csv-fields.ts';
import type { TransactionContract } from '../contract/transactions-contract.ts';
import { FraudstreamError } from '../errors.ts';
import type { Problem } from '../transactions/field-checks.ts';
import { lines } from './lines.ts';
import { type ByteSourceDependencies, byteSource } from './reading/byte-source.ts';
import { type RowFault, shown } from './reading/row.ts';
import type { Recorded } from './recorded.ts';

/** A record of a file in the form of a contract; `contract` knows the columns of this file. */
export interface ContractRow {
  readonly line: number;
  /** As it stands in the file; of a line of Base64 what it stands for. */
  readonly bytes: Uint8Array;
  readonly fault: RowFault | undefined;
  readonly contract: TransactionContract;
}

/** The most that Kinesis takes in one record. Source: Kinesis quotas. */
const LONGEST_BYTES = 10 * 1_048_576;
const QUOTE = 0x22;
const LINE_FEED = Buffer.from('\n');
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The records of a file: a line each of JSON or of Base64, or rows of CSV under a header.
 *
 * `isCsv` says it where the contract does not: of records that are no transactions.
 * Errors: those of `byteSource`; `bad-config` for a header without a column that the contract names.
 */
export async function* contractRows(
  path: string,
  contract: TransactionContract,
  isCsv: boolean,
  dependencies: ByteSourceDependencies,
): AsyncGenerator<readonly ContractRow[], void, undefined> {
  const chunks = await byteSource(path, dependencies);
  const isTable = contract.format === 'csv' || (contract.format === 'raw' && isCsv);
  if (isTable) yield* tableRows(chunks, path === '-' ? 'stdin' : path, contract);
  else yield* lineRows(chunks, contract);
}

async function* lineRows(
  chunks: AsyncIterable<Uint8Array>,
  contract: TransactionContract,
): AsyncGenerator<readonly ContractRow[], void, undefined> {
  for await (const group of lines(chunks, LONGEST_BYTES)) {
    const rows = group.flatMap(({ number: line, bytes, isCut }): ContractRow[] => {
      if (bytes.length === 0) return [];
      if (isCut) return [{ line, bytes, fault: tooLong, contract }];
      return [contract.isBinary ? base64Row(line, bytes, contract) : { line, bytes, fault: undefined, contract }];
    });
    if (rows.length > 0) yield rows;
  }
}

function base64Row(line: number, bytes: Uint8Array, contract: TransactionContract): ContractRow {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (BASE64.test(text)) return { line, bytes: Buffer.from(text, 'base64'), fault: undefined, contract };
  const reason = `is not Base64, which a record of ${contract.format} is in a file`;
  return { line, bytes, fault: { field: '', value: undefined, reason }, contract };
}

const tooLong: RowFault = {
  field: '',
  value: undefined,
  reason: `is longer than ${LONGEST_BYTES} bytes`,
};

async function* tableRows(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  contract: TransactionContract,
): AsyncGenerator<readonly ContractRow[], void, undefined> {
  let bound: TransactionContract | undefined;
  let open: { readonly line: number; readonly parts: Uint8Array[]; bytes: number } | undefined;
  for await (const group of lines(chunks, LONGEST_BYTES)) {
    const rows: ContractRow[] = [];
    for (const { number, bytes, isCut } of group) {
      if (bytes.length === 0 && !open) continue;
      const part: Uint8Array[] = open ? [LINE_FEED, bytes] : [bytes];
      open ??= { line: number, parts: [], bytes: 0 };
      open.parts.push(...part);
      open.bytes += bytes.length + 1;
      const record: Uint8Array = open.parts.length === 1 ? bytes : Buffer.concat(open.parts);
      const isBroken = isCut || open.bytes > LONGEST_BYTES;
      // A field in quotes goes on in the next line.
      if (!isBroken && quotesIn(record) % 2 === 1) continue;
      const { line } = open;
      open = undefined;
      if (!bound) bound = boundTo(record, file, contract);
      else rows.push({ line, bytes: record, fault: isBroken ? tooLong : undefined, contract: bound });
    }
    if (rows.length > 0) yield rows;
  }
  if (!open) return;
  const bytes = Buffer.concat(open.parts);
  const reason = 'is not CSV (a quote is not closed)';
  yield [{ line: open.line, bytes, fault: { field: '', value: undefined, reason }, contract: bound ?? contract }];
}

function quotesIn(bytes: Uint8Array): number {
  let quotes = 0;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) quotes += 1;
  return quotes;
}

function boundTo(header: Uint8Array, file: string, contract: TransactionContract): TransactionContract {
  const columns = csvFields(header, contract.separator)?.values ?? [];
  const twice = columns.find((name, index) => columns.indexOf(name) < index);
  if (twice !== undefined) {
    throw new FraudstreamError('bad-config', `The header of ${file} names the column "${twice}" twice: rename one.`);
  }
  const bound = contract.withColumns(columns);
  if (!('absent' in bound)) return bound;
  const message = `${file} has no column "${bound.absent[0]}", which the contract names. It has ${columns.join(', ')}, with "${contract.separator}" between them.`;
  throw new FraudstreamError('bad-config', message);
}

/** The record of a row, or what is wrong with it. */
export function contractRecord({
  bytes,
  fault,
  contract,
}: ContractRow): Recorded | { readonly fault: RowFault } {
  if (fault) return { fault };
  const found = contract.decode(bytes);
  if ('problem' in found) return { fault: faultOf(found.problem) };
  const merchantCountry = found.transaction?.merchant_country ?? undefined;
  return { ...found, arrivedAt: undefined, form: contract.sent, isForeign: true, merchantCountry };
}

/** A problem of a record as a fault of its row. */
export function faultOf({ field, value, reason }: Problem): RowFault {
  return { field, value: shown(value), reason };
}
