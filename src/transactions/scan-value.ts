import { isUtf8 } from 'node:buffer';
import { INSTANT_LENGTH, instantMsAt } from './instant.ts';

/**
 * Returns the end of a JSON value that begins at an offset and passes a check; -1 if that cannot be told from its bytes.
 *
 * -1 says nothing against the value: it may be written in another way (escapes, exponents), or be wrong.
 */
export type Ends = (bytes: Uint8Array, from: number) => number;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const ZERO = 0x30;
const BEYOND_ASCII = 0x80;
/** Whole numbers of so many digits are below 2^53. */
const SAFE_DIGITS = 15;

/** Text of 1 to `most` code points without escapes. */
export function endsOfText(most: number): Ends {
  return (bytes, from) => {
    const end = endOfAscii(bytes, from);
    if (end < 0) return endOfUnicode(bytes, from, most);
    return end > from + 2 && end <= from + 2 + most ? end : -1;
  };
}

/** Text of `least` to `most` characters, all of them ASCII and such as `isOne` says. */
export function endsOfCharacters(
  least: number,
  most: number,
  isOne: (code: number) => boolean,
): Ends {
  const isKnown = Uint8Array.from({ length: 256 }, (_, code) => Number(isOne(code)));
  return (bytes, from) => {
    if (bytes[from] !== QUOTE) return -1;
    let at = from + 1;
    while (isKnown[bytes[at] as number] === 1) at += 1;
    const length = at - from - 1;
    return bytes[at] === QUOTE && length >= least && length <= most ? at + 1 : -1;
  };
}

/** One of some values in their plainest form. */
export function endsOfValues(values: readonly (string | number | boolean)[]): Ends {
  const forms = values.map((value) => Buffer.from(JSON.stringify(value)));
  // The first byte of most is a quote: the second tells them apart.
  const single = forms.filter((form) => form.length === 1);
  const likely = new Array<readonly Uint8Array[]>(256).fill(single);
  for (const [, code] of forms) {
    if (code === undefined) continue;
    likely[code] = forms.filter((form) => form.length === 1 || form[1] === code);
  }
  return (bytes, from) => {
    for (const form of likely[bytes[from + 1] as number] ?? []) {
      if (standsAt(bytes, from, form)) return from + form.length;
    }
    return -1;
  };
}

/** A whole number from 0, without sign, fraction and exponent. */
export const endOfWholeNumber: Ends = (bytes, from) => {
  let at = from;
  while (isDigit(bytes[at] as number)) at += 1;
  const isPlain = at > from && at - from <= SAFE_DIGITS;
  return isPlain && (bytes[from] !== ZERO || at === from + 1) ? at : -1;
};

/** An instant in the one form that records have. */
export const endOfInstant: Ends = (bytes, from) => {
  const end = from + INSTANT_LENGTH + 2;
  const isQuoted = bytes[from] === QUOTE && bytes[end - 1] === QUOTE;
  return isQuoted && !Number.isNaN(instantMsAt(bytes, from + 1)) ? end : -1;
};

/** Text of ASCII without escapes that passes a check. */
export function endsOfChecked(check: (value: string) => string | undefined): Ends {
  return (bytes, from) => {
    const end = endOfAscii(bytes, from);
    return end > 0 && check(textAt(bytes, from, end)) === undefined ? end : -1;
  };
}

/** The text that stands between the quotes of a value without escapes. */
export function textAt(bytes: Uint8Array, from: number, end: number): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString('utf8', from + 1, end - 1);
}

/** Returns true if the bytes occur at the offset. */
export function standsAt(bytes: Uint8Array, from: number, wanted: Uint8Array): boolean {
  for (let at = 0; at < wanted.length; at += 1) {
    if (bytes[from + at] !== wanted[at]) return false;
  }
  return true;
}

function endOfAscii(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) return -1;
  for (let at = from + 1; at < bytes.length; at += 1) {
    const code = bytes[at] as number;
    if (code === QUOTE) return at + 1;
    if (code < SPACE || code >= BEYOND_ASCII || code === BACKSLASH) return -1;
  }
  return -1;
}

/** As `endOfAscii`, for text in UTF-8 of 1 to `most` code points. */
function endOfUnicode(bytes: Uint8Array, from: number, most: number): number {
  if (bytes[from] !== QUOTE) return -1;
  const close = bytes.indexOf(QUOTE, from + 1);
  const text = bytes.subarray(from + 1, close);
  if (close < 0 || !isUtf8(text)) return -1;
  let count = 0;
  for (const code of text) {
    if (code < SPACE || code === BACKSLASH) return -1;
    if (!isContinuation(code)) count += 1;
  }
  return count >= 1 && count <= most ? close + 1 : -1;
}

/** True for the bytes of a code point that follow its first. */
const isContinuation = (code: number): boolean => (code & 0xc0) === 0x80;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
