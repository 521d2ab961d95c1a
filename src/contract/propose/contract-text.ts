import { headerLines, remarkOf, unassignedLines } from './mapping-text.ts';
import type { Proposal, ProposedField } from './propose.ts';
import type { SampledField } from './sampled-field.ts';
import { yamlList, yamlMap, yamlText } from './yaml-text.ts';

/** What a contract is written for. */
export interface ContractTextSettings {
  /** What was sampled. */
  readonly origin: string;
  readonly format: 'json' | 'csv';
  /** Of CSV. */
  readonly separator?: string | undefined;
}

const truthTargets: ReadonlySet<string> = new Set(['is_fraud', 'fraud_scenario', 'reported_at']);

/** Why a contract cannot say what a mapping can; undefined where it can. */
export function contractMisfit({ fields, constants }: Proposal): string | undefined {
  const has = (target: string): boolean => fields.some((field) => field.target === target);
  if (fields.some(({ isHashed }) => isHashed))
    return 'the only card is a card number, to be hashed';
  if (fields.some(({ columns }) => columns.length > 1)) return 'a field is made of several';
  if (!has('transaction_id')) return 'no field identifies a transaction';
  if (!has('event_time')) return 'no field is the time of the transaction';
  if (fields.some(({ amount }) => amount?.isNegative)) return 'there are amounts below 0';
  const needed = fields.filter(({ unpaired = [] }) => unpaired.length === 0);
  const twice = needed.find(({ values = [] }) => new Set(values.map(last)).size < values.length);
  if (twice) return `several values stand for one of ${twice.target}`;
  return constants.some(({ target }) => target === 'card_id') ? 'no field is a card' : undefined;
}

/** A proposal as the YAML of a contract. */
export function contractText(proposal: Proposal, settings: ContractTextSettings): string {
  const { origin, format, separator } = settings;
  const lines = [
    ...headerLines(proposal, origin),
    'transactions:',
    ...(format === 'csv' ? ['  format: csv'] : []),
    ...(separator === undefined ? [] : [`  separator: ${JSON.stringify(separator)}`]),
    '  payload:',
    ...memberLines(treeOf(proposal), '    ', proposal),
    ...constantLines(proposal),
    ...truthLines(proposal),
    ...unassignedLines(proposal),
    '# What your pipeline answers: take the # away and write your paths.',
    '# verdicts:',
    '#   id: /transactionId',
    '#   score: { at: /score, scale: 1 }',
    '#   decision: { at: /decision, fraud: [DECLINE, REVIEW] }',
    '# rejects: { id: /transactionId, reason: /error }',
  ];
  return `${lines.join('\n')}\n`;
}

/** The names of a record: a field, or more names. */
type Tree = Map<string, Tree | SampledField>;

function treeOf({ all, fields, cardNumbers }: Proposal): Tree {
  const truths = fields
    .filter(({ target }) => truthTargets.has(target))
    .flatMap(({ columns }) => columns);
  const tree: Tree = new Map();
  for (const field of all) {
    if (truths.includes(field) || cardNumbers.includes(field)) continue;
    let parent = tree;
    for (const step of field.steps.slice(0, -1)) {
      const inner = parent.get(step);
      const next: Tree = inner instanceof Map ? inner : new Map();
      parent.set(step, next);
      parent = next;
    }
    const name = field.steps.at(-1) ?? '';
    if (!parent.has(name)) parent.set(name, field);
  }
  return tree;
}

function memberLines(tree: Tree, indent: string, proposal: Proposal): readonly string[] {
  return [...tree].flatMap(([name, inner]) => {
    const key = `${indent}${yamlText(name)}:`;
    if (inner instanceof Map) return [key, ...memberLines(inner, `${indent}  `, proposal)];
    const field = proposal.fields.find(({ columns }) => columns[0] === inner);
    // A value that is none of ours could not be read.
    if (!field || field.unpaired?.length) return [`${key} ${otherText(inner)}   # not assigned`];
    const others = field.values ? '; other values are written unchanged' : '';
    return [`${key} ${fieldText(field)}   # ${remarkOf(field)}${others}`];
  });
}

type Entry = readonly [key: string, value: string];

function fieldText(field: ProposedField): string {
  const { target, time, values = [], columns } = field;
  const isNumber = columns[0]?.kind === 'number';
  const pairs = values.map(([theirs, ours]): Entry => {
    return [ours, isNumber ? theirs : JSON.stringify(theirs)];
  });
  const entries: readonly Entry[] = [
    ...(time ? timeEntries(time) : []),
    ...amountEntries(field, isNumber),
    ...(target === 'mcc' && isNumber ? [['as', 'number'] as const] : []),
    ...(pairs.length > 0 ? [['values', yamlMap(pairs)] as const] : []),
  ];
  return entries.length === 0 ? `$${target}` : yamlMap([['field', target], ...entries]);
}

function timeEntries(time: NonNullable<ProposedField['time']>): readonly Entry[] {
  if ('origin' in time) {
    return [
      ['origin', time.origin],
      ['unit', time.unit],
    ];
  }
  return time.as === 'iso' ? [] : [['as', yamlText(time.as)]];
}

function amountEntries({ target, amount }: ProposedField, isNumber: boolean): readonly Entry[] {
  if (!amount) return [];
  if (target.endsWith('_minor')) return isNumber ? [] : [['as', 'text']];
  const { symbol, thousands, decimalSeparator, rounding } = amount;
  const separators: readonly (readonly [string, string | undefined])[] = [
    ['symbol', symbol],
    ['thousands', thousands],
    ['decimal-separator', decimalSeparator],
  ];
  return [
    ['as', isNumber ? 'number' : 'decimal'],
    ...separators.flatMap(([key, sign]): Entry[] =>
      sign === undefined ? [] : [[key, JSON.stringify(sign)]],
    ),
    ...(rounding === 'half-even' ? [['rounding', rounding] as const] : []),
  ];
}

const MOST_CHOICES = 10;
const SHORT = 40;

/** A value like those of the sample for a field that is none of ours; no value of a person is copied. */
function otherText(field: SampledField): string {
  const { present, kind } = field;
  if (kind === 'list') return '[]';
  if (present.length === 0 || kind === 'mixed') return 'null';
  if (kind === 'number') return numberText(present);
  const distinct = [...new Set(present)];
  if (kind === 'text') return textLike(field, distinct);
  return distinct.length > 1 ? '{ choose: [true, false] }' : (distinct[0] ?? '');
}

const PERSONAL =
  /\b(name|first|last|street|address|birth|dob|ssn|city|zip|postal|password|secret|token)\b/;

function textLike({ words, present }: SampledField, distinct: readonly string[]): string {
  if (/\be ?mail\b/.test(words)) return '{ faker: internet.email, per: card_id }';
  if (/\b(phone|mobile|tel)\b/.test(words)) return '{ faker: phone.number, per: card_id }';
  const isListed = distinct.length <= MOST_CHOICES && distinct.length < present.length;
  const isShort = distinct.every((text) => text.length <= SHORT);
  if (isListed && isShort && !PERSONAL.test(words)) return `{ choose: ${yamlList(distinct)} }`;
  return '{ faker: lorem.word }';
}

function numberText(present: readonly string[]): string {
  const numbers = present.map(Number).filter((number) => Math.abs(number) < 1e9);
  if (numbers.length === 0) return '0';
  const decimals = Math.min(
    6,
    Math.max(...present.map((text) => /\.(\d+)$/.exec(text)?.[1]?.length ?? 0)),
  );
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
  return `{ number: ${yamlMap([
    ['from', String(from)],
    ['to', String(to)],
    ['decimals', String(decimals)],
  ])} }`;
}

function constantLines({ constants }: Proposal): readonly string[] {
  if (constants.length === 0) return [];
  return [
    '  constants:',
    ...constants.map(
      ({ target, value, remark }) => `    ${target}: ${yamlText(value)}   # a guess: ${remark}`,
    ),
  ];
}

function truthLines({ fields }: Proposal): readonly string[] {
  const of = (target: string): ProposedField | undefined =>
    fields.find((field) => field.target === target);
  const [fraud, scenario, reported] = [of('is_fraud'), of('fraud_scenario'), of('reported_at')];
  if (!fraud?.truth) return [];
  const entries: (readonly [string, string])[] = [['at', pointerText(fraud)]];
  if (fraud.truth.fraud.length > 0) entries.push(['fraud', quotedList(fraud.truth.fraud)]);
  if (fraud.truth.genuine.length > 0) entries.push(['genuine', quotedList(fraud.truth.genuine)]);
  if (scenario) entries.push(['scenario', pointerText(scenario)]);
  if (reported) entries.push(['reported-at', reportText(reported)]);
  return [`  truth: ${yamlMap(entries)}   # ${remarkOf(fraud)}`];
}

function reportText(field: ProposedField): string {
  const as = field.time && 'as' in field.time ? field.time.as : 'iso';
  const at = pointerText(field);
  return as === 'iso'
    ? at
    : yamlMap([
        ['at', at],
        ['as', yamlText(as)],
      ]);
}

function pointerText({ columns }: ProposedField): string {
  const steps = columns[0]?.steps ?? [];
  const text = steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return yamlText(text);
}

function quotedList(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(', ')}]`;
}

const last = ([, ours]: readonly [string, string]): string => ours;
