import { csvField } from '../../text/csv.ts';
import type { Transaction } from '../../transactions/transaction.ts';
import { jsonText, plainValue } from '../contract-node.ts';
import type { PayloadCodec } from '../payload-codec.ts';
import type { FieldFormat, FieldValue } from './field-format.ts';
import { FixedText, PayloadBytes } from './payload-bytes.ts';
import type { PayloadTemplate, TemplateMember } from './template.ts';

/** Writes the payload of one transaction. `eventAt` is its event time in epoch milliseconds. */
export type WritePayload = (transaction: Transaction, eventAt: number) => Uint8Array;

type ReadValue = (transaction: Transaction, eventAt: number) => FieldValue;
/** Text of JSON; `undefined` for what is left out. */
type ReadText = (transaction: Transaction, eventAt: number) => string | undefined;

/** Adds one value of a payload to its bytes. */
type AddPart = (bytes: PayloadBytes, transaction: Transaction, eventAt: number) => void;

/** Compiles a payload of JSON: fixed bytes, and between them the values of fields. */
export function jsonWriter(shape: PayloadTemplate, omitsNull: boolean, seed: number): WritePayload {
  if (omitsNull) {
    const text = textWithoutNull(shape, seed);
    return textWriter((transaction, eventAt) => text(transaction, eventAt) ?? 'null');
  }
  const parts = new PayloadParts();
  addParts(shape, seed, parts);
  const fixed = parts.texts.map((text) => new FixedText(text));
  const { values } = parts;
  const bytes = new PayloadBytes();
  return (transaction, eventAt) => {
    bytes.add(fixed[0] as FixedText);
    for (let index = 0; index < values.length; index += 1) {
      (values[index] as AddPart)(bytes, transaction, eventAt);
      bytes.add(fixed[index + 1] as FixedText);
    }
    return bytes.take();
  };
}

function textWriter(text: (transaction: Transaction, eventAt: number) => string): WritePayload {
  const bytes = new PayloadBytes();
  return (transaction, eventAt) => {
    bytes.addText(text(transaction, eventAt));
    return bytes.take();
  };
}

class PayloadParts {
  /** One more than there are values. */
  readonly texts: string[] = [''];
  readonly values: AddPart[] = [];

  add(text: string): void {
    this.texts[this.texts.length - 1] += text;
  }

  addValue(value: AddPart): void {
    this.values.push(value);
    this.texts.push('');
  }
}

function addParts(shape: PayloadTemplate, seed: number, parts: PayloadParts): void {
  if (shape.kind === 'constant') parts.add(jsonText(shape.node));
  else if (shape.kind === 'field') parts.addValue(fieldPart(shape.field));
  else if (shape.kind === 'drawn') parts.addValue(drawnPart(shape.drawn.start(seed, jsonOf)));
  else if (shape.kind === 'object') addMembers(shape.members, seed, parts);
  else addItems(shape.items, seed, parts);
}

function fieldPart({ write }: FieldFormat): AddPart {
  return (bytes, transaction, eventAt) => bytes.addJson(write(transaction, eventAt) ?? null);
}

function drawnPart(text: (transaction: Transaction) => string): AddPart {
  return (bytes, transaction) => bytes.addText(text(transaction));
}

function addMembers(members: readonly TemplateMember[], seed: number, parts: PayloadParts): void {
  parts.add('{');
  for (const [index, { key, template }] of members.entries()) {
    parts.add(`${index === 0 ? '' : ','}${JSON.stringify(key)}:`);
    addParts(template, seed, parts);
  }
  parts.add('}');
}

function addItems(items: readonly PayloadTemplate[], seed: number, parts: PayloadParts): void {
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
    return found === null ? undefined : jsonOf(found);
  };
}

const itself = (value: FieldValue): FieldValue => value;

function readerOf(
  shape: PayloadTemplate & { readonly kind: 'field' | 'drawn' },
  seed: number,
): ReadValue {
  if (shape.kind === 'drawn') return shape.drawn.start(seed, itself);
  const { write } = shape.field;
  return (transaction, eventAt) => write(transaction, eventAt) ?? null;
}

/** JSON text of a value. */
function jsonOf(value: FieldValue): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Compiles a row of CSV: the members of the payload are its columns. */
export function csvWriter(
  shape: PayloadTemplate & { readonly kind: 'object' },
  separator: string,
  seed: number,
): WritePayload {
  const columns = shape.members.map(({ template }): ReadValue => {
    if (template.kind === 'constant') {
      const { node } = template;
      const text = node.kind !== 'scalar' || node.value === null ? '' : node.text;
      return () => text;
    }
    return readerOf(template as PayloadTemplate & { kind: 'field' }, seed);
  });
  return textWriter((transaction, eventAt) => {
    let row = '';
    for (let index = 0; index < columns.length; index += 1) {
      const value = (columns[index] as ReadValue)(transaction, eventAt);
      if (index > 0) row += separator;
      if (value !== null) row += typeof value === 'string' ? csvField(value, separator) : value;
    }
    return row;
  });
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
