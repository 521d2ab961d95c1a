/** What is added to the first 48 bits of an IPv6 address, so that no IPv4 address is the same number. */
export const V6: number = 2 ** 48;

const DOT = 46;
const COLON = 58;
const GROUPS = 8;
/** The groups of the IPv6 address being read. */
const groups = new Uint16Array(GROUPS);

/**
 * The number of an address, or NaN for a text that is none.
 *
 * IPv4: the address, below 2^32. IPv6: `V6` and the first 48 bits; the rest is checked and dropped.
 * An IPv4 address in the form of IPv6 (`::ffff:192.0.2.1`) is that IPv4 address.
 * A zone (`%eth0`) is refused: it means nothing away from its machine.
 */
export function parseAddress(text: string): number {
  const v4 = parseV4(text, 0);
  return v4 >= 0 ? v4 : parseV6(text);
}

/** The IPv4 address that the text is from `start` to its end, or -1. */
function parseV4(text: string, start: number): number {
  let address = 0;
  let part = -1;
  let dots = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (part < 0) return -1;
      address = (address << 8) | part;
      part = -1;
      dots += 1;
    } else {
      part = longerPart(part, code - 48);
      if (part < 0) return -1;
    }
  }
  return dots === 3 && part >= 0 ? ((address << 8) | part) >>> 0 : -1;
}

/** A part of an IPv4 address with one more digit, or -1; -1 is also the part without digits. */
function longerPart(part: number, digit: number): number {
  // A leading zero is refused: some read such a part as octal.
  if (digit < 0 || digit > 9 || part === 0) return -1;
  const longer = part < 0 ? digit : part * 10 + digit;
  return longer > 255 ? -1 : longer;
}

function parseV6(text: string): number {
  let count = 0;
  let gap = -1;
  let at = 0;
  while (count >= 0 && at < text.length) {
    const colons = colonsAt(text, at);
    const isGap = colons === 2;
    const isInvalid = isGap ? gap >= 0 : colons !== Math.min(count, 1);
    if (isInvalid) return Number.NaN;
    if (isGap) gap = count;
    at += colons;
    if (isGap && at === text.length) break;
    const end = groupEnd(text, at);
    count = readGroup(text, at, end, count);
    at = end;
  }
  return isComplete(count, gap) ? numberOf(count, gap) : Number.NaN;
}

/** Whether so many groups are an address; a gap stands for at least one more. */
function isComplete(count: number, gap: number): boolean {
  return gap < 0 ? count === GROUPS : count >= 0 && count < GROUPS;
}

/** How many colons stand here, up to two. */
function colonsAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== COLON) return 0;
  return text.charCodeAt(at + 1) === COLON ? 2 : 1;
}

/** Where the group ends that starts here: after four digits at most, or with the text if it is IPv4. */
function groupEnd(text: string, start: number): number {
  let end = start;
  while (end < start + 4 && hexDigit(text.charCodeAt(end)) >= 0) end += 1;
  return text.charCodeAt(end) === DOT ? text.length : end;
}

/** Reads a group, or IPv4 as two of them; says how many there are now, or -1. */
function readGroup(text: string, start: number, end: number, count: number): number {
  if (end > start + 4) return readV4(text, start, count);
  if (end === start || count === GROUPS) return -1;
  let group = 0;
  for (let at = start; at < end; at += 1) {
    const digit = hexDigit(text.charCodeAt(at));
    if (digit < 0) return -1;
    group = group * 16 + digit;
  }
  groups[count] = group;
  return count + 1;
}

function readV4(text: string, start: number, count: number): number {
  const v4 = parseV4(text, start);
  if (v4 < 0 || count > GROUPS - 2) return -1;
  groups[count] = v4 >>> 16;
  groups[count + 1] = v4 & 0xffff;
  return count + 2;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function numberOf(count: number, gap: number): number {
  if (gap >= 0) {
    groups.copyWithin(GROUPS - count + gap, gap, count);
    groups.fill(0, gap, GROUPS - count + gap);
  }
  return isMapped() ? numberAt(6) : V6 + numberAt(0) * 65536 + (groups[2] as number);
}

/** Whether the groups are `::ffff:` and an IPv4 address. */
function isMapped(): boolean {
  return groups[5] === 0xffff && groups[4] === 0 && numberAt(0) === 0 && numberAt(2) === 0;
}

/** Two groups as one number. */
function numberAt(index: number): number {
  return (groups[index] as number) * 65536 + (groups[index + 1] as number);
}
