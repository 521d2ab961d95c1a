import { errorKinds } from '../transactions/scoring-outcome.ts';
import type { ContractKeys, ContractNode, ContractSource } from './contract-node.ts';
import { envelopeKinds } from './envelopes.ts';
import { INSTANT_KEYS, instantOf } from './payload/field-format.ts';
import { codecForm, csvForm, jsonForm, type PayloadForm } from './payload/payload-form.ts';
import type { PayloadCodec } from './payload-codec.ts';
import { checkDistinct, codecKeys, pointerOf, separatorOf } from './section-keys.ts';
import type { Pointer } from './values/pointer.ts';
import { featurePlaces, verdictFeatures } from './verdict-features.ts';
import {
  RejectContract,
  type VerdictBytes,
  type VerdictCheck,
  VerdictContract,
  type VerdictSettings,
} from './verdicts-contract.ts';
import {
  type ContractScalar,
  type OutputForm,
  rejectWriter,
  verdictWriter,
} from './write-verdict.ts';

const FORMATS = ['json', 'csv', 'avro', 'protobuf'] as const;
const EMITS = ['every', 'frauds'] as const;
const FORM_KEYS = ['format', 'columns', 'separator', ...codecKeys];
const VERDICT_KEYS = [
  ...FORM_KEYS,
  ...[
    'id',
    'score',
    'decision',
    'error',
    'event-time',
    'arrived-at',
    'card-id',
    'model-version',
    'features',
    'emits',
    'checks',
    'unwrap',
  ],
];
const REJECT_KEYS = [...FORM_KEYS, 'id', 'reason', 'detail', 'record', 'unwrap'];

/** The `verdicts` of a contract. Errors: `bad-config` by line. */
export function verdictsOf(
  node: ContractNode,
  codec: PayloadCodec | undefined,
  source: ContractSource,
): VerdictContract {
  const keys = source.keys(node, '"verdicts"', VERDICT_KEYS);
  const { form, columns, output } = formOf(keys, codec, source);
  const at = (each: ContractNode, what: string): Pointer => {
    const pointer = pointerOf(each, what, source);
    checkColumn(pointer, each.line, what, columns, source);
    return pointer;
  };
  const emits = keys.optional('emits', (each, what) => source.word(each, what, EMITS)) ?? 'every';
  const settings: VerdictSettings = {
    id: at(keys.needed('id', 'id: /event/id'), '"id"'),
    score: keys.optional('score', (each) => scoreOf(each, at, source)),
    decision: keys.optional('decision', (each) => decisionOf(each, at, source)),
    error: keys.optional('error', (each) => errorOf(each, at, source)),
    eventTime: keys.optional('event-time', (each, what) => instantPlace(each, what, at, source)),
    arrivedAt: keys.optional('arrived-at', (each, what) => instantPlace(each, what, at, source)),
    cardId: keys.optional('card-id', at),
    features: keys.optional('features', (each) => verdictFeatures(each, at, source)),
    emits,
    checks: keys.optional('checks', (each) => checksOf(each, at, source)) ?? [],
    content: contentOf(keys, codec, columns, source),
  };
  if (!settings.score && !settings.decision && emits === 'every') {
    throw source.refused(
      node.line,
      '"verdicts" has neither "score" nor "decision": write score: /probability, or decision: { at: /action, fraud: [DECLINE] }',
    );
  }
  const modelVersion = keys.optional('model-version', at);
  const lines = (key: string): number => keys.lineOf(key);
  checkDistinct(
    [
      ['id', settings.id, lines('id')],
      ['score', settings.score?.at, lines('score')],
      ['decision', settings.decision?.at, lines('decision')],
      ['error', settings.error?.at, lines('error')],
      ['model-version', modelVersion, lines('model-version')],
      ...featurePlaces(settings.features, lines('features')),
    ],
    source,
  );
  const written = {
    ...{ ...settings, modelVersion, line: keys.line },
    decision: settings.decision && {
      at: settings.decision.at,
      line: lines('decision'),
      fraud: firstIn(keys, 'decision', 'fraud') as ContractScalar,
      genuine: firstIn(keys, 'decision', 'genuine'),
    },
    error: settings.error && { at: settings.error.at, none: firstIn(keys, 'error', 'none') },
  };
  return new VerdictContract(settings, form, () =>
    verdictWriter(written, output, errorKinds, source),
  );
}

/** The `rejects` of a contract. Errors: `bad-config` by line. */
export function rejectsOf(
  node: ContractNode,
  codec: PayloadCodec | undefined,
  source: ContractSource,
): RejectContract {
  const keys = source.keys(node, '"rejects"', REJECT_KEYS);
  const { form, columns, output } = formOf(keys, codec, source);
  const at = (each: ContractNode, what: string): Pointer => {
    const pointer = pointerOf(each, what, source);
    checkColumn(pointer, each.line, what, columns, source);
    return pointer;
  };
  const id = at(keys.needed('id', 'id: /original/id'), '"id"');
  const [reason, detail, record] = ['reason', 'detail', 'record'].map((key) =>
    keys.optional(key, at),
  );
  checkDistinct(
    [
      ['id', id, keys.lineOf('id')],
      ['reason', reason, keys.lineOf('reason')],
      ['detail', detail, keys.lineOf('detail')],
      ['record', record, keys.lineOf('record')],
    ],
    source,
  );
  const content = contentOf(keys, codec, columns, source);
  const written = { line: keys.line, id, reason, detail, record };
  return new RejectContract({ id, reason, content }, form, () =>
    rejectWriter(written, output, source),
  );
}

function contentOf(
  keys: ContractKeys,
  codec: PayloadCodec | undefined,
  columns: readonly string[] | undefined,
  source: ContractSource,
): VerdictBytes {
  return {
    isJson: !codec && !columns,
    isBinary: codec !== undefined,
    header: columns?.join(separatorOf(keys, source)),
    unwrap: keys.optional('unwrap', (each, what) => source.word(each, what, envelopeKinds)),
  };
}

function formOf(
  keys: ContractKeys,
  codec: PayloadCodec | undefined,
  source: ContractSource,
): {
  readonly form: PayloadForm;
  readonly columns: readonly string[] | undefined;
  readonly output: OutputForm;
} {
  const format =
    keys.optional('format', (each, what) => source.word(each, what, FORMATS)) ?? 'json';
  if (codec) {
    return { form: codecForm(codec), columns: undefined, output: { kind: 'codec', codec } };
  }
  if (format !== 'csv') {
    const odd = ['columns', 'separator', ...codecKeys].find((key) => keys.get(key) !== undefined);
    if (odd === undefined) return { form: jsonForm, columns: undefined, output: { kind: 'json' } };
    throw source.refused(
      keys.lineOf(odd),
      `"${odd}" does not apply to format ${format}: leave it out`,
    );
  }
  const node = keys.needed('columns', 'columns: [id, score, decision]');
  const columns = source.scalars(node, '"columns"').map(({ text }) => text);
  const twice = columns.find((name, index) => columns.indexOf(name) < index);
  if (twice !== undefined)
    throw source.refused(node.line, `the column "${twice}" occurs twice in "columns"`);
  const separator = separatorOf(keys, source);
  return {
    form: csvForm(columns, separator),
    columns,
    output: { kind: 'csv', columns, separator },
  };
}

/** The first value of a list within a mapping: the one that is written. */
function firstIn(keys: ContractKeys, section: string, key: string): ContractScalar | undefined {
  const node = keys.get(section);
  const list = node?.kind === 'map' ? node.entries.find((one) => one.key === key)?.node : undefined;
  const first = list?.kind === 'list' ? list.items[0] : list;
  return first?.kind === 'scalar' ? first.value : undefined;
}

function checkColumn(
  { steps, text }: Pointer,
  line: number,
  what: string,
  columns: readonly string[] | undefined,
  source: ContractSource,
): void {
  if (!columns || (steps.length === 1 && columns.includes(steps[0] as string))) return;
  throw source.refused(
    line,
    `${what} is ${text}, and there is no such column: there are ${columns.join(', ')}`,
  );
}

type PointerIn = (node: ContractNode, what: string) => Pointer;

function scoreOf(
  node: ContractNode,
  at: PointerIn,
  source: ContractSource,
): VerdictSettings['score'] {
  if (node.kind !== 'map') return { at: at(node, '"score"'), scale: 1 };
  const keys = source.keys(node, '"score"', ['at', 'scale']);
  const scale = keys.optional('scale', (each, what) => source.number(each, what)) ?? 1;
  if (!(scale > 0))
    throw source.refused(
      keys.lineOf('scale'),
      `"scale" is ${scale}, and must be the largest score: above 0, such as 100`,
    );
  return { at: at(keys.needed('at', 'at: /probability'), '"score"'), scale };
}

function decisionOf(
  node: ContractNode,
  at: PointerIn,
  source: ContractSource,
): VerdictSettings['decision'] {
  const example = 'decision: { at: /action, fraud: [DECLINE] }';
  if (node.kind !== 'map')
    throw source.refused(
      node.line,
      `"decision" must say which values are frauds: write ${example}`,
    );
  const keys = source.keys(node, '"decision"', ['at', 'fraud', 'genuine']);
  const values = (each: ContractNode, what: string): ReadonlySet<string> =>
    new Set(source.scalars(each, what).map(({ value }) => String(value)));
  const fraud = values(keys.needed('fraud', 'fraud: [DECLINE]'), '"fraud"');
  const genuine = keys.optional('genuine', values);
  const both = [...fraud].find((text) => genuine?.has(text));
  if (both !== undefined)
    throw source.refused(keys.lineOf('genuine'), `"${both}" is among "fraud" and among "genuine"`);
  if (fraud.size === 0)
    throw source.refused(keys.lineOf('fraud'), `"fraud" has no value: write ${example}`);
  return { at: at(keys.needed('at', 'at: /action'), '"decision"'), fraud, genuine };
}

function errorOf(
  node: ContractNode,
  at: PointerIn,
  source: ContractSource,
): VerdictSettings['error'] {
  if (node.kind !== 'map') return { at: at(node, '"error"'), none: new Set() };
  const keys = source.keys(node, '"error"', ['at', 'none']);
  const none = keys.optional('none', (each, what) => source.scalars(each, what)) ?? [];
  return {
    at: at(keys.needed('at', 'at: /error'), '"error"'),
    none: new Set(none.map(({ value }) => String(value))),
  };
}

function instantPlace(node: ContractNode, what: string, at: PointerIn, source: ContractSource) {
  const keys = node.kind === 'map' ? source.keys(node, what, ['at', ...INSTANT_KEYS]) : undefined;
  const place = keys ? keys.needed('at', 'at: /ts') : node;
  return { at: at(place, what), format: instantOf(keys, source) };
}

/** Figures are named so. */
const CHECK_NAME = /^[a-z][a-z0-9_]*$/;
const RESERVED = ['checked', 'examples', 'settled', 'sent', 'transactions', 'compared', 'labelled'];
/** A condition by what it is called in a contract. */
const conditions = [
  'in',
  'not-in',
  'equals',
  'below',
  'above',
  'at-least',
  'at-most',
  'present',
] as const;
/** Each check counts on its own: that many are enough for anybody. */
const MOST_CHECKS = 32;

function checksOf(
  node: ContractNode,
  at: PointerIn,
  source: ContractSource,
): readonly VerdictCheck[] {
  const { entries } = source.map(node, '"checks"');
  if (entries.length > MOST_CHECKS)
    throw source.refused(
      node.line,
      `there are ${entries.length} checks, and at most ${MOST_CHECKS} are counted`,
    );
  return entries.map(({ key, line, node: inner }) => {
    if (!CHECK_NAME.test(key)) {
      throw source.refused(
        line,
        `the check "${key}" must have a name of small letters, digits and underscores, such as fast_enough`,
      );
    }
    if (RESERVED.includes(key)) {
      throw source.refused(
        line,
        `a check cannot be called "${key}", which names a figure of all checks`,
      );
    }
    const keys = source.keys(inner, `the check "${key}"`, ['at', ...conditions]);
    const pointer = at(keys.needed('at', 'at: /timing/ms'), `"at" of the check "${key}"`);
    const given = conditions.filter((name) => keys.get(name) !== undefined);
    if (given.length === 0)
      throw source.refused(
        line,
        `the check "${key}" has no condition: write one of ${conditions.join(', ')}`,
      );
    const all = given.map((name) => conditionOf(name, keys.get(name) as ContractNode, source));
    return { name: key, at: pointer, holds: (value) => all.every((holds) => holds(value)) };
  });
}

type Holds = (value: unknown) => boolean;

function conditionOf(
  name: (typeof conditions)[number],
  node: ContractNode,
  source: ContractSource,
): Holds {
  const what = `"${name}"`;
  if (name === 'present') {
    const isWanted = source.truth(node, what);
    return (value) => isPresent(value) === isWanted;
  }
  if (name === 'in' || name === 'not-in' || name === 'equals') {
    if (name === 'equals' && node.kind !== 'scalar')
      throw source.refused(node.line, `${what} must be a single value`);
    const values = new Set(source.scalars(node, what).map(({ value }) => String(value)));
    const isIn: Holds = (value) => isSingle(value) && values.has(String(value));
    return name === 'not-in' ? (value) => isPresent(value) && !isIn(value) : isIn;
  }
  const limit = source.number(node, what);
  const compare: Readonly<Record<typeof name, (seen: number) => boolean>> = {
    below: (seen) => seen < limit,
    above: (seen) => seen > limit,
    'at-least': (seen) => seen >= limit,
    'at-most': (seen) => seen <= limit,
  };
  return (value) => compare[name](numberOf(value));
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function isSingle(value: unknown): boolean {
  return value !== undefined && typeof value !== 'object';
}

/** NaN, which no condition holds for, where it is no number. */
function numberOf(value: unknown): number {
  if (typeof value === 'string') return value.trim() === '' ? Number.NaN : Number(value);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}
