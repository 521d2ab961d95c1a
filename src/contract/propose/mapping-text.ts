import type { AmountShape } from './amount-shape.ts';
import type { Proposal, ProposedField } from './propose.ts';
import { yamlList, yamlMap, yamlText } from './yaml-text.ts';

/** A value written from `YAML`, and the line about it. */
type Entry = readonly [key: string, value: string];

/** A proposal as the YAML of a mapping file; `origin` says what was sampled, `salt` is for hashes. */
export function mappingText(proposal: Proposal, origin: string, salt: string): string {
  const { fields, constants } = proposal;
  const amount = fields.find(({ target }) => target === 'amount')?.amount;
  const truth = fields.find(({ target }) => target === 'is_fraud')?.truth;
  const time = fields.find(({ target }) => target === 'event_time')?.time;
  const lines = [
    ...headerLines(proposal, origin),
    fields.length > 0 ? 'fields:' : 'fields: {}',
    ...fields.map((field) => `  ${field.target}: ${sourceText(field)}   # ${remarkOf(field)}`),
    ...(constants.length > 0 ? ['constants:'] : []),
    ...constants.map(
      ({ target, value, remark }) => `  ${target}: ${yamlText(value)}   # a guess: ${remark}`,
    ),
    ...timeLines(time),
    ...(amount ? amountLines(amount) : []),
    ...(truth && truth.fraud.length > 0 ? [`fraud: ${yamlList(truth.fraud)}`] : []),
    ...(truth && truth.genuine.length > 0 ? [`genuine: ${yamlList(truth.genuine)}`] : []),
    ...(fields.some(({ isHashed }) => isHashed)
      ? [`salt: ${yamlText(salt)}   # a secret: who has it can find the card numbers again`]
      : []),
    ...unassignedLines(proposal),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a proposal begins with. */
export function headerLines({ sampled }: Proposal, origin: string): readonly string[] {
  return [
    `# Proposed by "fraudstream init" from ${sampled} ${sampled === 1 ? 'record' : 'records'} of ${oneLine(origin)}.`,
    '# Each line is marked sure, likely or a guess. Check them, and correct what is wrong.',
  ];
}

/** The fields of theirs that the proposal leaves out, as comments. */
export function unassignedLines({ unassigned }: Proposal): readonly string[] {
  if (unassigned.length === 0) return [];
  return [
    '# Not assigned:',
    ...unassigned.map(({ field, reason }) => `#   ${oneLine(field.path)}: ${reason}`),
  ];
}

/** How sure a line is, and what is to be known of it. */
export function remarkOf({ certainty, remark, unpaired = [] }: ProposedField): string {
  const others =
    unpaired.length === 0 ? undefined : `no value of ours for ${oneLine(unpaired.join(', '))}`;
  const remarks = [remark, others].filter((text) => text !== undefined);
  return remarks.length === 0 ? certainty : `${certainty}: ${remarks.join('; ')}`;
}

function sourceText(field: ProposedField): string {
  const { columns, values, time, isHashed, target } = field;
  const paths = columns.map(({ path }) => path);
  const [path = ''] = paths;
  // The setting of the whole mapping is that of the event time.
  const isOwnTime = target !== 'event_time' && time !== undefined && 'as' in time;
  const entries: Entry[] = [
    paths.length > 1 ? ['join', yamlList(paths)] : ['from', yamlText(path)],
    ...(values ? [['values', yamlMap(values.map(([a, b]) => [a, yamlText(b)]))] as const] : []),
    ...(isHashed ? [['hash', 'sha256'] as const] : []),
    ...(isOwnTime ? [['time-format', yamlText(time.as)] as const] : []),
  ];
  return entries.length === 1 && paths.length === 1 ? yamlText(path) : yamlMap(entries);
}

function timeLines(time: ProposedField['time']): readonly string[] {
  if (!time) return [];
  if ('as' in time) return [`time-format: ${yamlText(time.as)}`];
  return [`origin: ${time.origin}   # a guess: the sample does not show it`, `unit: ${time.unit}`];
}

function amountLines({ symbol, thousands, decimalSeparator, rounding, isNegative }: AmountShape) {
  const entries: Entry[] = [
    ...(symbol === undefined ? [] : [['symbol', JSON.stringify(symbol)] as const]),
    ...(thousands === undefined ? [] : [['thousands', JSON.stringify(thousands)] as const]),
    ...(decimalSeparator ? [['decimal', JSON.stringify(decimalSeparator)] as const] : []),
    ...(isNegative ? [['negative', 'refund'] as const] : []),
  ];
  return [
    ...(entries.length > 0 ? [`amount-format: ${yamlMap(entries)}`] : []),
    ...(rounding === 'half-even' ? ['amount-rounding: half-even'] : []),
  ];
}

/** A name of theirs within a comment. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}
