import type { Transaction } from '../../transactions/transaction.ts';
import { jsonText, plainValue } from '../contract-node.ts';
import type { PayloadCodec } from '../payload-codec.ts';
import { csvField } from './csv-fields.ts';
import type { FieldFormat, FieldValue } from './field-format.ts';
import type { PayloadTemplate, TemplateMember } from './template.ts';

/** Writes the payload of one transaction. `eventAt` is its event time in epoch milliseconds. */
export type WritePayload = (transaction: Transaction, eventAt: number) => Uint8Array;

type ReadValue = (transaction: Transaction, eventAt: number) => FieldValue;
/** Text of JSON; `undefined` for what is left out. */
type ReadText = (transaction: Transaction, eventAt: number) => string | undefined;

type ReadPart = (transaction: Transaction, eventAt: number) => string;

/** Payloads lie behind each other in chunks that many share. */
const CHUNK_BYTES = 65_536;

/** Bytes of texts, each a view of its own on a chunk. */
function textBytes(): (text: string) => Uint8Array {
  let chunk = Buffer.allocUnsafeSlow(0);
  let at = 0;
  return (text) => {
    // A character takes at most three bytes.
    const longest = 3 * text.length;
    if (longest > CHUNK_BYTES) return Buffer.from(text);
    if (at + longest > chunk.length) {
      chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      at = 0;
    }
    const from = at;
    at += chunk.write(text, at);
    return new Uint8Array(chunk.buffer, from, at - from);
  };
}

/** Compiles a payload of JSON: fixed texts, and between them the values of fields. */
export function jsonWriter(shape: PayloadTemplate, omitsNull: boolean, seed: number): WritePayload {
  const bytesOf = textBytes();
  if (omitsNull) {
    const text = textWithoutNull(shape, seed);
    return (transaction, eventAt) => bytesOf(text(transaction, eventAt) ?? 'null');
  }
  const parts = new TextParts();
  addParts(shape, seed, parts);
  const { texts, values } = parts;
  const first = texts[0] as string;
  return (transaction, eventAt) => {
    let text = first;
    for (let index = 0; index < values.length; index += 1) {
      text += (values[index] as ReadPart)(transaction, eventAt);
      text += texts[index + 1] as string;
    }
    return bytesOf(text);
  };
}

function fieldText({ write, isPlain }: FieldFormat): ReadPart {
  if (!isPlain) return (transaction, eventAt) => quoted(write(transaction, eventAt));
  return (transaction, eventAt) => {
    const value = write(transaction, eventAt);
    return typeof value === 'string' ? `"${value}"` : String(value);
  };
}

class TextParts {
  /** One more than there are values. */
  readonly texts: string[] = [''];
  readonly values: ReadPart[] = [];

  add(text: string): void {
    this.texts[this.texts.length - 1] += text;
  }

  addValue(value: ReadPart): void {
    this.values.push(value);
    this.texts.push('');
  }
}

function addParts(shape: PayloadTemplate, seed: number, parts: TextParts): void {
  if (shape.kind === 'constant') parts.add(jsonText(shape.node));
  else if (shape.kind === 'field') parts.addValue(fieldText(shape.field));
  else if (shape.kind === 'drawn') parts.addValue(shape.drawn.start(seed, quoted));
  else if (shape.kind === 'object') addMembers(shape.members, seed, parts);
  else addItems(shape.items, seed, parts);
}

function addMembers(members: readonly TemplateMember[], seed: number, parts: TextParts): void {
  parts.add('{');
  for (const [index, { key, template }] of members.entries()) {
    parts.add(`${index === 0 ? '' : ','}${JSON.stringify(key)}:`);
    addParts(template, seed, parts);
  }
  parts.add('}');
}

function addItems(items: readonly PayloadTemplate[], seed: number, parts: TextParts): void {
  parts.add('[');
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.add(',');
    addParts(item, seed, parts);
  }
  parts.add(']');
}

/** Items of lists stay where they are; members of objects that are null are left out. */
function textWithoutNull(shape: PayloadTemplate, seed: number): ReadText {
  if (shape.kind === 'constant') {
    const text = jsonText(shape.node);
    return () => text;
  }
  if (shape.kind === 'object') {
    const members = shape.members.map(({ key, template }) => ({
      key: `${JSON.stringify(key)}:`,
      text: textWithoutNull(template, seed),
    }));
    return (transaction, eventAt) => {
      let text = '';
      for (const member of members) {
        const value = member.text(transaction, eventAt);
        if (value !== undefined) text += `${text === '' ? '' : ','}${member.key}${value}`;
      }
      return `{${text}}`;
    };
  }
  if (shape.kind === 'list') {
    const items = shape.items.map((item) => textWithoutNull(item, seed));
    return (transaction, eventAt) =>
      `[${items.map((item) => item(transaction, eventAt) ?? 'null').join(',')}]`;
  }
  const value = readerOf(shape, seed);
  return (transaction, eventAt) => {
    const found = value(transaction, eventAt);
    return found === null ? undefined : quoted(found);
  };
}

const itself = (value: FieldValue): FieldValue => value;

function readerOf(
  shape: PayloadTemplate & { readonly kind: 'field' | 'drawn' },
  seed: number,
): ReadValue {
  return shape.kind === 'field' ? shape.field.write : shape.drawn.start(seed, itself);
}

/** JSON text of a value. */
function quoted(value: FieldValue): string {
  if (typeof value !== 'string') return String(value);
  return hasEscape(value) ? JSON.stringify(value) : `"${value}"`;
}

/** True for a text in which JSON writes something with an escape. One by one: faster than a pattern for short texts. */
function hasEscape(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code & 0xf800) === 0xd800) return true;
  }
  return false;
}

/** Compiles a row of CSV: the members of the payload are its columns. */
export function csvWriter(
  shape: PayloadTemplate & { readonly kind: 'object' },
  separator: string,
  seed: number,
): WritePayload {
  const bytesOf = textBytes();
  const columns = shape.members.map(({ template }): ReadValue => {
    if (template.kind === 'constant') {
      const { node } = template;
      const text = node.kind !== 'scalar' || node.value === null ? '' : node.text;
      return () => text;
    }
    return readerOf(template as PayloadTemplate & { kind: 'field' }, seed);
  });
  return (transaction, eventAt) => {
    let row = '';
    for (let index = 0; index < columns.length; index += 1) {
      const value = (columns[index] as ReadValue)(transaction, eventAt);
      if (index > 0) row += separator;
      if (value !== null) row += typeof value === 'string' ? csvField(value, separator) : value;
    }
    return bytesOf(row);
  };
}

/** Compiles a payload whose bytes are made by a codec. */
export function codecWriter(
  shape: PayloadTemplate,
  codec: PayloadCodec,
  seed: number,
): WritePayload {
  const value = objectOf(shape, seed);
  return (transaction, eventAt) => codec.encode(value(transaction, eventAt));
}

function objectOf(
  shape: PayloadTemplate,
  seed: number,
): (transaction: Transaction, eventAt: number) => unknown {
  if (shape.kind === 'constant') {
    const value = plainValue(shape.node);
    return () => value;
  }
  if (shape.kind === 'list') {
    const items = shape.items.map((item) => objectOf(item, seed));
    return (transaction, eventAt) => items.map((item) => item(transaction, eventAt));
  }
  if (shape.kind !== 'object') return readerOf(shape, seed);
  const members = shape.members.map(({ key, template }) => ({
    key,
    value: objectOf(template, seed),
  }));
  return (transaction, eventAt) => {
    const made: Record<string, unknown> = {};
    for (const { key, value } of members) {
      const found = value(transaction, eventAt);
      if (found !== null) made[key] = found;
    }
    return made;
  };
}
