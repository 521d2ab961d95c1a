import { parseTransaction } from '../records/transaction.ts';
import type { UserRecord } from '../records/user-record.ts';
import { type Line, lines } from './lines.ts';

/** A line that is no transaction: where it stands and why. `field` is empty for a whole line. */
export interface BadLine {
  readonly file: string;
  readonly line: number;
  readonly field: string;
  readonly reason: string;
  readonly bytes: Uint8Array;
}

/** The most that Kinesis takes in one record. Source: Kinesis quotas. */
const LONGEST_LINE_BYTES = 10 * 1_048_576;

/**
 * Reads transactions, one JSON object a line, as the records to be put.
 *
 * The bytes of the line are sent as they stand; its `transaction_id` names the record and its
 * `card_id` is the partition key. Empty lines are passed over; a bad line is told to `reject` and
 * the rest goes on.
 */
export async function* transactionInput(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  reject: (bad: BadLine) => void,
): AsyncGenerator<readonly UserRecord[], void, undefined> {
  for await (const group of lines(chunks, LONGEST_LINE_BYTES)) {
    const records: UserRecord[] = [];
    for (const line of group) {
      if (line.bytes.length === 0) continue;
      const read = recordOf(line);
      if ('partitionKey' in read) records.push(read);
      else reject({ file, line: line.number, bytes: line.bytes, ...read });
    }
    if (records.length > 0) yield records;
  }
}

type Reason = Pick<BadLine, 'field' | 'reason'>;

function recordOf({ bytes, isCut }: Line): UserRecord | Reason {
  if (isCut) return { field: '', reason: `is longer than ${LONGEST_LINE_BYTES} bytes` };
  const result = parsed(bytes);
  if ('reason' in result) return result;
  const { transaction_id: id, card_id: partitionKey } = result.transaction;
  return { id, partitionKey, data: bytes };
}

function parsed(
  bytes: Uint8Array,
): Exclude<ReturnType<typeof parseTransaction>, { problem: unknown }> | Reason {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch (error) {
    return { field: '', reason: `is not JSON (${error instanceof Error ? error.message : error})` };
  }
  const result = parseTransaction(value);
  if ('transaction' in result) return result;
  const { field, value: seen, reason } = result.problem;
  return { field, reason: seen === undefined ? reason : `${reason}, not ${shown(seen)}` };
}

/** A value as the message shows it, at most so long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `transactions.ndjson:17: amount_minor must be a whole number, not "12.50"` */
export function badLineText({ file, line, field, reason }: BadLine): string {
  return `${file}:${line}: ${field === '' ? 'the line' : field} ${reason}`;
}
