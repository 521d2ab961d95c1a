import { amountFormat } from '../../contract/values/amount-format.ts';
import { instantFormat } from '../../contract/values/instant-format.ts';
import { FraudstreamError, messageOf } from '../../errors.ts';
import type { YamlLine } from '../yaml-lines.ts';
import { withLocalCountry } from './local-country.ts';
import { checkedMapping, type FieldSource, type Mapping, plainMapping } from './mapping.ts';

/**
 * The mapping of `--map`: pairs such as `card_id=CUSTOMER` (a column) and `currency:USD` (a constant), and
 * YAML files, later ones over earlier ones; `undefined` without any.
 *
 * Errors: `usage` or `bad-config` for what is no mapping, naming file and line.
 */
export async function mappingOf(texts: readonly string[]): Promise<Mapping | undefined> {
  if (texts.length === 0) return undefined;
  let mapping: Mapping = plainMapping;
  for (const text of texts) {
    const said: Partial<Mapping> =
      /[=:]/.test(text) && !/\.(ya?ml|json)$/i.test(text) ? inline(text) : await fromFile(text);
    mapping = {
      ...mapping,
      ...said,
      columns: { ...mapping.columns, ...said.columns },
      constants: { ...mapping.constants, ...said.constants },
      amount: { ...mapping.amount, ...said.amount },
    };
  }
  return checkedMapping(withLocalCountry(mapping));
}

function inline(text: string): Pick<Mapping, 'columns' | 'constants'> {
  const columns = new Map<string, FieldSource>();
  const constants = new Map<string, string>();
  for (const pair of text.split(',')) {
    const [, field = '', sign, value = ''] = /^\s*(\w+)\s*([=:])\s*(.+?)\s*$/.exec(pair) ?? [];
    if (sign === undefined) {
      const message = `--map holds "${pair}": write field=COLUMN or field:constant, such as card_id=CUSTOMER,currency:USD.`;
      throw new FraudstreamError('usage', message);
    }
    if (sign === '=') columns.set(field, { from: [value] });
    else constants.set(field, value);
  }
  return { columns: Object.fromEntries(columns), constants: Object.fromEntries(constants) };
}

/** A key of the file: what it says of a mapping. */
type ReadKey = (line: YamlLine, fail: Fail) => Partial<Mapping>;
/** Makes the error of a line. */
type Fail = (line: number, what: string) => FraudstreamError;

const keys: Readonly<Record<string, ReadKey>> = {
  fields: (line, fail) => ({ columns: sources(line, fail) }),
  constants: (line, fail) => ({ constants: namesIn(line, fail) }),
  'time-format': (line, fail) => {
    const timeFormat = only(line, fail);
    checked(line, fail, () => instantFormat({ as: timeFormat }));
    return { timeFormat };
  },
  'time-zone': (line, fail) => {
    const zone = only(line, fail);
    checked(line, fail, () => instantFormat({ zone }));
    return { zone };
  },
  origin: (line, fail) => {
    const origin = only(line, fail);
    checked(line, fail, () => instantFormat({ origin }));
    return { origin };
  },
  unit: (line, fail) => {
    const unit = only(line, fail);
    checked(line, fail, () => instantFormat({ origin: '2000-01-01', unit }));
    return { unit };
  },
  'amount-format': amounts,
  'amount-rounding': (line, fail) => ({
    amount: { rounding: oneOf(line, ['exact', 'half-even'], fail) },
  }),
  separator: (line, fail) => {
    const text = only(line, fail);
    const separator = text === '\\t' || text === 'tab' ? '\t' : text;
    if (separator.length === 1 && !/["\r\nA-Za-z0-9]/.test(separator)) return { separator };
    throw fail(line.line, `"${text}" is not a separator: write one character, or tab`);
  },
  encoding: (line, fail) => {
    const encoding = only(line, fail);
    checked(line, fail, () => new TextDecoder(encoding));
    return { encoding };
  },
  salt: (line, fail) => ({ salt: only(line, fail) }),
  'on-bad-optional': (line, fail) => ({ onBadOptional: oneOf(line, ['absent', 'row'], fail) }),
  'report-delay': (line, fail) => ({ reportDelayMs: durationMs(line, fail) }),
  'local-time-zone': (line, fail) => {
    const localTimeZone = only(line, fail);
    checked(line, fail, () => instantFormat({ zone: localTimeZone }));
    return { localTimeZone };
  },
  'pass-through': ({ texts = [] }) => ({
    passThrough: texts.length === 1 && texts[0] === 'all' ? 'all' : texts,
  }),
  fraud: ({ texts = [] }) => ({ fraud: texts.map((each) => each.toLowerCase()) }),
  genuine: ({ texts = [] }) => ({ genuine: texts.map((each) => each.toLowerCase()) }),
};

async function fromFile(path: string): Promise<Partial<Mapping>> {
  const { yamlLines } = await import('../yaml-lines.ts');
  const fail: Fail = (line, what) =>
    new FraudstreamError('bad-config', `${path}:${line}: ${what}.`);
  let said: Partial<Mapping> = {};
  for (const line of await yamlLines(path, 'mapping file', '--map')) {
    const read = Object.hasOwn(keys, line.key) ? keys[line.key] : undefined;
    if (!read) {
      const known = Object.keys(keys).join(', ');
      throw fail(line.line, `unknown key "${line.key}": a mapping file has ${known}`);
    }
    const part = read(line, fail);
    said = { ...said, ...part, ...(part.amount && { amount: { ...said.amount, ...part.amount } }) };
  }
  return said;
}

function sources(
  { key, line, inner }: YamlLine,
  fail: Fail,
): Readonly<Record<string, FieldSource>> {
  if (!inner) throw fail(line, `"${key}" holds no fields: write them below it, indented`);
  return Object.fromEntries(
    inner.map((each) => [
      each.key,
      each.inner ? sourceIn(each, each.inner, fail) : { from: [only(each, fail)] },
    ]),
  );
}

const sourceKeys = 'from, join, separator, hash, values, default, time-format and optional';

/** A field with more than a column: `{ join: [card1, card2], separator: "-" }`. */
function sourceIn(field: YamlLine, inner: readonly YamlLine[], fail: Fail): FieldSource {
  let from: readonly string[] = [];
  let source: Omit<FieldSource, 'from'> = {};
  for (const line of inner) {
    if (line.key === 'from') from = [only(line, fail)];
    else if (line.key === 'join') from = line.texts ?? [];
    else source = { ...source, ...sourceKey(line, fail) };
  }
  if (from.length > 0) return { from, ...source };
  throw fail(field.line, `"${field.key}" names no column: write "from: COLUMN" or "join: [A, B]"`);
}

function sourceKey(line: YamlLine, fail: Fail): Omit<FieldSource, 'from'> {
  const { key } = line;
  if (key === 'separator') return { separator: line.texts?.[0] ?? '' };
  if (key === 'hash') return { hash: oneOf(line, ['sha256'], fail) };
  if (key === 'default') return { default: only(line, fail) };
  if (key === 'values') return { values: Object.entries(namesIn(line, fail)) };
  if (key === 'optional') return { isOptional: oneOf(line, ['true', 'false'], fail) === 'true' };
  if (key === 'time-format') {
    const timeFormat = only(line, fail);
    checked(line, fail, () => instantFormat({ as: timeFormat }));
    return { timeFormat };
  }
  throw fail(line.line, `unknown key "${key}": a field has ${sourceKeys}`);
}

function amounts({ key, line, inner }: YamlLine, fail: Fail): Partial<Mapping> {
  if (!inner) throw fail(line, `"${key}" holds no keys: write { symbol: "$", thousands: "," }`);
  let said: Pick<Mapping, 'amount'> & Partial<Mapping> = { amount: {} };
  for (const each of inner) {
    if (each.key === 'negative') {
      said = { ...said, negative: oneOf(each, ['refuse', 'refund', 'absolute'], fail) };
      continue;
    }
    const name = { symbol: 'symbol', thousands: 'thousands', decimal: 'decimalSeparator' }[
      each.key
    ];
    if (name === undefined) {
      const known = 'symbol, thousands, decimal and negative';
      throw fail(each.line, `unknown key "${each.key}": "${key}" has ${known}`);
    }
    said = { ...said, amount: { ...said.amount, [name]: each.texts?.[0] ?? '' } };
  }
  checked({ key, line }, fail, () => amountFormat({ as: 'decimal', ...said.amount }));
  return said;
}

function namesIn({ key, line, inner }: YamlLine, fail: Fail): Readonly<Record<string, string>> {
  if (!inner) throw fail(line, `"${key}" holds no fields: write them below it, indented`);
  return Object.fromEntries(inner.map((each) => [each.key, only(each, fail)]));
}

function only({ key, line, texts = [] }: YamlLine, fail: Fail): string {
  const [value, ...more] = texts;
  if (value !== undefined && more.length === 0) return value;
  throw fail(line, `"${key}" needs one name or one value`);
}

function oneOf<const Of extends string>(line: YamlLine, choices: readonly Of[], fail: Fail): Of {
  const text = only(line, fail);
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw fail(line.line, `"${line.key}" is ${choices.join(' or ')}, not "${text}"`);
}

const spanMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function durationMs(line: YamlLine, fail: Fail): number {
  const text = only(line, fail);
  const [, count = '', unit = ''] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * (spanMs[unit as keyof typeof spanMs] ?? Number.NaN);
  if (count !== '' && Number.isSafeInteger(ms)) return ms;
  throw fail(line.line, `"${line.key}" is a duration such as 7d or 12h, not "${text}"`);
}

/** Says of what is wrong with a setting in which line it stands. */
function checked(line: Pick<YamlLine, 'key' | 'line'>, fail: Fail, compile: () => unknown): void {
  try {
    compile();
  } catch (error) {
    throw fail(line.line, `"${line.key}": ${messageOf(error).replace(/\.$/, '')}`);
  }
}
