import { ARRIVAL_FIELD } from '../../records/arrival.ts';
import type { Problem } from '../../records/check.ts';
import { labelFields, labelProblems, parseLabel } from '../../records/label.ts';
import {
  parseTransaction,
  transactionFields,
  transactionProblems,
} from '../../records/transaction.ts';
import { type Mapping, ownColumns } from '../mapping/definition.ts';
import { type Judged, mappedFaults } from '../mapping/map-row.ts';
import { type Fault, shown } from '../reading/row.ts';
import type { InputFormat } from '../recorded.ts';

/** What a file is to hold. */
export type RecordKind = 'transaction' | 'label';

/** Says what a row became, and all that is wrong with it. */
export type RowJudge = (value: unknown, line: number) => Judged;

/** The judge of rows of that kind, in that form. */
export function rowJudge(
  kind: RecordKind,
  format: InputFormat,
  mapping: Mapping | undefined,
): RowJudge {
  if (kind === 'label') {
    const read = format === 'csv' ? withTruth : (value: unknown) => value;
    return (value) => judged(read(value), parseLabel, labelProblems);
  }
  if (mapping === undefined && format === 'ndjson') {
    return (value) => judged(value, parseTransaction, transactionProblems);
  }
  return mappedFaults(mapping ?? ownColumns);
}

/** The fields that a record of that kind can have without being asked what they are. */
export function knownFields(kind: RecordKind): ReadonlySet<string> {
  if (kind === 'label') return new Set(labelFields);
  const added = [ARRIVAL_FIELD, 'original_event_time'];
  return new Set([...transactionFields, ...labelFields, ...added]);
}

/** Most records are sound, and whether one is takes a fraction of finding all that is wrong. */
function judged(
  value: unknown,
  parse: (value: unknown) => object,
  problemsIn: (value: unknown) => readonly Problem[],
): Judged {
  const problems = 'problem' in parse(value) ? problemsIn(value) : [];
  const found = typeof value === 'object' && value !== null ? value : {};
  return { found: found as Judged['found'], faults: problems.map(faultOf) };
}

function faultOf({ field, value, reason }: Problem): Fault {
  return { field, value: shown(value), reason };
}

/** CSV holds the truth as text. */
function withTruth(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('is_fraud' in value)) return value;
  const { is_fraud: text } = value;
  return text === 'true' || text === 'false' ? { ...value, is_fraud: text === 'true' } : value;
}
