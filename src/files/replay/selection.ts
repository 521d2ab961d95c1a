import { FraudstreamError } from '../../errors.ts';
import {
  numberFields,
  type Transaction,
  transactionFields,
  transactionIn,
} from '../../transactions/transaction.ts';
import type { Recorded } from '../recorded.ts';

/** One condition on a field of a transaction: `amount_minor>=1000`, `channel=ecom`. */
export interface Condition {
  readonly text: string;
  holds(transaction: Transaction): boolean;
}

/** Which records of a file are wanted. Units: epoch milliseconds of event time, `to` excluded. */
export interface Selection {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly conditions: readonly Condition[];
}

const comparisons: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** The records that are wanted. */
export async function* selected(
  groups: AsyncIterable<readonly Recorded[]>,
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, conditions }: Selection,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  for await (const group of groups) {
    const wanted = group.filter(
      (record) => record.eventAt >= from && record.eventAt < to && fulfils(record, conditions),
    );
    if (wanted.length > 0) yield wanted;
  }
}

function fulfils(record: Recorded, conditions: readonly Condition[]): boolean {
  if (conditions.length === 0) return true;
  const transaction = transactionIn(record);
  return conditions.every((each) => each.holds(transaction));
}

/**
 * Reads a condition: a field, one of = != < <= > >=, and a value.
 *
 * Numbers compare as numbers, all else as text. A field that is absent fulfils only `!=`.
 * `undefined` for a text that is none. Errors: `usage` for a field that is not known, or a number that
 * is none.
 */
export function condition(text: string): Condition | undefined {
  const [, field = '', sign = '', value = ''] =
    /^\s*(\w+)\s*(!=|<=|>=|=|<|>)\s*(.*?)\s*$/.exec(text) ?? [];
  const compare = comparisons[sign];
  if (!compare) return undefined;
  if (!(transactionFields as readonly string[]).includes(field)) {
    const message = `a transaction has no field "${field}". Fields are ${transactionFields.join(', ')}.`;
    throw new FraudstreamError('usage', message);
  }
  const number = value === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number) && (numberFields as readonly string[]).includes(field)) {
    throw new FraudstreamError('usage', `${field} is a number, and "${value}" is none.`);
  }
  const holds = (transaction: Transaction): boolean => {
    const seen = transaction[field as keyof Transaction];
    if (seen === undefined || seen === null) return sign === '!=';
    return typeof seen === 'number' ? compare(seen, number) : compare(String(seen), value);
  };
  return { text, holds };
}
