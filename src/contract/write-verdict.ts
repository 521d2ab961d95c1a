import { featureNames } from '../features/manifest.ts';
import { csvField } from '../text/csv.ts';
import type { ContractSource, ScalarNode } from './contract-node.ts';
import type { PayloadCodec } from './payload-codec.ts';
import type { InstantFormat } from './values/instant-format.ts';
import type { Pointer } from './values/pointer.ts';
import type { VerdictFeatures } from './verdict-features.ts';

/** A value of a contract as it stands in the file. */
export type ContractScalar = ScalarNode['value'];

/**
 * What the engine of this project says of one transaction.
 *
 * Without `error` there are a score, a probability, and a decision. Units: instants are epoch milliseconds.
 */
export interface EngineVerdict {
  readonly transactionId: string;
  readonly cardId: string;
  readonly eventAt: number;
  readonly scoredAt: number;
  readonly score: number;
  readonly isFraud: boolean;
  readonly error: string | undefined;
  readonly modelVersion: string | undefined;
  /** NaN where missing; undefined where the endpoint computes them. */
  readonly features: ArrayLike<number> | undefined;
}

/** A transaction that got no score, or bytes that are no transaction. */
export interface EngineReject {
  readonly transactionId: string | undefined;
  readonly error: string;
  readonly detail: string;
  /** The record as text. */
  readonly record: string;
}

/** The record of a verdict or of a dead letter: text, or bytes of a codec; undefined for one that is not written. */
export type WriteRecord<Subject> = (subject: Subject) => string | Uint8Array | undefined;

/** How the values of a record become its bytes. */
export type OutputForm =
  | { readonly kind: 'json' }
  | { readonly kind: 'csv'; readonly columns: readonly string[]; readonly separator: string }
  | { readonly kind: 'codec'; readonly codec: PayloadCodec };

/** Where the parts of a verdict stand when it is written. */
export interface WrittenVerdict {
  readonly line: number;
  readonly id: Pointer;
  readonly cardId: Pointer | undefined;
  readonly eventTime: { readonly at: Pointer; readonly format: InstantFormat } | undefined;
  readonly arrivedAt: { readonly at: Pointer; readonly format: InstantFormat } | undefined;
  readonly score: { readonly at: Pointer; readonly scale: number } | undefined;
  /** The first value of each list is the one that is written. */
  readonly decision:
    | {
        readonly at: Pointer;
        readonly line: number;
        readonly fraud: ContractScalar;
        readonly genuine: ContractScalar | undefined;
      }
    | undefined;
  readonly error: { readonly at: Pointer; readonly none: ContractScalar | undefined } | undefined;
  readonly modelVersion: Pointer | undefined;
  readonly features: VerdictFeatures | undefined;
  readonly emits: 'every' | 'frauds';
}

/** Where the parts of a dead letter stand when it is written. */
export interface WrittenReject {
  readonly line: number;
  readonly id: Pointer;
  readonly reason: Pointer | undefined;
  readonly detail: Pointer | undefined;
  readonly record: Pointer | undefined;
}

/** A value of a record; undefined is left out. */
type Value = ContractScalar | bigint | undefined | readonly (number | null)[];
type Part<Subject> = {
  readonly at: Pointer;
  readonly name: string;
  readonly value: (subject: Subject) => Value;
};

/**
 * Compiles how verdicts are written in the form of a contract.
 *
 * A value that a verdict does not have is left out. A verdict without score is written where the contract has an `error`.
 * Of `emits: frauds` only frauds are written. `errors` are the codes that a verdict can have.
 * Errors: `bad-config`, with the line, for a contract that can be read but not written, and for values that do not fit its schema.
 */
export function verdictWriter(
  written: WrittenVerdict,
  form: OutputForm,
  errors: readonly string[],
  source: ContractSource,
): WriteRecord<EngineVerdict> {
  const { line, error, emits, decision } = written;
  if (decision && decision.genuine === undefined && emits === 'every') {
    const what =
      'verdicts are written, and "decision" lacks "genuine": write genuine: [APPROVE]; its first value is written';
    throw source.refused(decision.line, what);
  }
  const makes = scoreWriters.map((scoreWriter) =>
    recordWriter(verdictParts(written, scoreWriter), form, line, source),
  );
  const samples = samplesOf(written, errors);
  const write = firstThatFits(makes, samples, form, line, source);
  return (verdict) => {
    if (emits === 'frauds' && (verdict.error !== undefined || !verdict.isFraud)) return undefined;
    if (verdict.error !== undefined && !error) return undefined;
    return write(verdict);
  };
}

/** Compiles how dead letters are written. Errors: as those of `verdictWriter`. */
export function rejectWriter(
  { line, id, reason, detail, record }: WrittenReject,
  form: OutputForm,
  source: ContractSource,
): WriteRecord<EngineReject> {
  const parts = (ofUnread: string | undefined): readonly Part<EngineReject>[] => [
    { at: id, name: 'id', value: ({ transactionId }) => transactionId ?? ofUnread },
    ...part<EngineReject>(reason, 'reason', ({ error }) => error),
    ...part<EngineReject>(detail, 'detail', (letter) => letter.detail),
    ...part<EngineReject>(record, 'record', (letter) => letter.record),
  ];
  const sample = { error: 'bad_data', detail: 'x', record: '{}' };
  const samples = [undefined, 'x'].map((transactionId) => ({ ...sample, transactionId }));
  // Where a schema wants an id, bytes without one have an empty text.
  const makes = [undefined, ''].map((ofUnread) =>
    recordWriter(parts(ofUnread), form, line, source),
  );
  return firstThatFits(makes, samples, form, line, source);
}

function part<Subject>(
  at: Pointer | undefined,
  name: string,
  value: (subject: Subject) => Value,
): readonly Part<Subject>[] {
  return at ? [{ at, name, value }] : [];
}

type ScoreWriter = (score: number) => number | string;

const MOST_DECIMALS = 15;

/** How a score is written: the first form that the schema takes. Only codecs have schemas. */
const scoreWriters: readonly ScoreWriter[] = [
  (score) => score,
  Math.fround,
  String,
  ...Array.from(
    { length: MOST_DECIMALS },
    (_, index) => (score: number) => score.toFixed(MOST_DECIMALS - index),
  ),
  Math.round,
];

function verdictParts(
  { id, cardId, eventTime, arrivedAt, score, decision, error, ...others }: WrittenVerdict,
  scoreWriter: ScoreWriter,
): readonly Part<EngineVerdict>[] {
  const scored =
    (value: (verdict: EngineVerdict) => Value) =>
    (verdict: EngineVerdict): Value =>
      verdict.error === undefined ? value(verdict) : undefined;
  return [
    { at: id, name: 'id', value: ({ transactionId }) => transactionId },
    ...part<EngineVerdict>(cardId, 'card-id', (verdict) => verdict.cardId),
    ...part<EngineVerdict>(eventTime?.at, 'event-time', ({ eventAt }) =>
      eventTime?.format.write(eventAt),
    ),
    ...part(
      score?.at,
      'score',
      scored((verdict) => scoreWriter(verdict.score * (score?.scale ?? 1))),
    ),
    ...part(
      decision?.at,
      'decision',
      scored(({ isFraud }) => (isFraud ? decision?.fraud : decision?.genuine)),
    ),
    ...part<EngineVerdict>(error?.at, 'error', (verdict) => verdict.error ?? error?.none),
    ...part<EngineVerdict>(others.modelVersion, 'model-version', (verdict) => verdict.modelVersion),
    ...(others.features ? featureParts(others.features) : []),
    ...part<EngineVerdict>(arrivedAt?.at, 'arrived-at', ({ scoredAt }) =>
      arrivedAt?.format.write(scoredAt),
    ),
  ];
}

function featureParts(places: VerdictFeatures): readonly Part<EngineVerdict>[] {
  if ('at' in places) {
    return part(places.at, 'features', ({ features }) => listOf(features));
  }
  return [...places.byName].map(([name, at]) => {
    const index = featureNames.indexOf(name);
    const value = ({ features }: EngineVerdict): number | undefined => {
      const found = features?.[index];
      return found === undefined || Number.isNaN(found) ? undefined : found;
    };
    return { at, name: `the feature ${name}`, value };
  });
}

function listOf(features: ArrayLike<number> | undefined): readonly (number | null)[] | undefined {
  return features && Array.from(features, (value) => (Number.isNaN(value) ? null : value));
}

const SAMPLE_AT = Date.UTC(2026, 0, 31);

/** Verdicts of every kind that can be written. */
function samplesOf({ emits, error }: WrittenVerdict, errors: readonly string[]): EngineVerdict[] {
  const sample = {
    ...{ transactionId: 'x', cardId: 'x', eventAt: SAMPLE_AT, scoredAt: SAMPLE_AT },
    ...{ score: 1, isFraud: true, error: undefined, modelVersion: '1', features: [0.5] },
  };
  const third = { ...sample, score: 1 / 3 };
  if (emits === 'frauds') return [sample, third];
  const failed = error ? errors.map((code) => ({ ...sample, error: code })) : [];
  return [sample, { ...third, isFraud: false }, ...failed];
}

function firstThatFits<Subject>(
  writers: readonly WriteRecord<Subject>[],
  samples: readonly Subject[],
  form: OutputForm,
  line: number,
  source: ContractSource,
): WriteRecord<Subject> {
  const [first] = writers as readonly [WriteRecord<Subject>];
  if (form.kind !== 'codec') return first;
  const fits = writers.find((write) => {
    try {
      for (const sample of samples) write(sample);
      return true;
    } catch {
      return false;
    }
  });
  if (fits) return fits;
  return source.at(line, () => {
    for (const sample of samples) first(sample);
    return first;
  });
}

/** A record, or a part of it: an object, a list, or one of its values. */
type Shape<Subject> =
  | { readonly kind: 'value'; readonly value: (subject: Subject) => Value }
  | { readonly kind: 'list'; readonly items: readonly Shape<Subject>[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Shape<Subject>])[] };

/** What stands below the steps of pointers. */
type Group<Subject> = Map<string, Group<Subject> | Part<Subject>>;

function recordWriter<Subject>(
  parts: readonly Part<Subject>[],
  form: OutputForm,
  line: number,
  source: ContractSource,
): WriteRecord<Subject> {
  if (form.kind === 'csv') return rowWriter(parts, form, line, source);
  const root: Group<Subject> = new Map();
  for (const part of parts) {
    const { at, name } = part;
    const path = [...at.steps];
    const last = path.pop() as string;
    const group = groupAt(root, path);
    if (!group || group.has(last)) {
      throw source.refused(
        line,
        `${name} is at ${at.text}, where there is another value already: to write both, give each its own path`,
      );
    }
    group.set(last, part);
  }
  const shape = shapeOf(root, line, source);
  if (form.kind === 'codec') {
    const value = valueWriter(shape);
    return (subject) => form.codec.encode(value(subject));
  }
  return textWriter(shape);
}

function groupAt<Subject>(
  root: Group<Subject>,
  path: readonly string[],
): Group<Subject> | undefined {
  let group = root;
  for (const step of path) {
    const found = group.get(step) ?? new Map();
    if (!(found instanceof Map)) return undefined;
    group.set(step, found);
    group = found;
  }
  return group;
}

/** A list where all names are indexes, else an object. Errors: `bad-config` for a list with gaps. */
function shapeOf<Subject>(
  group: Group<Subject>,
  line: number,
  source: ContractSource,
): Shape<Subject> {
  const members = [...group].map(([name, found]): readonly [string, Shape<Subject>] => [
    name,
    found instanceof Map ? shapeOf(found, line, source) : { kind: 'value', value: found.value },
  ]);
  const names = members.map(([name]) => name);
  if (!names.every((name) => /^(0|[1-9]\d*)$/.test(name))) return { kind: 'object', members };
  const gap = names.findIndex((_, index) => !group.has(String(index)));
  if (gap >= 0) {
    const what = `a list that is written has the items ${names.join(', ')}, and lacks item ${gap}`;
    throw source.refused(line, what);
  }
  const inOrder = members.sort(([a], [b]) => Number(a) - Number(b));
  return { kind: 'list', items: inOrder.map(([, item]) => item) };
}

function valueWriter<Subject>(shape: Shape<Subject>): (subject: Subject) => unknown {
  if (shape.kind === 'value') return shape.value;
  if (shape.kind === 'list') {
    const items = shape.items.map((item) => valueWriter(item));
    return (subject) => items.map((item) => item(subject) ?? null);
  }
  const members = shape.members.map(([name, inner]) => [name, valueWriter(inner)] as const);
  return (subject) => {
    const made: Record<string, unknown> = {};
    for (const [name, inner] of members) {
      const value = inner(subject);
      if (value !== undefined && value !== null) made[name] = value;
    }
    return made;
  };
}

/** JSON in the order of the parts, whatever their names; undefined for a value that is left out. */
function textWriter<Subject>(shape: Shape<Subject>): (subject: Subject) => string | undefined {
  if (shape.kind === 'value') {
    return (subject) => {
      const value = shape.value(subject);
      if (value === undefined) return undefined;
      return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
    };
  }
  if (shape.kind === 'list') {
    const items = shape.items.map((item) => textWriter(item));
    return (subject) => `[${items.map((item) => item(subject) ?? 'null').join(',')}]`;
  }
  const members = shape.members.map(([name, inner]) => ({
    key: `${JSON.stringify(name)}:`,
    text: textWriter(inner),
  }));
  return (subject) => {
    let json = '';
    for (const { key, text } of members) {
      const value = text(subject);
      if (value !== undefined) json += `${json === '' ? '' : ','}${key}${value}`;
    }
    return `{${json}}`;
  };
}

function rowWriter<Subject>(
  parts: readonly Part<Subject>[],
  { columns, separator }: OutputForm & { readonly kind: 'csv' },
  line: number,
  source: ContractSource,
): WriteRecord<Subject> {
  if (parts.some(({ name }) => name === 'features')) {
    throw source.refused(line, '"features" is a list, which a column of CSV cannot have');
  }
  const cells = columns.map((column) => parts.find(({ at }) => at.steps[0] === column));
  return (subject) => {
    const texts = cells.map((cell) => {
      const value = cell?.value(subject);
      return value === undefined || value === null ? '' : csvField(String(value), separator);
    });
    return texts.join(separator);
  };
}
