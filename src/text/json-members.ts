/** A member of a JSON object in its bytes: its name, and the offsets of its parts. */
export interface JsonMember {
  readonly name: string;
  /** Of the quote that begins the name. */
  readonly from: number;
  readonly valueFrom: number;
  /** Behind the value. */
  readonly end: number;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
/** What can stand behind a number. */
const ends = new Set([COMMA, CLOSE, CLOSE_ARRAY]);

/**
 * The bytes of a JSON object with other values of some members; those that it lacks are added at its end.
 *
 * `values` are texts of JSON by name. Every other byte stays. The object must have been parsed before.
 */
export function withMembers(
  object: Uint8Array,
  values: Readonly<Record<string, string>>,
): Uint8Array {
  const parts: Uint8Array[] = [];
  const missing = new Set(Object.keys(values));
  let at = 0;
  const members = membersOf(object, object.indexOf(OPEN));
  for (const { name, valueFrom, end } of members) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) continue;
    missing.delete(name);
    parts.push(object.subarray(at, valueFrom), Buffer.from(value));
    at = end;
  }
  if (missing.size === 0) return Buffer.concat([...parts, object.subarray(at)]);
  const added = [...missing].map((name) => `${JSON.stringify(name)}:${values[name]}`).join(',');
  const behind = members.at(-1)?.end ?? object.indexOf(OPEN) + 1;
  const text = Buffer.from(members.length > 0 ? `,${added}` : added);
  return Buffer.concat([...parts, object.subarray(at, behind), text, object.subarray(behind)]);
}

/** The bytes of a JSON object without some members; every other byte stays, but for one comma each. */
export function withoutMembers(object: Uint8Array, names: ReadonlySet<string>): Uint8Array {
  const members = membersOf(object, object.indexOf(OPEN));
  const kept = members.filter(({ name }) => !names.has(name));
  if (kept.length === members.length) return object;
  const parts: Uint8Array[] = [object.subarray(0, members[0]?.from ?? 0)];
  for (const [index, { from, end }] of kept.entries()) {
    if (index > 0) parts.push(Buffer.from(','));
    parts.push(object.subarray(from, end));
  }
  parts.push(object.subarray(members.at(-1)?.end ?? 0));
  return Buffer.concat(parts);
}

/** The members of the object whose brace is at an offset, in bytes that `JSON.parse` has accepted. */
export function membersOf(bytes: Uint8Array, brace: number): readonly JsonMember[] {
  const members: JsonMember[] = [];
  let at = skipSpace(bytes, brace + 1);
  while (bytes[at] === QUOTE) {
    const from = at;
    const nameEnd = endOfText(bytes, from);
    const colon = skipSpace(bytes, nameEnd);
    const valueFrom = skipSpace(bytes, colon + 1);
    const end = endOfValue(bytes, valueFrom);
    members.push({ name: nameIn(bytes.subarray(from, nameEnd)), from, valueFrom, end });
    const behind = skipSpace(bytes, end);
    if (bytes[behind] !== COMMA) break;
    at = skipSpace(bytes, behind + 1);
  }
  return members;
}

/** The offset of the next byte that is not white space. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] as number) <= SPACE) at += 1;
  return at;
}

/** The offset behind the value that begins at an offset, in bytes that `JSON.parse` has accepted. */
export function endOfValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return endOfText(bytes, from);
  if (first !== OPEN && first !== OPEN_ARRAY) return endOfWord(bytes, from);
  let depth = 0;
  let at = from;
  do {
    const byte = bytes[at];
    depth += Number(byte === OPEN || byte === OPEN_ARRAY);
    depth -= Number(byte === CLOSE || byte === CLOSE_ARRAY);
    at = byte === QUOTE ? endOfText(bytes, at) : at + 1;
  } while (depth > 0 && at < bytes.length);
  return at;
}

function nameIn(text: Uint8Array): string {
  return JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.length).toString('utf8'));
}

/** Behind the closing quote. */
function endOfText(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** A number, true, false or null ends before what follows. */
function endOfWord(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] as number) > SPACE && !ends.has(bytes[at] as number))
    at += 1;
  return at;
}
