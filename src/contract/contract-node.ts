import { FraudstreamError, messageOf } from '../errors.ts';
import { nearest } from '../text/suggestions.ts';

/** A part of a contract file, with the line that it begins in. */
export type ContractNode = ScalarNode | ListNode | MapNode;

/** `text` is the value as it was written, which a number of many digits needs. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly line: number;
  readonly value: string | number | boolean | null;
  readonly text: string;
}

export interface ListNode {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly ContractNode[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly line: number;
  readonly entries: readonly ContractEntry[];
}

/** A key of a mapping, the line it stands in, and its value. */
export interface ContractEntry {
  readonly key: string;
  readonly line: number;
  readonly node: ContractNode;
}

/** A contract file while it is read: names itself in every message. */
export class ContractSource {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The error of a line; `what` is a sentence without its period. */
  refused(line: number, what: string): FraudstreamError {
    const end = what.endsWith('?') ? '' : '.';
    return new FraudstreamError('bad-config', `${this.#file}:${line}: ${what}${end}`);
  }

  /** Calls what may refuse a setting, and names the line where it does. */
  at<T>(line: number, make: () => T): T {
    try {
      return make();
    } catch (error) {
      throw this.refused(line, messageOf(error).replace(/\.$/, ''));
    }
  }

  map(node: ContractNode, what: string): MapNode {
    if (node.kind === 'map') return node;
    throw this.refused(node.line, `${what} must be a mapping of names to values`);
  }

  /** The keys of a mapping by name, if all are known. */
  keys(node: ContractNode, what: string, known: readonly string[]): ContractKeys {
    const { entries, line } = this.map(node, what);
    for (const { key, line: at } of entries) {
      if (known.includes(key)) continue;
      const near = likely(key, known);
      const hint = near === undefined ? `it has ${known.join(', ')}` : `did you mean "${near}"?`;
      throw this.refused(at, `${what} has no "${key}": ${hint}`);
    }
    return new ContractKeys(this, what, line, entries);
  }

  text(node: ContractNode, what: string): string {
    const isText = node.kind === 'scalar' && node.value !== null && node.text !== '';
    if (isText) return node.text;
    throw this.refused(node.line, `${what} must be a text`);
  }

  /** One of these words. */
  word<W extends string>(node: ContractNode, what: string, words: readonly W[]): W {
    const text = this.text(node, what);
    const known = words.find((word) => word === text);
    if (known !== undefined) return known;
    const near = likely(text, words);
    const hint = near === undefined ? '' : `. Did you mean "${near}"?`;
    throw this.refused(
      node.line,
      `${what} is "${text}", and must be one of ${words.join(', ')}${hint}`,
    );
  }

  number(node: ContractNode, what: string): number {
    if (node.kind === 'scalar' && typeof node.value === 'number' && Number.isFinite(node.value)) {
      return node.value;
    }
    throw this.refused(node.line, `${what} must be a number`);
  }

  truth(node: ContractNode, what: string): boolean {
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    throw this.refused(node.line, `${what} must be true or false`);
  }

  /** The scalars of a list, or the one that stands there alone. */
  scalars(node: ContractNode, what: string): readonly ScalarNode[] {
    const items = node.kind === 'list' ? node.items : [node];
    return items.map((item) => {
      if (item.kind === 'scalar') return item;
      throw this.refused(item.line, `${what} must be a value, or a list of values`);
    });
  }
}

/** The keys of a mapping whose names have been checked. */
export class ContractKeys {
  readonly line: number;
  readonly #source: ContractSource;
  readonly #what: string;
  readonly #nodes: ReadonlyMap<string, ContractEntry>;

  constructor(
    source: ContractSource,
    what: string,
    line: number,
    entries: readonly ContractEntry[],
  ) {
    this.#source = source;
    this.#what = what;
    this.line = line;
    this.#nodes = new Map(entries.map((entry) => [entry.key, entry]));
  }

  get(key: string): ContractNode | undefined {
    return this.#nodes.get(key)?.node;
  }

  lineOf(key: string): number {
    return this.#nodes.get(key)?.line ?? this.line;
  }

  /** Errors: `bad-config` where the key is not there; `example` says what to write. */
  needed(key: string, example: string): ContractNode {
    const node = this.get(key);
    if (node) return node;
    throw this.#source.refused(this.line, `${this.#what} lacks "${key}": write ${example}`);
  }

  optional<T>(key: string, read: (node: ContractNode, what: string) => T): T | undefined {
    const node = this.get(key);
    return node && read(node, `"${key}"`);
  }
}

/** The name that was most likely meant: the nearest, or one that begins so. */
export function likely(word: string, names: readonly string[]): string | undefined {
  const begun = word.length > 2 ? names.find((name) => name.startsWith(word)) : undefined;
  return nearest(word, names) ?? begun;
}

/** The value of a node as JSON has it. */
export function plainValue(node: ContractNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries(node.entries.map(({ key, node: inner }) => [key, plainValue(inner)]));
}

/** The node as JSON text; a number stands as it was written. */
export function jsonText(node: ContractNode): string {
  if (node.kind === 'list') return `[${node.items.map(jsonText).join(',')}]`;
  if (node.kind === 'map') {
    const members = node.entries.map(({ key, node: inner }) => [
      JSON.stringify(key),
      jsonText(inner),
    ]);
    return `{${members.map((member) => member.join(':')).join(',')}}`;
  }
  const { value, text } = node;
  const isNumber =
    typeof value === 'number' && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  return isNumber ? text : JSON.stringify(value);
}
