import { readFile } from 'node:fs/promises';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { FraudstreamError } from '../../fraudstream-error.ts';

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

/** A document, with what it takes to tell where a part of it stands. */
interface Reading {
  readonly document: Document;
  lineOf(node: unknown): number;
}

/**
 * The keys of a YAML or JSON file, in its order; `what` it is and which `flag` names it, for errors.
 *
 * Errors: throws `bad-config` for a file that cannot be read, is not YAML, or is no mapping.
 */
export async function yamlLines(
  path: string,
  what: string,
  flag: string,
): Promise<readonly YamlLine[]> {
  const counter = new LineCounter();
  const document = parseDocument(await textOf(path, what, flag), { lineCounter: counter });
  const [error] = document.errors;
  if (error) {
    const [line] = error.linePos ?? [];
    const reason = error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '');
    throw new FraudstreamError('bad-config', `${path}:${line?.line ?? 1}: not YAML: ${reason}.`);
  }
  const lineOf = (node: unknown): number =>
    isScalar(node) || isMap(node) || isSeq(node) ? counter.linePos(node.range?.[0] ?? 0).line : 1;
  if (document.contents === null) return [];
  const lines = linesOf(document.contents, { document, lineOf });
  if (lines) return lines;
  throw new FraudstreamError('bad-config', `${path}:1: expected lines such as "key: value".`);
}

async function textOf(path: string, what: string, flag: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The ${what} ${path} cannot be read: ${reason}. Check ${flag}.`;
    throw new FraudstreamError('bad-config', message, { cause });
  }
}

function linesOf(node: unknown, reading: Reading): readonly YamlLine[] | undefined {
  if (!isMap(node)) return undefined;
  return node.items.map(({ key, value }) => {
    const held = isAlias(value) ? value.resolve(reading.document) : value;
    const texts = isSeq(held) ? held.items.map(textIn) : [textIn(held)];
    const inner = linesOf(held, reading);
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
