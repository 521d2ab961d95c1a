import { FraudstreamError } from '../../errors.ts';
import type { YamlLine } from '../yaml-lines.ts';
import { checkedMapping, type Mapping, plainMapping } from './mapping.ts';

/** Sections of a mapping file that hold names and texts. */
const sections: Readonly<Record<string, 'columns' | 'constants'>> = {
  fields: 'columns',
  constants: 'constants',
};

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
    const said =
      /[=:]/.test(text) && !/\.(ya?ml|json)$/i.test(text) ? inline(text) : await fromFile(text);
    mapping = {
      ...mapping,
      ...said,
      columns: { ...mapping.columns, ...said.columns },
      constants: { ...mapping.constants, ...said.constants },
    };
  }
  return checkedMapping(mapping);
}

function inline(text: string): Pick<Mapping, 'columns' | 'constants'> {
  const columns = new Map<string, string>();
  const constants = new Map<string, string>();
  for (const pair of text.split(',')) {
    const [, field = '', sign, value = ''] = /^\s*(\w+)\s*([=:])\s*(.+?)\s*$/.exec(pair) ?? [];
    if (sign === undefined) {
      const message = `--map holds "${pair}": write field=COLUMN or field:constant, such as card_id=CUSTOMER,currency:USD.`;
      throw new FraudstreamError('usage', message);
    }
    (sign === '=' ? columns : constants).set(field, value);
  }
  return { columns: Object.fromEntries(columns), constants: Object.fromEntries(constants) };
}

async function fromFile(path: string): Promise<Partial<Mapping>> {
  const { yamlLines } = await import('../yaml-lines.ts');
  const said: Record<string, unknown> = {};
  for (const line of await yamlLines(path, 'mapping file', '--map')) {
    const section = Object.hasOwn(sections, line.key) ? sections[line.key] : undefined;
    if (section !== undefined) said[section] = namesIn(line, path);
    else Object.assign(said, otherKey(line, path));
  }
  return said;
}

function namesIn({ key, line, inner }: YamlLine, path: string): Readonly<Record<string, string>> {
  if (!inner) throw bad(path, line, `"${key}" holds no fields: write them below it, indented`);
  return Object.fromEntries(
    inner.map((each) => {
      const [value, ...more] = each.texts ?? [];
      if (value === undefined || more.length > 0) {
        throw bad(path, each.line, `"${each.key}" needs one name or one value`);
      }
      return [each.key, value];
    }),
  );
}

function otherKey(line: YamlLine, path: string): Partial<Mapping> {
  const { key, texts = [] } = line;
  const [text = ''] = texts;
  if (key === 'time-format') return { timeFormat: text };
  if (key === 'time-zone') return { zone: text };
  const lower = texts.map((each) => each.toLowerCase());
  if (key === 'fraud') return { fraud: lower };
  if (key === 'genuine') return { genuine: lower };
  const known = 'fields, constants, time-format, time-zone, fraud and genuine';
  throw bad(path, line.line, `unknown key "${key}": a mapping file has ${known}`);
}

function bad(path: string, line: number, what: string): FraudstreamError {
  return new FraudstreamError('bad-config', `${path}:${line}: ${what}.`);
}
