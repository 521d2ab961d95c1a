import { messageOf } from '../../errors.ts';
import { parseJson } from '../../text/parse-json.ts';

/**
 * The values at a JSON pointer in which `*` stands for every item of an array; `undefined` where
 * the pointer leads nowhere. Of several items those that have no such member give `undefined`.
 *
 * Source: RFC 6901 (`~1` is a slash, `~0` a tilde), plus the star.
 */
export function valuesAt(value: unknown, pointer: string): readonly unknown[] | undefined {
  let found: readonly unknown[] = [value];
  for (const word of pointer.split('/').slice(1)) {
    const next = step(found, word.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (!next) return undefined;
    found = next;
  }
  return found;
}

function step(values: readonly unknown[], name: string): readonly unknown[] | undefined {
  if (name === '*') return values.every(Array.isArray) ? values.flat() : undefined;
  const inner = values.map((value) => member(value, name));
  const isNowhere = inner.length > 0 && inner.every((one) => one === undefined);
  return isNowhere ? undefined : inner;
}

function member(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/**
 * The scores of an answer, one for each row that was sent and in their order, or what is wrong.
 *
 * `problems` are those of single rows by their index, whose scores are NaN; absent without any.
 */
export type ParsedAnswer =
  | { readonly scores: readonly number[]; readonly problems?: ReadonlyMap<number, string> }
  | { readonly problem: string };

/** Where well-known containers write scores; tried in this order. */
const KNOWN_POINTERS = [
  '/predictions/*/score',
  '/predictions/*',
  '/*/score',
  '/*',
  '/score',
] as const;

/**
 * Reads the scores out of an answer, strictly: as many as rows, each a number from 0 to 1.
 *
 * As long as one of them is, the others are errors of their own rows. Text is numbers with
 * commas or line ends between; JSON lines are read line by line; in JSON they stand at the pointer,
 * whose `*` counts the rows. What an answer says of its own form is believed unless it starts like
 * JSON.
 */
export function scoresOf(
  contentType: string,
  body: Uint8Array,
  rows: number,
  pointer: string | undefined,
): ParsedAnswer {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  try {
    return counted(valuesOf(contentType, text, rows, pointer), rows);
  } catch (error) {
    const reason = messageOf(error);
    return { problem: `the answer cannot be read: ${reason}` };
  }
}

function valuesOf(
  contentType: string,
  untrimmed: string,
  rows: number,
  pointer: string | undefined,
): readonly unknown[] {
  const text = untrimmed.trim();
  if (JSON_LINES.test(contentType)) return linesValues(text, pointer);
  if (/json/i.test(contentType) || /^[[{]/.test(text)) return jsonOrLines(text, pointer);
  if (text === '') return [];
  const words = text.split(/\s*,\s*|\s+/);
  if (words.length === rows) return words.map(numberOf);
  // Where a score was left out, its line may be there all the same.
  const lines = untrimmed.replace(/\r?\n$/, '').split(/\r?\n/);
  return (lines.length === rows ? lines : words).map(numberOf);
}

/** Names of JSON lines: `application/jsonlines`, `application/jsonl`, `application/x-ndjson`. */
const JSON_LINES = /jsonl|ndjson|json-?seq/i;

/** One JSON value, or JSON lines under another name: what the first is not, the second may be. */
function jsonOrLines(text: string, pointer: string | undefined): readonly unknown[] {
  let value: unknown;
  try {
    value = jsonOf(text);
  } catch (error) {
    if (!text.includes('\n')) throw error;
    return linesValues(text, pointer);
  }
  return jsonValues(value, pointer);
}

function linesValues(text: string, pointer: string | undefined): readonly unknown[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line) => lineValues(jsonOf(line), pointer));
}

/** JSON, also as Python writes it: with NaN and Infinity, which come as text. */
function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const quoted = text.replace(/([[:,]\s*)(NaN|-?Infinity)(?=\s*[,\]}])/g, '$1"$2"');
    if (quoted === text) throw error;
    return parseJson(quoted);
  }
}

function jsonValues(value: unknown, pointer: string | undefined): readonly unknown[] {
  if (pointer !== undefined) {
    const values = valuesAt(value, pointer);
    if (values) return values.map(scoreIn);
    throw new Error(`nothing at ${pointer}`);
  }
  for (const known of KNOWN_POINTERS) {
    const values = valuesAt(value, known);
    const scores = values?.map(scoreIn);
    const hasScores = scores?.length === 0 || scores?.some((item) => typeof item === 'number');
    if (scores && hasScores) return scores;
  }
  throw new Error('no scores at any known pointer; give --score-pointer');
}

/** Where a line of JSON lines has its score. */
const LINE_POINTERS = ['/score', '/predictions/*/score', '/predictions/*', '/*'] as const;

/** A line that has no score is a row without one. */
function lineValues(value: unknown, pointer: string | undefined): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [scoreIn(value)];
  const pointers = pointer === undefined ? LINE_POINTERS : [pointer];
  const found = pointers.map((one) => valuesAt(value, one)).find((values) => values !== undefined);
  return (found ?? [undefined]).map(scoreIn);
}

/** A value of JSON; a number may be written as text. */
function scoreIn(value: unknown): unknown {
  return typeof value === 'string' ? numberOf(value) : value;
}

/** Decimal, as every language writes it: not all that `Number` takes, such as 0x1. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What is no number stays the text that came. */
function numberOf(text: string): unknown {
  const trimmed = text.trim();
  return DECIMAL.test(trimmed) ? Number(trimmed) : text;
}

function counted(values: readonly unknown[], rows: number): ParsedAnswer {
  if (values.length !== rows) {
    return { problem: `${values.length} scores came for ${rows} rows` };
  }
  const problems = new Map<number, string>();
  for (const [row, value] of values.entries()) {
    if (!isScore(value)) problems.set(row, `a score is ${shown(value)}, not from 0 to 1`);
  }
  if (problems.size === 0) return { scores: values as readonly number[] };
  const [first = ''] = problems.values();
  if (problems.size === rows) return { problem: first };
  return { scores: values.map((value) => (isScore(value) ? value : Number.NaN)), problems };
}

function isScore(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? 'missing' : value;
  return JSON.stringify(value) ?? 'missing';
}
