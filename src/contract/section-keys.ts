import type { ContractKeys, ContractNode, ContractSource } from './contract-node.ts';
import type { CodecSettings, Framing } from './payload-codec.ts';
import { type Pointer, parsePointer } from './values/pointer.ts';

/** Keys of a section whose bytes a codec makes. */
export const codecKeys = ['schema', 'message', 'framing'] as const;

/** The pointer that a node holds. Errors: `bad-config` for what is none, and for the whole value. */
export function pointerOf(node: ContractNode, what: string, source: ContractSource): Pointer {
  const text = source.text(node, what);
  if (text.startsWith('$')) {
    throw source.refused(
      node.line,
      `${what} is ${text}, which names a field: write the path of the value, such as /event/id`,
    );
  }
  const pointer = source.at(node.line, () => parsePointer(text));
  if (pointer.steps.every((step) => step !== '')) return pointer;
  throw source.refused(
    node.line,
    `${what} is "${text}", which has an empty name: write a path such as /event/id`,
  );
}

/** Errors: `bad-config` for two of them at the same pointer. */
export function checkDistinct(
  places: readonly (readonly [name: string, at: Pointer | undefined, line: number])[],
  source: ContractSource,
): void {
  const seen = new Map<string, string>();
  for (const [name, at, line] of places) {
    if (!at) continue;
    const key = at.steps.join('\0');
    const other = seen.get(key);
    if (other !== undefined) {
      throw source.refused(
        line,
        `${other} and ${name} are both at ${at.text}: give each its own path`,
      );
    }
    seen.set(key, name);
  }
}

/** The character between the fields of CSV. */
export function separatorOf(keys: ContractKeys, source: ContractSource): string {
  const node = keys.get('separator');
  if (!node) return ',';
  const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
  if (/^[^"\r\n\w.-]$/.test(text) && text.charCodeAt(0) < 128) return text;
  throw source.refused(
    node.line,
    '"separator" must be one character such as ";" or "\\t" (in double quotes)',
  );
}

/** What a section says of its codec; undefined for a format without one. */
export function codecSettings(
  node: ContractNode,
  what: string,
  source: ContractSource,
): CodecSettings | undefined {
  const { entries } = source.map(node, what);
  const of = (key: string): ContractNode | undefined =>
    entries.find((entry) => entry.key === key)?.node;
  const given = of('format');
  const format = given?.kind === 'scalar' ? given.text : 'json';
  if (format !== 'avro' && format !== 'protobuf') return undefined;
  const schema = of('schema');
  if (!schema) {
    const example = format === 'avro' ? 'schema: transaction.avsc' : 'schema: transaction.proto';
    throw source.refused(
      node.line,
      `${what} is of format ${format} and lacks "schema": write ${example}`,
    );
  }
  const message = of('message');
  const framing = of('framing');
  return {
    format,
    schema: source.text(schema, '"schema"'),
    message: message && source.text(message, '"message"'),
    framing: framing && framingOf(framing, source),
  };
}

function framingOf(node: ContractNode, source: ContractSource): Framing {
  const keys = source.keys(node, '"framing"', ['glue', 'confluent']);
  const [glue, confluent] = [keys.get('glue'), keys.get('confluent')];
  if ((glue === undefined) === (confluent === undefined)) {
    throw source.refused(
      node.line,
      '"framing" must be glue or confluent: write framing: { confluent: { id: 7 } }',
    );
  }
  if (confluent) {
    const inner = source.keys(confluent, '"confluent"', ['id']);
    const id = source.number(inner.needed('id', 'id: 7'), '"id"');
    if (Number.isInteger(id) && id >= 0 && id < 2 ** 32) return { confluent: { id } };
    throw source.refused(inner.lineOf('id'), '"id" must be a whole number from 0 to 4294967295');
  }
  return { glue: glueOf(glue as ContractNode, source) };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type GlueFraming = Extract<Framing, { readonly glue: unknown }>['glue'];

function glueOf(node: ContractNode, source: ContractSource): GlueFraming {
  const names = ['schema-version-id', 'registry', 'schema-name', 'compression'];
  const keys = source.keys(node, '"glue"', names);
  const [schemaVersionId, registry, schemaName] = names.map((name) =>
    keys.optional(name, (each, what) => source.text(each, what)),
  );
  if (schemaVersionId !== undefined && !UUID.test(schemaVersionId)) {
    throw source.refused(
      keys.lineOf('schema-version-id'),
      `"schema-version-id" is "${schemaVersionId}", which is not a UUID`,
    );
  }
  if (schemaVersionId === undefined && (registry === undefined || schemaName === undefined)) {
    throw source.refused(
      node.line,
      '"glue" needs "schema-version-id", or "registry" and "schema-name" to look it up',
    );
  }
  const compression = keys.optional('compression', (each, what) =>
    source.word(each, what, ['none', 'zlib'] as const),
  );
  return { schemaVersionId, registry, schemaName, compression };
}
