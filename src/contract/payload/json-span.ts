import { endOfValue, membersOf, skipSpace } from '../../text/json-members.ts';

/** Offsets of a value in a line of JSON. */
export interface Span {
  readonly from: number;
  readonly end: number;
}

const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
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
  return span && Buffer.from(line.subarray(span.from, span.end)).toString('utf8');
}

/** The line with another value at a span; all other bytes are those of the line. */
export function replaced(line: Uint8Array, { from, end }: Span, by: Uint8Array): Uint8Array {
  return Buffer.concat([line.subarray(0, from), by, line.subarray(end)]);
}

/** The line without the members at these steps; all other bytes are those of the line. */
export function withoutMember(line: Uint8Array, steps: readonly string[]): Uint8Array {
  const parent = spanAt(line, steps.slice(0, -1));
  if (!parent || steps.length === 0 || line[parent.from] !== OPEN_OBJECT) return line;
  let left = line;
  for (;;) {
    const cut = memberToCut(left, parent.from, steps.at(-1) as string);
    if (!cut) return left;
    left = replaced(left, cut, new Uint8Array(0));
  }
}

/** A member with the comma behind it; the last one with the comma before it. */
function memberToCut(line: Uint8Array, brace: number, name: string): Span | undefined {
  const members = membersOf(line, brace);
  const index = members.findLastIndex((member) => member.name === name);
  const member = members[index];
  if (!member) return undefined;
  const comma = skipSpace(line, member.end);
  if (line[comma] === COMMA) return { from: member.from, end: comma + 1 };
  const before = members[index - 1];
  return { from: before ? skipSpace(line, before.end) : member.from, end: member.end };
}

function childOf(line: Uint8Array, from: number, step: string): Span | undefined {
  if (line[from] === OPEN_OBJECT) {
    const member = membersOf(line, from).findLast(({ name }) => name === step);
    return member && { from: member.valueFrom, end: member.end };
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
