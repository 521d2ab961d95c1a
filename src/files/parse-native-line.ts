import { isUtf8 } from 'node:buffer';
import { withoutMembers } from '../text/json-members.ts';
import { parseJson } from '../text/parse-json.ts';
import { ARRIVAL_FIELD, arrivalOf } from '../transactions/arrival.ts';
import { instantMs } from '../transactions/instant.ts';
import { type Label, labelIn, truthFields } from '../transactions/label.ts';
import {
  parseTransaction,
  type ScannedLine,
  scanTransaction,
  type Transaction,
  transactionFields,
} from '../transactions/transaction.ts';
import { type InputRow, type RowFault, shown } from './reading/row.ts';
import type { Recorded } from './recorded.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a line that tell the truth about it. */
const truths = new Set<string>(truthFields);
const known = new Set<string>(transactionFields);
const COMMA = 0x2c;
const QUOTE = 0x22;
const SPACE = 0x20;

/**
 * The record that a line in our own form is, or what is wrong with it.
 *
 * Most lines are seen to be transactions without being parsed. Whatever is not as plain as that goes the long way, and only there
 * a line is refused.
 */
export function parseNativeLine(row: InputRow): Recorded | { readonly fault: RowFault } {
  const seen = scanTransaction(row.bytes);
  const plain = seen && plainRecord(row.bytes, seen);
  return plain ?? (row.fault ? { fault: row.fault } : judgedRecord(row));
}

/** The record of a line that is plainly a transaction, if what stands behind its fields is as simple. */
function plainRecord(line: Uint8Array, seen: ScannedLine): Recorded | undefined {
  if (seen.restAt === line.length - 1) return seenRecord(seen, undefined, line, undefined);
  const rest = restOf(line, seen.restAt);
  if (!rest || rest.is_fraud === true) return undefined;
  const label = labelIn(rest, { transaction_id: seen.transactionId });
  if (!label) {
    if (hasTruth(rest)) return undefined;
    const arrival = Object.hasOwn(rest, ARRIVAL_FIELD) ? arrivalOf(line) : undefined;
    return seenRecord(seen, undefined, arrival?.payload ?? line, arrival?.arrivedAt);
  }
  if (!Object.keys(rest).every((field) => truths.has(field))) return undefined;
  const data = Buffer.concat([line.subarray(0, seen.restAt), line.subarray(tailOf(line))]);
  return seenRecord(seen, label, data, undefined);
}

/** Where the white space before the last brace begins. */
function tailOf(line: Uint8Array): number {
  let at = line.length - 1;
  while (at > 0 && (line[at - 1] as number) <= SPACE) at -= 1;
  return at;
}

/** The fields that stand behind those of a transaction; nothing when they are none, or one of a transaction is among them. */
function restOf(line: Uint8Array, at: number): Fields | undefined {
  if (line[at] !== COMMA || line[at + 1] !== QUOTE) return undefined;
  const rest = Buffer.from(line.buffer, line.byteOffset + at + 1, line.length - at - 1);
  if (!isUtf8(rest)) return undefined;
  try {
    return unknownIn(parseJson(`{${rest.toString('utf8')}`) as Fields);
  } catch {
    // The long way says what is wrong.
    return undefined;
  }
}

/** The fields if none of them is one of a transaction. */
function unknownIn(fields: Fields): Fields | undefined {
  return Object.keys(fields).some((field) => known.has(field)) ? undefined : fields;
}

const hasTruth = (given: Fields): boolean => Object.keys(given).some((name) => truths.has(name));

function seenRecord(
  { transactionId, cardId, eventAt }: ScannedLine,
  label: Label | undefined,
  data: Uint8Array,
  arrivedAt: number | undefined,
): Recorded {
  return {
    id: transactionId,
    partitionKey: cardId,
    data,
    eventAt,
    transaction: undefined,
    label,
    arrivedAt,
  };
}

function judgedRecord({ value, bytes }: InputRow): Recorded | { readonly fault: RowFault } {
  const result = parseTransaction(value);
  if ('problem' in result) {
    const { field, value: seen, reason } = result.problem;
    return { fault: { field, value: shown(seen), reason } };
  }
  const { transaction } = result;
  const given = value as Fields;
  const label = labelIn(given, transaction);
  const arrival = Object.hasOwn(given, ARRIVAL_FIELD) ? arrivalOf(bytes) : undefined;
  // Whoever is tested must not see the truth.
  const payload = arrival?.payload ?? bytes;
  const data = hasTruth(given) ? withoutMembers(payload, truths) : payload;
  return recordOf(transaction, label, data, arrival?.arrivedAt);
}

/** The record of a transaction: named by its id, keyed by its card. */
export function recordOf(
  transaction: Transaction,
  label: Label | undefined,
  data: Uint8Array,
  arrivedAt?: number | undefined,
): Recorded {
  return {
    id: transaction.transaction_id,
    partitionKey: transaction.card_id,
    data,
    eventAt: instantMs(transaction.event_time),
    transaction,
    label,
    arrivedAt,
  };
}
