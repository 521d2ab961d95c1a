import { FraudstreamError, messageOf } from '../../errors.ts';
import { ARRIVAL_FIELD } from '../../transactions/arrival.ts';
import type { Problem } from '../../transactions/field-checks.ts';
import type { Finding } from '../../transactions/finding.ts';
import { instantMs } from '../../transactions/instant.ts';
import { labelFields, labelProblems, parseLabel } from '../../transactions/label.ts';
import {
  parseTransaction,
  scanTransaction,
  transactionFields,
  transactionProblems,
} from '../../transactions/transaction.ts';
import { type MappedValue, type MapSettings, mappedFaults } from '../mapping/map-row.ts';
import { type Mapping, ownColumns } from '../mapping/mapping.ts';
import type { ByteSourceDependencies } from '../reading/byte-source.ts';
import { type InputRow, type RowFault, shown, withParts } from '../reading/row.ts';
import { formIn, type InputFormat, rowsOf } from '../recorded-transactions.ts';
import { type NamedRecord, SequenceChecks, type SequenceProblem } from './sequence-checks.ts';

/** What a file is to hold. */
export type RecordKind = 'transaction' | 'label';

/** Says what a row became, and all that is wrong with it. */
export type RowValidator = (row: InputRow) => MappedValue;

/** The judge of rows of that kind, in that form. */
export function rowValidator(
  kind: RecordKind,
  format: InputFormat,
  mapping: Mapping | undefined,
  settings: MapSettings = {},
): RowValidator {
  if (kind === 'label') {
    const read = format === 'csv' ? withTruth : (value: unknown) => value;
    return ({ value }) => judged(read(value), parseLabel, labelProblems);
  }
  if (mapping === undefined && format === 'ndjson') {
    return ({ value }) => judged(value, parseTransaction, transactionProblems);
  }
  return mappedFaults(mapping ?? ownColumns, settings);
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
): MappedValue {
  const problems = 'problem' in parse(value) ? problemsIn(value) : [];
  const found = typeof value === 'object' && value !== null ? value : {};
  return { found: found as MappedValue['found'], faults: problems.map(faultOf) };
}

function faultOf({ field, value, reason }: Problem): RowFault {
  return { field, value: shown(value), reason };
}

/** CSV holds the truth as text. */
function withTruth(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('is_fraud' in value)) return value;
  const { is_fraud: text } = value;
  return text === 'true' || text === 'false' ? { ...value, is_fraud: text === 'true' } : value;
}

/** What to judge, and as what. */
export interface ValidationSettings extends ByteSourceDependencies, MapSettings {
  readonly path: string;
  readonly kind: RecordKind;
  /** By the name of the file unless given. */
  readonly format: InputFormat | undefined;
  readonly mapping: Mapping | undefined;
}

/** What was found in some rows; those without an error are valid. */
export interface ValidatedRows {
  readonly rows: number;
  readonly invalid: number;
  readonly findings: readonly Finding[];
}

/** What a file holds by its name: labels in `day.labels.ndjson`, transactions in all others. */
export function kindOf(path: string): RecordKind {
  return /\.labels\.[^/]*$/.test(path) ? 'label' : 'transaction';
}

/** A sequence for records of that kind; what is mapped may have any columns besides. */
export function sequenceOf(kind: RecordKind): SequenceChecks {
  return new SequenceChecks(knownFields(kind));
}

/**
 * Judges a file row by row. What cannot be read on is an error in the row after the last one.
 *
 * Errors: those of opening it; `no-input` when it is not there.
 */
export async function* validateRows(
  settings: ValidationSettings,
  sequence: SequenceChecks,
): AsyncGenerator<ValidatedRows, void, undefined> {
  const { path } = settings;
  const format = await formIn(path, settings.format);
  const judge = rowValidator(settings.kind, format, settings.mapping, settings);
  const soundIn = settings.kind === 'transaction' && isOwn(format, settings) ? seenAlone : unseen;
  const file = path === '-' ? 'stdin' : path;
  let line = 0;
  sequence.beginFile();
  try {
    for await (const rows of await rowsOf(path, format, settings.mapping, settings)) {
      line = rows.at(-1)?.line ?? line;
      yield judgedRows(rows, file);
    }
  } catch (cause) {
    yield broken(cause, file, line + 1, format);
  }

  function judgedRows(given: readonly InputRow[], name: string): ValidatedRows {
    const judged = new JudgedRows();
    for (const row of given) {
      const seen = soundIn(row.bytes);
      if (seen) judged.add(oddIn(seen, { file: name, line: row.line }));
      else for (const part of withParts([row])) judged.add(findingsOf(part, name));
    }
    return judged;
  }

  function oddIn(seen: NamedRecord, at: Place): readonly Finding[] {
    return sequence.add(seen, noFields).map((oddity) => finding('warning', at, oddity));
  }

  function findingsOf(row: InputRow, name: string): readonly Finding[] {
    const at = { file: name, line: row.line };
    if (row.fault) return [finding('error', at, row.fault)];
    const { found, faults } = judge(row);
    const given = settings.mapping ? {} : asFields(row.value);
    // Of a record that is invalid only its name is taken to be what it says.
    const oddities = sequence.add(namesIn(found, faults.length === 0), given);
    if (faults.length + oddities.length === 0) return [];
    return [
      ...faults.map((fault) => finding('error', at, fault)),
      ...oddities.map((oddity) => finding('warning', at, oddity)),
    ];
  }
}

/** True for files whose lines are records as they stand. */
const isOwn = (format: InputFormat, { mapping }: ValidationSettings): boolean =>
  format === 'ndjson' && mapping === undefined;

class JudgedRows implements ValidatedRows {
  rows = 0;
  invalid = 0;
  readonly findings: Finding[] = [];

  add(found: readonly Finding[]): void {
    this.rows += 1;
    if (found.length === 0) return;
    this.findings.push(...found);
    if (found.some(({ severity }) => severity === 'error')) this.invalid += 1;
  }
}

/** A line that is plainly a transaction and nothing else, which need not be parsed. */
function seenAlone(line: Uint8Array): NamedRecord | undefined {
  const seen = scanTransaction(line);
  if (seen?.restAt !== line.length - 1) return undefined;
  return { id: seen.transactionId, eventAt: seen.eventAt };
}

const noFields = {};
const unseen = (): undefined => undefined;

function namesIn(found: Readonly<Record<string, unknown>>, isSound: boolean): NamedRecord {
  const { transaction_id: id, event_time: time } = found;
  return { id, eventAt: isSound && typeof time === 'string' ? instantMs(time) : Number.NaN };
}

type Place = Pick<Finding, 'file' | 'line'>;

function finding(
  severity: Finding['severity'],
  { file, line }: Place,
  { field, value, reason }: RowFault | SequenceProblem,
): Finding {
  return { severity, file, line, field, value: value ?? null, reason };
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A file that breaks off is bad data; whatever else went wrong is no finding. */
function broken(cause: unknown, file: string, line: number, format: InputFormat): ValidatedRows {
  const isBadData =
    cause instanceof FraudstreamError ? cause.code === 'bad-data' : format === 'parquet';
  if (!isBadData) throw cause;
  const reason = `cannot be read (${messageOf(cause)})`;
  return {
    rows: 1,
    invalid: 1,
    findings: [{ severity: 'error', file, line, field: '', value: null, reason }],
  };
}
