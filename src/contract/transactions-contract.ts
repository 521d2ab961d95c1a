import { FraudstreamError } from '../errors.ts';
import type { Problem } from '../transactions/field-checks.ts';
import { instantMs } from '../transactions/instant.ts';
import type { Label } from '../transactions/label.ts';
import {
  parseTransaction,
  schemaVersionOf,
  type Transaction,
  transactionProblems,
} from '../transactions/transaction.ts';
import type { FoundFields, PayloadField } from './payload/field-format.ts';
import { fieldReaders } from './payload/field-readers.ts';
import { csvForm, jsonForm, type PayloadForm } from './payload/payload-form.ts';
import {
  type FieldAtPath,
  fieldsByPath,
  hasCounter,
  type PayloadTemplate,
} from './payload/template.ts';
import { codecWriter, csvWriter, jsonWriter, type WritePayload } from './payload/write-payload.ts';
import type { DecodedPayload, PayloadCodec } from './payload-codec.ts';
import { identifierText } from './values/identifier.ts';
import type { InstantFormat } from './values/instant-format.ts';
import { NumberText } from './values/number-text.ts';
import { type Pointer, readAt } from './values/pointer.ts';
import { UnreadableValue } from './values/unreadable-value.ts';

/** The forms that transactions of a contract can have; `raw` are records that are no transactions. */
export type TransactionFormat = 'json' | 'csv' | 'avro' | 'protobuf' | 'raw';

/** Where the truth stands in records of files; it is never sent. */
export interface TruthPlaces {
  readonly isFraud: Pointer;
  readonly fraud: ReadonlySet<string>;
  readonly genuine: ReadonlySet<string>;
  readonly scenario: Pointer | undefined;
  readonly reportedAt: { readonly at: Pointer; readonly format: InstantFormat } | undefined;
}

/** Where the three things stand that a record needs to be sent. */
export interface RawPlaces {
  readonly id: Pointer;
  readonly eventTime: Pointer;
  readonly time: InstantFormat;
  readonly partitionKey: Pointer;
}

/** What the key of a record is: a field, or a constant. */
export type PartitionKey = { readonly field: keyof Transaction } | { readonly constant: string };

/** What a contract says of transactions, after all of it has been checked. */
export interface TransactionSettings {
  readonly format: TransactionFormat;
  /** Undefined for `raw`. */
  readonly shape: PayloadTemplate | undefined;
  readonly raw: RawPlaces | undefined;
  readonly codec: PayloadCodec | undefined;
  readonly separator: string;
  readonly omitsNull: boolean;
  readonly partitionKey: PartitionKey;
  readonly constants: Readonly<Record<string, unknown>>;
  readonly truth: TruthPlaces | undefined;
}

/**
 * A record in the user's form.
 *
 * `data` is what is sent: the bytes of the record without the truth. `transaction` is undefined where the
 * contract has not all that a transaction needs.
 */
export interface ContractRecord {
  readonly id: string;
  readonly partitionKey: string;
  readonly eventAt: number;
  readonly data: Uint8Array;
  readonly transaction: Transaction | undefined;
  readonly label: Label | undefined;
}

const REQUIRED = ['transaction_id', 'event_time', 'card_id', 'amount_minor', 'currency'] as const;
const MOST_KEY_CHARACTERS = 256;

function keyReader(key: PartitionKey): (transaction: Transaction) => string {
  if ('constant' in key) return () => key.constant;
  const valueIn: (transaction: Transaction) => unknown = fieldReaders[key.field];
  return (transaction) => String(valueIn(transaction) ?? '');
}

/** Writes and reads the payloads of transactions in the user's form. */
export class TransactionContract {
  readonly format: TransactionFormat;
  /** What reading does not give back of what was written. */
  readonly notes: readonly string[];
  /** Required fields of a transaction that the payload does not have. */
  readonly lacks: readonly string[];
  /** The names of the columns; undefined where the format has none. */
  readonly columns: readonly string[] | undefined;
  readonly separator: string;
  readonly #settings: TransactionSettings;
  readonly #form: PayloadForm;
  readonly #keyIn: (transaction: Transaction) => string;
  #sent: TransactionContract | undefined;
  /** Amounts last: they are read with their currency. */
  readonly #fields: readonly FieldAtPath[];

  constructor(
    settings: TransactionSettings,
    form: PayloadForm,
    columns: readonly string[] | undefined,
  ) {
    const { format, shape, separator, constants } = settings;
    this.format = format;
    this.columns = columns;
    this.separator = separator;
    this.#settings = settings;
    this.#form = form;
    this.#keyIn = keyReader(settings.partitionKey);
    const fieldPaths = shape ? fieldsByPath(shape) : [];
    const first = fieldPaths.filter(
      ({ field }, index) =>
        fieldPaths.findIndex((one) => one.field.target === field.target) === index,
    );
    this.#fields = [...first].sort((a, b) => Number(isAmount(a)) - Number(isAmount(b)));
    const known = new Set<string>([
      ...first.map(({ field }) => field.target),
      ...Object.keys(constants),
    ]);
    this.lacks = REQUIRED.filter((name) => !known.has(name));
    this.notes = [
      ...first.flatMap(({ field }) => field.loss ?? []),
      ...(shape && this.lacks.length > 0
        ? [`no transaction can be read: the payload lacks ${this.lacks.join(', ')}`]
        : []),
    ];
  }

  /** True where every transaction that is written is read as the same, but for fields that the payload lacks. */
  get isInvertible(): boolean {
    return this.#settings.shape !== undefined && this.notes.length === 0;
  }

  /** True where what is written depends on how many were written before. */
  get isCounted(): boolean {
    return this.#settings.shape !== undefined && hasCounter(this.#settings.shape);
  }

  /** The fields that the payload carries. */
  get fields(): readonly PayloadField[] {
    return this.#fields.map(({ field }) => field.name);
  }

  /** True where records are no lines of text: in files each is a line of Base64. */
  get isBinary(): boolean {
    return this.format === 'avro' || this.format === 'protobuf';
  }

  /** The same contract for rows whose columns are in this order. Errors: the columns that are not there. */
  withColumns(
    columns: readonly string[],
  ): TransactionContract | { readonly absent: readonly string[] } {
    const { truth, raw } = this.#settings;
    const wanted = [
      ...this.#fields.map(({ steps }) => steps.join('/')),
      ...[
        raw?.id,
        raw?.eventTime,
        raw?.partitionKey,
        ...(truth ? truthPointers(truth) : []),
      ].flatMap((pointer) => (pointer ? [columnName(pointer)] : [])),
    ];
    const absent = wanted.filter((name) => !columns.includes(name));
    if (absent.length > 0) return { absent };
    return new TransactionContract(this.#settings, csvForm(columns, this.separator), columns);
  }

  /** The same contract for what is sent: records without the truth. */
  get sent(): TransactionContract {
    const { truth } = this.#settings;
    if (!truth) return this;
    this.#sent ??= this.#withoutTruthPlaces(truth);
    return this.#sent;
  }

  #withoutTruthPlaces(truth: TruthPlaces): TransactionContract {
    const settings = { ...this.#settings, truth: undefined };
    if (!this.columns) return new TransactionContract(settings, this.#form, undefined);
    const removed = truthPointers(truth).map(columnName);
    const columns = this.columns.filter((name) => !removed.includes(name));
    return new TransactionContract(settings, csvForm(columns, this.separator), columns);
  }

  /** Opens a writer; the same seed draws the same values. Errors: `usage` for a contract without a payload. */
  writer(seed: number): WritePayload {
    const { shape, codec, omitsNull, separator, format } = this.#settings;
    if (!shape) {
      const message =
        'The contract has transactions of format raw, which can only be sent from files: give --input, or a contract with a payload.';
      throw new FraudstreamError('usage', message);
    }
    if (codec) return codecWriter(shape, codec, seed);
    if (format === 'csv')
      return csvWriter(shape as PayloadTemplate & { kind: 'object' }, separator, seed);
    return jsonWriter(shape, omitsNull, seed);
  }

  /** The partition key of a transaction. */
  keyOf(transaction: Transaction): string {
    return this.#keyIn(transaction);
  }

  /** The value in the bytes of a record, or why they have none. */
  parse(bytes: Uint8Array): DecodedPayload {
    return this.#form.parse(bytes);
  }

  /** The record that bytes are. */
  decode(bytes: Uint8Array): ContractRecord | { readonly problem: Problem } {
    const parsed = this.#form.parse(bytes);
    if ('reason' in parsed) {
      return { problem: { field: '', value: undefined, reason: parsed.reason } };
    }
    return this.read(parsed.value, bytes);
  }

  /** The record that a parsed value is, or the first reason why it is none. */
  read(value: unknown, bytes: Uint8Array): ContractRecord | { readonly problem: Problem } {
    const { found, problems } = this.#found(value, bytes);
    const [problem] = problems;
    if (problem) return { problem };
    const result = this.lacks.length === 0 ? parseTransaction(found) : undefined;
    if (result && 'problem' in result) return { problem: this.#atPointer(result.problem, value) };
    return this.#record(found, result?.transaction, value, bytes);
  }

  /** Every reason why a parsed value is no record of this contract. */
  problems(value: unknown, bytes: Uint8Array): readonly Problem[] {
    const { found, problems } = this.#found(value, bytes);
    const faulty = new Set(problems.map(({ field }) => field));
    const others = this.lacks.length === 0 ? transactionProblems(found) : [];
    const all = [
      ...problems,
      ...others
        .map((other) => this.#atPointer(other, value))
        .filter(({ field }) => !faulty.has(field)),
    ];
    if (all.length > 0) return all;
    const record = this.#record(found, undefined, value, bytes);
    return 'problem' in record ? [record.problem] : [];
  }

  /** The bytes at another event time; all others stay. */
  moved(data: Uint8Array, eventAt: number): Uint8Array {
    const { raw } = this.#settings;
    if (raw) return this.#form.set(data, this.#stepsOf(raw.eventTime), raw.time.write(eventAt));
    let moved = data;
    for (const { steps, field } of this.#pathsOf('event_time')) {
      if (field.instant) moved = this.#form.set(moved, steps, field.instant.write(eventAt));
    }
    return moved;
  }

  /** The bytes with another id; all others stay. */
  renamed(data: Uint8Array, id: string): Uint8Array {
    const { raw } = this.#settings;
    if (raw) return this.#form.set(data, this.#stepsOf(raw.id), id);
    return this.#pathsOf('transaction_id').reduce(
      (renamed, { steps }) => this.#form.set(renamed, steps, id),
      data,
    );
  }

  #pathsOf(name: string): readonly FieldAtPath[] {
    const { shape } = this.#settings;
    return shape ? fieldsByPath(shape).filter(({ field }) => field.name === name) : [];
  }

  #found(
    value: unknown,
    bytes: Uint8Array,
  ): { readonly found: FoundFields; readonly problems: readonly Problem[] } {
    const found: FoundFields = { schema_version: 1, ...this.#settings.constants };
    const problems: Problem[] = [];
    if (typeof value !== 'object' || value === null) {
      return { found, problems: [{ field: '', value, reason: 'must be an object' }] };
    }
    for (const place of this.#fields) {
      const seen = valueAt(place.steps, value);
      if (seen === undefined || seen === null) continue;
      const reason = this.#set(place, seen, found, bytes);
      if (reason !== undefined)
        problems.push({ field: pointerText(place.steps), value: seen, reason });
    }
    found.schema_version = schemaVersionOf(found);
    return { found, problems };
  }

  #set(
    { field, steps }: FieldAtPath,
    seen: unknown,
    found: FoundFields,
    bytes: Uint8Array,
  ): string | undefined {
    const given = this.#exact(seen, steps, bytes, field.isText);
    const value = field.isText ? textOf(given, field.name) : given;
    const reason = value instanceof UnreadableValue ? value.reason : field.read(value, found);
    return reason === undefined ? undefined : `${withContractKeys(reason)} (${field.name})`;
  }

  /** A number that a double may not hold as it was written. */
  #exact(seen: unknown, steps: readonly string[], bytes: Uint8Array, isText: boolean): unknown {
    if (typeof seen === 'bigint') {
      const number = Number(seen);
      return Number.isSafeInteger(number) ? number : new NumberText(String(seen));
    }
    if (typeof seen !== 'number' || (!isText && isExactNumber(seen))) return seen;
    const text = this.#form.source(bytes, steps);
    return text === undefined ? seen : new NumberText(text);
  }

  #atPointer({ field, value, reason }: Problem, whole: unknown): Problem {
    const place = this.#fields.find((one) => one.field.target === field);
    if (!place) return { field, value, reason };
    const seen = valueAt(place.steps, whole);
    return {
      field: pointerText(place.steps),
      value: seen,
      reason: `${reason} (${place.field.name})`,
    };
  }

  #record(
    found: FoundFields,
    transaction: Transaction | undefined,
    value: unknown,
    bytes: Uint8Array,
  ): ContractRecord | { readonly problem: Problem } {
    const { raw } = this.#settings;
    const id = raw ? this.#rawText(raw.id, value, bytes) : found.transaction_id;
    if (!isKey(id)) return misfit(raw?.id.text ?? this.#pointerTo('transaction_id'), id, NO_ID);
    const eventAt = this.#eventAt(found, value, bytes);
    if (typeof eventAt !== 'number') return { problem: eventAt };
    const fields = found as unknown as Transaction;
    const key = raw ? this.#rawText(raw.partitionKey, value, bytes) : this.keyOf(fields);
    if (!isKey(key)) return misfit(raw?.partitionKey.text ?? 'partition-key', key, NO_KEY);
    const truth = this.#truth(id, found, value);
    if ('problem' in truth) return truth;
    const { label } = truth;
    return { id, partitionKey: key, eventAt, data: this.#withoutTruth(bytes), transaction, label };
  }

  #pointerTo(name: PayloadField): string {
    return pointerText(this.#pathsOf(name)[0]?.steps ?? []);
  }

  #eventAt(found: FoundFields, value: unknown, bytes: Uint8Array): number | Problem {
    const { raw } = this.#settings;
    if (!raw) {
      const eventAt = instantMs(String(found.event_time));
      if (!Number.isNaN(eventAt)) return eventAt;
      const [field, seen] = [this.#pointerTo('event_time'), found.event_time];
      return { field, value: seen, reason: 'must be an instant (event_time)' };
    }
    const seen = readAt(raw.eventTime, value);
    const eventAt = raw.time.read(this.#exact(seen, raw.eventTime.steps, bytes, false));
    if (typeof eventAt === 'number') return eventAt;
    return { field: raw.eventTime.text, value: seen, reason: withContractKeys(eventAt.reason) };
  }

  #rawText(pointer: Pointer, value: unknown, bytes: Uint8Array): string | undefined {
    const text = textOf(this.#exact(readAt(pointer, value), pointer.steps, bytes, true), 'card_id');
    return text instanceof UnreadableValue ? undefined : text;
  }

  #truth(
    id: string,
    { merchant_id: merchant }: FoundFields,
    value: unknown,
  ): { readonly label: Label | undefined } | { readonly problem: Problem } {
    const { truth } = this.#settings;
    const seen = truth && readAt(truth.isFraud, value);
    if (!truth || !isThere(seen)) return { label: undefined };
    const text = String(seen).toLowerCase();
    const isFraud = truth.fraud.has(text);
    if (!isFraud && !truth.genuine.has(text)) {
      const known = [...truth.fraud, ...truth.genuine].join(', ');
      return misfit(truth.isFraud.text, seen, `must be one of ${known}`);
    }
    const reported = reportedAt(truth, value);
    if ('problem' in reported) return reported;
    const scenario = truth.scenario && readAt(truth.scenario, value);
    return {
      label: {
        transaction_id: id,
        is_fraud: isFraud,
        ...(isThere(scenario) && { fraud_scenario: String(scenario) }),
        ...reported,
        ...(isFraud && typeof merchant === 'string' && { merchant_id: merchant }),
      },
    };
  }

  #withoutTruth(bytes: Uint8Array): Uint8Array {
    const { truth } = this.#settings;
    if (!truth) return bytes;
    // From the last to the first: a row of CSV has its columns by their number.
    const pointers = truthPointers(truth);
    return withoutAll(
      bytes,
      pointers.map((one) => this.#stepsOf(one)),
      this.#form,
      this.columns,
    );
  }

  /** A column is one name, also where the pointer to it has dots. */
  #stepsOf(pointer: Pointer): readonly string[] {
    return this.columns ? [columnName(pointer)] : pointer.steps;
  }
}

function truthPointers({ isFraud, scenario, reportedAt }: TruthPlaces): readonly Pointer[] {
  return [isFraud, scenario, reportedAt?.at].flatMap((pointer) => pointer ?? []);
}

function columnName({ text, steps, isDotted }: Pointer): string {
  return isDotted ? text : steps.join('/');
}

function reportedAt(
  { reportedAt: place }: TruthPlaces,
  value: unknown,
): { readonly reported_at?: string } | { readonly problem: Problem } {
  const seen = place && readAt(place.at, value);
  if (!place || !isThere(seen)) return {};
  const at = place.format.read(seen);
  if (typeof at === 'number') return { reported_at: new Date(at).toISOString() };
  return misfit(place.at.text, seen, withContractKeys(at.reason));
}

const NO_ID = `must be an id of 1 to ${MOST_KEY_CHARACTERS} characters`;
const NO_KEY = `must be a partition key of 1 to ${MOST_KEY_CHARACTERS} characters`;

function isKey(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= MOST_KEY_CHARACTERS;
}

function misfit(field: string, value: unknown, reason: string): { readonly problem: Problem } {
  return { problem: { field, value, reason } };
}

function withoutAll(
  bytes: Uint8Array,
  places: readonly (readonly string[])[],
  form: PayloadForm,
  columns: readonly string[] | undefined,
): Uint8Array {
  const indexOf = (steps: readonly string[]): number => columns?.indexOf(steps.join('/')) ?? 0;
  const ordered = [...places].sort((a, b) => indexOf(a) - indexOf(b));
  return ordered.reduceRight((left, steps) => form.remove(left, steps), bytes);
}

function isAmount({ field }: FieldAtPath): boolean {
  return field.name === 'amount' || field.name === 'billing_amount';
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Reasons name the settings of a mapping; in a contract they have other names. */
function withContractKeys(reason: string): string {
  return reason.replace('amount-rounding:', 'rounding:').replace('time-format:', 'as:');
}

/** Below this a double has four decimals. */
const EXACT_BELOW = 2 ** 40;

function isExactNumber(value: number): boolean {
  return Number.isSafeInteger(value) || Math.abs(value) < EXACT_BELOW;
}

const identifiers: ReadonlySet<string> = new Set(['transaction_id', 'card_id', 'merchant_id']);

/** A text as it stands; of an identifier not one that stands for a missing value. */
function textOf(value: unknown, name: string): string | UnreadableValue {
  if (typeof value === 'string' && !identifiers.has(name)) return value;
  return identifierText(value);
}

function valueAt(steps: readonly string[], value: unknown): unknown {
  let found = value;
  for (const step of steps) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step))
      return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

/** A pointer as RFC 6901 writes it. */
export function pointerText(steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The form of payloads before the columns of a file are known. */
export function formOf(
  {
    codec,
    format,
    separator,
  }: Pick<TransactionSettings, 'format' | 'separator'> & {
    readonly codec: PayloadForm | undefined;
  },
  columns: readonly string[] | undefined,
): PayloadForm {
  if (codec) return codec;
  return format === 'csv' && columns ? csvForm(columns, separator) : jsonForm;
}
