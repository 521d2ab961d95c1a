import type { TransactionContract } from '../contract/transactions-contract.ts';
import { FraudstreamError } from '../errors.ts';
import { CsvRecord, csvFields } from '../text/csv.ts';
import type { Problem } from '../transactions/field-checks.ts';
import { type InputLine, lines } from './lines.ts';
import { type ByteSourceDependencies, byteSource } from './reading/byte-source.ts';
import { jsonValues, onOneLine, openJson, valuesOnLine } from './reading/json-values.ts';
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
const RETURN_LINE_FEED = Buffer.from('\r\n');
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The records of a file: JSON in any layout that `jsonRows` reads, a line each of Base64, or rows of CSV under a header.
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
  else if (contract.format === 'json') yield* jsonRecords(chunks, contract);
  else yield* lineRows(chunks, contract);
}

/** A line each, the items of an array, or values over several lines: the first line decides. */
async function* jsonRecords(
  chunks: AsyncIterable<Uint8Array>,
  contract: TransactionContract,
): AsyncGenerator<readonly ContractRow[], void, undefined> {
  const { layout, all } = await openJson(chunks);
  if (layout === 'lines') {
    yield* lineRows(all, contract);
    return;
  }
  for await (const spans of jsonValues(all, LONGEST_BYTES)) {
    yield spans.map(({ line, bytes, reason }) =>
      reason === undefined
        ? { line, bytes: onOneLine(bytes), fault: undefined, contract }
        : { line, bytes, fault: { field: '', value: undefined, reason }, contract },
    );
  }
}

/** The records of a row that is none itself, because several JSON objects are on its line; else undefined. */
export function partsOf(row: ContractRow): readonly ContractRow[] | undefined {
  if (row.fault || (row.contract.format !== 'json' && row.contract.format !== 'raw'))
    return undefined;
  return valuesOnLine(row.bytes)?.map((bytes) => ({ ...row, bytes }));
}

async function* lineRows(
  chunks: AsyncIterable<Uint8Array>,
  contract: TransactionContract,
): AsyncGenerator<readonly ContractRow[], void, undefined> {
  for await (const group of lines(chunks, LONGEST_BYTES)) {
    const rows = group.flatMap(({ number: line, bytes, isCut }): ContractRow[] => {
      if (bytes.length === 0) return [];
      if (isCut) return [{ line, bytes, fault: tooLong, contract }];
      return [
        contract.isBinary
          ? base64Row(line, bytes, contract)
          : { line, bytes, fault: undefined, contract },
      ];
    });
    if (rows.length > 0) yield rows;
  }
}

function base64Row(line: number, bytes: Uint8Array, contract: TransactionContract): ContractRow {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (BASE64.test(text))
    return { line, bytes: Buffer.from(text, 'base64'), fault: undefined, contract };
  const reason = `is not Base64, in which files hold records of ${contract.format}`;
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
  const records = new CsvRecords(contract.separator);
  let bound: TransactionContract | undefined;
  for await (const group of lines(chunks, LONGEST_BYTES)) {
    const whole = group.flatMap((input) => records.add(input) ?? []);
    const header = bound ? undefined : whole.shift();
    if (header) bound = boundTo(header.bytes, file, contract);
    const known = bound;
    if (known && whole.length > 0) yield whole.map((record) => ({ ...record, contract: known }));
  }
  const rest = records.rest();
  if (rest) yield [{ ...rest, contract: bound ?? contract }];
}

type CsvRecordBytes = Omit<ContractRow, 'contract'>;

/** Puts lines together to records: a field in quotes goes on in the next line. */
class CsvRecords {
  readonly #separator: string;
  #line = 0;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  /** The record whose quotes are open. */
  #open: CsvRecord | undefined;

  constructor(separator: string) {
    this.#separator = separator;
  }

  /** The record that ends with this line; undefined for one that goes on, and for an empty line. */
  add({ number, bytes, isCut, hasReturn }: InputLine): CsvRecordBytes | undefined {
    const isFirst = this.#parts.length === 0;
    if (isFirst && bytes.length === 0) return undefined;
    if (isFirst) this.#line = number;
    this.#parts.push(bytes);
    this.#bytes += bytes.length + 2;
    if (isCut || this.#bytes > LONGEST_BYTES) return this.#end(tooLong);
    if (this.#isWhole(bytes)) return this.#end(undefined);
    this.#parts.push(hasReturn ? RETURN_LINE_FEED : LINE_FEED);
    return undefined;
  }

  #isWhole(bytes: Uint8Array): boolean {
    if (!this.#open && !bytes.includes(QUOTE)) return true;
    this.#open ??= new CsvRecord(this.#separator);
    return this.#open.add(Buffer.from(bytes).toString('latin1'));
  }

  /** The record that is not closed at the end of the file. */
  rest(): CsvRecordBytes | undefined {
    const reason = 'is not CSV (a quote is not closed)';
    return this.#parts.length === 0
      ? undefined
      : this.#end({ field: '', value: undefined, reason });
  }

  #end(fault: RowFault | undefined): CsvRecordBytes {
    const [only] = this.#parts;
    const bytes = only && this.#parts.length === 1 ? only : Buffer.concat(this.#parts);
    const record = { line: this.#line, bytes, fault };
    this.#parts = [];
    this.#bytes = 0;
    this.#open = undefined;
    return record;
  }
}

function boundTo(
  header: Uint8Array,
  file: string,
  contract: TransactionContract,
): TransactionContract {
  const columns = csvFields(header, contract.separator)?.values ?? [];
  const twice = columns.find((name, index) => columns.indexOf(name) < index);
  if (twice !== undefined) {
    throw new FraudstreamError(
      'bad-config',
      `The header of ${file} names the column "${twice}" twice: rename one.`,
    );
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
