import { labelProblems } from '../records/label.ts';
import { transactionProblems } from '../records/transaction.ts';
import type { Mapping } from './mapping/definition.ts';
import type { ByteMeans } from './reading/byte-source.ts';
import { type BadLine, type Fault, type Row, shown } from './reading/row.ts';
import { type InputFormat, rowsOf, transactionOf } from './recorded.ts';

/** What a line is to be. */
export type LineKind = 'transaction' | 'label';

/** Some rows and what is wrong with each; `at` is the event time of a transaction that is none. */
export interface JudgedRows {
  readonly rows: readonly {
    readonly problems: readonly BadLine[];
    readonly at: string | undefined;
  }[];
}

/** Judges every row of a file; of our own lines of JSON all problems are told, of others the first. */
export async function* judgedRows(
  path: string,
  format: InputFormat,
  kind: LineKind,
  mapping: Mapping | undefined,
  means: ByteMeans,
): AsyncGenerator<JudgedRows, void, undefined> {
  const file = path === '-' ? 'stdin' : path;
  const faultsOf = judge(format, kind, mapping);
  for await (const rows of await rowsOf(path, format, means)) {
    yield {
      rows: rows.map((row) => ({
        problems: faultsOf(row).map((fault) => ({
          file,
          line: row.line,
          bytes: row.bytes,
          ...fault,
        })),
        at: eventTime(row.value),
      })),
    };
  }
}

function judge(
  format: InputFormat,
  kind: LineKind,
  mapping: Mapping | undefined,
): (row: Row) => readonly Fault[] {
  if (mapping === undefined && format === 'ndjson') {
    const problemsOf = kind === 'label' ? labelProblems : transactionProblems;
    return ({ value, fault }) =>
      fault
        ? [fault]
        : problemsOf(value).map(({ field, value: seen, reason }) => ({
            field,
            value: shown(seen),
            reason,
          }));
  }
  const read = transactionOf(format, mapping);
  return (row) => {
    if (row.fault) return [row.fault];
    const found = read(row);
    return 'fault' in found ? [found.fault] : [];
  };
}

function eventTime(value: unknown): string | undefined {
  const { event_time: at } = Object(value) as { readonly event_time?: unknown };
  return typeof at === 'string' ? at : undefined;
}
