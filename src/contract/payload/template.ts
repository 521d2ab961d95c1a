import { truthFields } from '../../transactions/label.ts';
import { type ContractNode, type ContractSource, likely, type MapNode } from '../contract-node.ts';
import { type DrawnKey, type DrawnValue, drawnKeys, drawnValue } from './drawn-value.ts';
import type { FakerValues } from './faker-values.ts';
import {
  type FieldFormat,
  fieldFormat,
  formatKeys,
  type PayloadField,
  payloadFields,
} from './field-format.ts';

/** The shape of a payload: what stands where. */
export type PayloadTemplate =
  | { readonly kind: 'object'; readonly members: readonly TemplateMember[] }
  | { readonly kind: 'list'; readonly items: readonly PayloadTemplate[] }
  | { readonly kind: 'constant'; readonly node: ContractNode }
  | { readonly kind: 'field'; readonly line: number; readonly field: FieldFormat }
  | { readonly kind: 'drawn'; readonly drawn: DrawnValue };

/** A name of an object in a payload, and what stands there. */
export interface TemplateMember {
  readonly key: string;
  readonly line: number;
  readonly template: PayloadTemplate;
}

/** A field of a payload, and the names that lead to it. */
export interface FieldAtPath {
  readonly steps: readonly string[];
  readonly line: number;
  readonly field: FieldFormat;
}

/** `$field`; a text that begins so without being one begins with `$$`. */
const REFERENCE = /^\$(?!\$)(.*)$/s;

/**
 * Reads the shape of a payload.
 *
 * Errors: `bad-config` by line, for a field that is unknown, or a key that a format does not have.
 */
export function template(
  node: ContractNode,
  fakers: FakerValues,
  source: ContractSource,
): PayloadTemplate {
  return new TemplateReader(fakers, source).read(node);
}

/** The fields of a template, in its order. */
export function fieldsByPath(
  shape: PayloadTemplate,
  steps: readonly string[] = [],
): readonly FieldAtPath[] {
  if (shape.kind === 'field') return [{ steps, line: shape.line, field: shape.field }];
  if (shape.kind === 'object') {
    return shape.members.flatMap(({ key, template: inner }) =>
      fieldsByPath(inner, [...steps, key]),
    );
  }
  if (shape.kind === 'list') {
    return shape.items.flatMap((inner, index) => fieldsByPath(inner, [...steps, String(index)]));
  }
  return [];
}

/** True where a value of the template is counted. */
export function hasCounter(shape: PayloadTemplate): boolean {
  if (shape.kind === 'drawn') return shape.drawn.isCounted;
  if (shape.kind === 'object')
    return shape.members.some(({ template: inner }) => hasCounter(inner));
  return shape.kind === 'list' && shape.items.some(hasCounter);
}

function isConstant(shape: PayloadTemplate): boolean {
  return shape.kind === 'constant';
}

class TemplateReader {
  readonly #fakers: FakerValues;
  readonly #source: ContractSource;
  #drawn = 0;

  constructor(fakers: FakerValues, source: ContractSource) {
    this.#fakers = fakers;
    this.#source = source;
  }

  read(node: ContractNode): PayloadTemplate {
    if (node.kind === 'scalar') return this.#scalar(node);
    if (node.kind === 'list') {
      const items = node.items.map((item) => this.read(item));
      return items.every(isConstant) ? { kind: 'constant', node } : { kind: 'list', items };
    }
    return this.#field(node) ?? this.#drawnValue(node) ?? this.#literal(node) ?? this.#object(node);
  }

  #object(node: MapNode): PayloadTemplate {
    const members = node.entries.map(({ key, line, node: inner }) => ({
      key,
      line,
      template: this.read(inner),
    }));
    const isFixed = members.every((member) => isConstant(member.template));
    return isFixed && !hasEscapes(node) ? { kind: 'constant', node } : { kind: 'object', members };
  }

  #scalar(node: ContractNode & { readonly kind: 'scalar' }): PayloadTemplate {
    const { value, line } = node;
    const [, name] = typeof value === 'string' ? (REFERENCE.exec(value) ?? []) : [];
    if (name !== undefined) {
      const field = fieldFormat(this.#name(name, line), undefined, this.#source);
      return { kind: 'field', line, field };
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw this.#source.refused(
        line,
        `${node.text} is not a number that a payload can contain: write it in quotes`,
      );
    }
    const isEscaped = typeof value === 'string' && value.startsWith('$$');
    const text = isEscaped ? value.slice(1) : node.text;
    return { kind: 'constant', node: isEscaped ? { ...node, value: text, text } : node };
  }

  /** `{ field: amount, as: decimal }`. */
  #field(node: MapNode): PayloadTemplate | undefined {
    const entry = node.entries.find(({ key }) => key === 'field');
    if (entry?.node.kind !== 'scalar' || typeof entry.node.value !== 'string') return undefined;
    const [, referred] = REFERENCE.exec(entry.node.value) ?? [];
    // `{ field: $mcc }` is an object with a name "field".
    if (referred !== undefined) return undefined;
    const { line } = entry;
    const name = this.#name(entry.node.value, line);
    const keys = this.#source.keys(node, `the field ${name}`, formatKeys(name));
    return { kind: 'field', line, field: fieldFormat(name, keys, this.#source) };
  }

  /** `{ faker: internet.email, per: card_id }`, and the others of its kind. */
  #drawnValue(node: MapNode): PayloadTemplate | undefined {
    const entry = node.entries.find(({ key, node: inner }) => isDrawn(key, inner));
    if (!entry) return undefined;
    const kind = entry.key as DrawnKey;
    const known = kind === 'counter' ? [kind] : [kind, 'per'];
    const keys = this.#source.keys(node, `the value with "${kind}"`, known);
    this.#drawn += 1;
    return {
      kind: 'drawn',
      drawn: drawnValue(kind, keys, this.#drawn, this.#fakers, this.#source),
    };
  }

  /** `{ constant: ... }`: what stands there is taken as it is. */
  #literal({ entries }: MapNode): PayloadTemplate | undefined {
    const [only, ...more] = entries;
    if (only?.key !== 'constant' || more.length > 0) return undefined;
    return { kind: 'constant', node: only.node };
  }

  #name(name: string, line: number): PayloadField {
    const known = payloadFields.find((field) => field === name);
    if (known !== undefined) return known;
    if (truthFields.includes(name)) {
      throw this.#source.refused(
        line,
        `$${name} is the truth, which is never sent: put it under "truth"`,
      );
    }
    const near = likely(name, payloadFields);
    const hint =
      near === undefined ? `Fields are ${payloadFields.join(', ')}` : `Did you mean $${near}?`;
    const dollars = `A text that begins with "$" is written with "$$"`;
    throw this.#source.refused(
      line,
      `"$${name}" is not a field of a transaction. ${hint}${hint.endsWith('?') ? '' : '.'} ${dollars}`,
    );
  }
}

function isDrawn(key: string, node: ContractNode): boolean {
  if (!(drawnKeys as readonly string[]).includes(key)) return false;
  if (key === 'faker') return node.kind === 'scalar' && /^\w+\.\w+$/.test(node.text);
  if (key === 'choose') return node.kind !== 'scalar';
  const known = key === 'number' ? ['from', 'to', 'decimals'] : ['from', 'step'];
  return node.kind === 'map' && node.entries.every((entry) => known.includes(entry.key));
}

/** A constant with escapes or a `constant:` inside is written member by member. */
function hasEscapes(node: ContractNode): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && node.value.startsWith('$$');
  if (node.kind === 'list') return node.items.some(hasEscapes);
  return node.entries.some(({ key, node: inner }) => key === 'constant' || hasEscapes(inner));
}
