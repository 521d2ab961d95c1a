import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { ContractEntry, ContractNode } from '../contract/contract-node.ts';
import { FraudstreamError, readFailureOf } from '../errors.ts';
import { readBounded } from '../stream/read-bounded.ts';

/**
 * One key of a YAML mapping, the line it stands in, and what it holds.
 *
 * `texts` of a scalar is itself, of a list its items; `inner` are the lines of a mapping. Neither
 * is there for anything else: no value, or lists within lists.
 */
export interface YamlLine {
  readonly key: string;
  readonly line: number;
  readonly texts?: readonly string[];
  readonly inner?: readonly YamlLine[];
}

/** A document while it is read, with what bounds the reading. */
interface Reading {
  lineOf(node: unknown): number;
  readonly targets: ReadonlyMap<Alias, unknown>;
  /** Throws `bad-config` once there are too many, as aliases of aliases can make them. */
  count(lines: number, node: unknown): void;
  refuse(node: unknown, what: string): FraudstreamError;
}

/** The parser takes quadratic time for keys and anchors: of this many bytes, at most a second or two. */
const MOST_BYTES = 65_536;
const MOST_LEVELS = 16;
const MOST_LINES = 20_000;
const TOO_LONG = `more than ${MOST_LINES} keys and items`;
const TOO_DEEP = `nested deeper than ${MOST_LEVELS} levels`;

/**
 * The keys of a YAML or JSON file, in its order; `what` it is and which `flag` names it, for errors.
 *
 * Errors: throws `bad-config` for a file that cannot be read, is not YAML, or is no mapping, and for one that
 * is larger than 64 KiB, nested deeper than 16 levels or longer than 20,000 lines with all its aliases.
 */
export async function yamlLines(
  path: string,
  what: string,
  flag: string,
): Promise<readonly YamlLine[]> {
  const { document, lineOf, refused } = await yamlDocument(path, what, flag);
  if (document.contents === null) return [];
  let total = 0;
  const lines = linesOf(document.contents, 1, {
    lineOf,
    targets: targetsOf(document),
    count: (lines, node) => {
      total += lines;
      if (total > MOST_LINES) throw refused(lineOf(node), TOO_LONG);
    },
    refuse: (node, reason) => refused(lineOf(node), reason),
  });
  if (lines) return lines;
  throw refused(1, 'expected lines such as "key: value"');
}

/** A YAML or JSON document, and the lines of its nodes. */
interface LocatedDocument {
  readonly document: Document;
  lineOf(node: unknown): number;
  refused(line: number, reason: string): FraudstreamError;
}

async function yamlDocument(path: string, what: string, flag: string): Promise<LocatedDocument> {
  const counter = new LineCounter();
  const refused = (line: number, reason: string): FraudstreamError =>
    new FraudstreamError('bad-config', `${path}:${line}: ${reason}.`);
  const document = parsed(await textOf(path, what, flag), counter, refused);
  const [error] = document.errors;
  if (error) {
    const [line] = error.linePos ?? [];
    const reason = error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '');
    // The parser descends into what is nested, and says so when the stack ends.
    const isDeep = reason?.startsWith('Maximum call stack');
    throw refused(line?.line ?? 1, isDeep ? TOO_DEEP : `not YAML: ${reason}`);
  }
  const lineOf = (node: unknown): number =>
    isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
      ? counter.linePos(node.range?.[0] ?? 0).line
      : 1;
  return { document, lineOf, refused };
}

/**
 * The values of a YAML or JSON file with their lines, aliases resolved.
 *
 * Errors: as those of `yamlLines`; an alias within what it stands for is one.
 */
export async function yamlNode(path: string, what: string, flag: string): Promise<ContractNode> {
  const { document, lineOf, refused } = await yamlDocument(path, what, flag);
  if (document.contents === null) throw refused(1, `the ${what} is empty`);
  return new NodeReader(targetsOf(document), lineOf, refused).read(document.contents, 1, 1);
}

/** Turns nodes of YAML into those of a contract, within the bounds of a file. */
class NodeReader {
  readonly #targets: ReadonlyMap<Alias, unknown>;
  readonly #lineOf: LocatedDocument['lineOf'];
  readonly #refused: LocatedDocument['refused'];
  #total = 0;

  constructor(
    targets: ReadonlyMap<Alias, unknown>,
    lineOf: LocatedDocument['lineOf'],
    refused: LocatedDocument['refused'],
  ) {
    this.#targets = targets;
    this.#lineOf = lineOf;
    this.#refused = refused;
  }

  read(given: unknown, level: number, line: number): ContractNode {
    const node = isAlias(given) ? this.#targets.get(given) : given;
    this.#total += 1;
    if (this.#total > MOST_LINES) throw this.#refused(line, TOO_LONG);
    if (level > MOST_LEVELS) throw this.#refused(line, TOO_DEEP);
    const at = isAlias(given) ? line : this.#lineOf(node);
    if (isMap(node)) return { kind: 'map', line: at, entries: this.#entries(node, level) };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item, level + 1, this.#lineOf(item)));
      return { kind: 'list', line: at, items };
    }
    const text = textIn(node) ?? '';
    const value = scalarOf(isScalar(node) ? node.value : null, text);
    return { kind: 'scalar', line, value, text };
  }

  #entries({ items }: YAMLMap, level: number): readonly ContractEntry[] {
    return items.map(({ key, value }) => {
      const line = this.#lineOf(key);
      return { key: textIn(key) ?? '', line, node: this.read(value, level + 1, line) };
    });
  }
}

/** A date of YAML 1.1 is a text here, and so is all else that JSON does not have. */
function scalarOf(value: unknown, text: string): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? value : text;
}

function parsed(
  text: string,
  lineCounter: LineCounter,
  refused: (line: number, reason: string) => FraudstreamError,
): Document {
  try {
    return parseDocument(text, { lineCounter });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refused(1, TOO_DEEP);
  }
}

/** What each alias stands for, found in one pass: asking the library for each takes quadratic time. */
function targetsOf(document: Document): ReadonlyMap<Alias, unknown> {
  const anchors = new Map<string, unknown>();
  const targets = new Map<Alias, unknown>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) targets.set(node, anchors.get(node.source));
      else if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

async function textOf(path: string, what: string, flag: string): Promise<string> {
  try {
    return (await readBounded(path, MOST_BYTES)).toString('utf8');
  } catch (cause) {
    const reason = readFailureOf(cause);
    const message = `The ${what} ${path} cannot be read: ${reason}. Check ${flag}.`;
    throw new FraudstreamError('bad-config', message, { cause });
  }
}

function linesOf(node: unknown, level: number, reading: Reading): readonly YamlLine[] | undefined {
  if (!isMap(node)) return undefined;
  if (level > MOST_LEVELS) throw reading.refuse(node, TOO_DEEP);
  return node.items.map(({ key, value }) => {
    const held = isAlias(value) ? reading.targets.get(value) : value;
    reading.count(isSeq(held) ? held.items.length : 1, key);
    const texts = isSeq(held) ? held.items.map(textIn) : [textIn(held)];
    const inner = linesOf(held, level + 1, reading);
    return {
      key: textIn(key) ?? '',
      line: reading.lineOf(key),
      ...(texts.every((text) => text !== undefined) && { texts }),
      ...(inner && { inner }),
    };
  });
}

/** As it was written: the name of a stream can look like a number. */
function textIn(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return node.source ?? String(node.value);
}
