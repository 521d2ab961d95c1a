/** Offsets of a value in a line of JSON. */
export interface Span {
  readonly from: number;
  readonly end: number;
}

/** A member of an object: `from` is where its key begins. */
interface MemberSpan {
  readonly from: number;
  readonly value: Span;
  readonly isFirst: boolean;
  /** Offset of the comma before it, of the one behind it; -1 without. */
  readonly commaBefore: number;
  readonly commaAfter: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/**
 * The offsets of the value at these steps, in a line that `JSON.parse` has accepted.
 *
 * Of a key that stands twice the last counts, as `JSON.parse` has it.
 */
export function spanAt(line: Uint8Array, steps: readonly string[]): Span | undefined {
  let span: Span | undefined = { from: skipSpace(line, 0), end: line.length };
  for (const step of steps) {
    if (!span) return undefined;
    span = childOf(line, span.from, step);
  }
  return span;
}

/** The text of the value at these steps. */
export function sourceAt(line: Uint8Array, steps: readonly string[]): string | undefined {
  const span = spanAt(line, steps);
  return span && textOf(line, span.from, span.end);
}

/** The line with another value at a span; all other bytes are those of the line. */
export function replaced(line: Uint8Array, { from, end }: Span, by: Uint8Array): Uint8Array {
  return Buffer.concat([line.subarray(0, from), by, line.subarray(end)]);
}

/** The line without the members at these steps; all other bytes are those of the line. */
export function withoutMember(line: Uint8Array, steps: readonly string[]): Uint8Array {
  const parent = spanAt(line, steps.slice(0, -1));
  const step = steps.at(-1);
  if (!parent || step === undefined || line[parent.from] !== OPEN_OBJECT) return line;
  let left = line;
  for (;;) {
    const member = membersOf(left, parent.from).findLast(({ key }) => key === step)?.span;
    if (!member) return left;
    const { from, value, commaBefore, commaAfter } = member;
    const [cutFrom, cutEnd] = commaAfter >= 0 ? [from, commaAfter + 1] : [commaBefore, value.end];
    left = Buffer.concat([
      left.subarray(0, commaAfter < 0 && commaBefore < 0 ? from : cutFrom),
      left.subarray(cutEnd),
    ]);
  }
}

function childOf(line: Uint8Array, from: number, step: string): Span | undefined {
  if (line[from] === OPEN_OBJECT) {
    return membersOf(line, from).findLast(({ key }) => key === step)?.span.value;
  }
  if (line[from] !== OPEN_ARRAY || !/^(0|[1-9]\d*)$/.test(step)) return undefined;
  let at = skipSpace(line, from + 1);
  for (let index = 0; line[at] !== CLOSE_ARRAY; index += 1) {
    const end = endOfValue(line, at);
    if (index === Number(step)) return { from: at, end };
    at = skipSpace(line, end);
    if (line[at] !== COMMA) return undefined;
    at = skipSpace(line, at + 1);
  }
  return undefined;
}

function membersOf(line: Uint8Array, from: number): { key: string; span: MemberSpan }[] {
  const members: { key: string; span: MemberSpan }[] = [];
  let commaBefore = -1;
  let at = skipSpace(line, from + 1);
  while (line[at] === QUOTE) {
    const keyEnd = endOfString(line, at);
    const key = JSON.parse(textOf(line, at, keyEnd)) as string;
    const valueFrom = skipSpace(line, skipSpace(line, keyEnd) + 1);
    const value = { from: valueFrom, end: endOfValue(line, valueFrom) };
    const after = skipSpace(line, value.end);
    const commaAfter = line[after] === COMMA ? after : -1;
    const isFirst = members.length === 0;
    members.push({ key, span: { from: at, value, isFirst, commaBefore, commaAfter } });
    if (commaAfter < 0) break;
    commaBefore = commaAfter;
    at = skipSpace(line, commaAfter + 1);
  }
  return members;
}

function endOfValue(line: Uint8Array, from: number): number {
  const first = line[from];
  if (first === QUOTE) return endOfString(line, from);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return endOfNested(line, from);
  let at = from;
  while (at < line.length && !isDelimiter(line[at] as number)) at += 1;
  return at;
}

function endOfNested(line: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  while (at < line.length) {
    const byte = line[at];
    if (byte === QUOTE) {
      at = endOfString(line, at);
      continue;
    }
    at += 1;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    if (depth === 0) return at;
  }
  return at;
}

function endOfString(line: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < line.length && line[at] !== QUOTE) at += line[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function isDelimiter(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || isSpace(byte);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function skipSpace(line: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(line[at])) at += 1;
  return at;
}

function textOf(line: Uint8Array, from: number, end: number): string {
  return Buffer.from(line.buffer, line.byteOffset + from, end - from).toString('utf8');
}
