import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { NumberText } from './number-text.ts';
import { UnreadableValue } from './unreadable-value.ts';

/** Texts that programs write where a value is missing. */
const missing = new Set([
  ...['NaN', 'nan', '-NaN', 'NULL', 'Null', 'null', '\\N', 'None', '<NA>', 'NaT', '#N/A', 'N/A'],
  ...['undefined', '(null)', 'Infinity', '-Infinity', 'inf', '-inf'],
]);
/** As C, Python and spreadsheets print large numbers (`2.70319E+15`), and as Java does (`2.70319E15`). */
const EXPONENT = /^[+-]?\d(?:(?:\.\d+)?[eE][+-]\d+|\.\d+[eE]\d+)$/;

/** With the flag u, a pair is one character, and no match. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** True for texts such as `NaN`, `NULL` and `\N`, which stand for no value. */
export function isMissingText(text: string): boolean {
  return missing.has(text);
}

/**
 * The text of an identifier: texts as they stand, whole numbers of any size, decimals, true and false, binary as its UTF-8, else as
 * `0x` and hexadecimal digits.
 *
 * Unreadable: objects and lists, what stands for a missing value, and numbers whose digits are lost: with an exponent, or from 2^53 on
 * in a double.
 */
export function identifierText(value: unknown): string | UnreadableValue {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof NumberText) {
    return /[eE]/.test(value.text) ? shortened : value.text;
  }
  if (value instanceof Uint8Array) return binaryText(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return notText(value);
}

const shortened = new UnreadableValue(
  'must be text: this is a number that lost its digits to an exponent',
);

function textOf(text: string): string | UnreadableValue {
  const code = text.charCodeAt(0);
  // Most begin with a letter or digit that none of the odd ones has.
  if (missing.has(text)) return new UnreadableValue('stands for a missing value');
  if (LONE_SURROGATE.test(text))
    return new UnreadableValue('has half of a character, which UTF-8 cannot hold');
  return code < 58 && text.length < 40 && EXPONENT.test(text) ? shortened : text;
}

function numberText(value: number): string | UnreadableValue {
  if (!Number.isFinite(value)) return new UnreadableValue('must be text, and is not even a number');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return new UnreadableValue(
      'is a number past 2^53, whose last digits are lost: keep it as text',
    );
  }
  const text = String(Object.is(value, -0) ? '-0' : value);
  return /e/.test(text) ? shortened : text;
}

function binaryText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = isUtf8(buffer) ? buffer.toString('utf8') : '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they make it no text.
  return text !== '' && !/[\u0000-\u001f\u007f]/.test(text) ? text : `0x${buffer.toString('hex')}`;
}

function notText(value: unknown): UnreadableValue {
  if (Array.isArray(value)) return new UnreadableValue('is a list: name an item, as in cards.0');
  if (typeof value !== 'object' || value === null) return new UnreadableValue('must be text');
  const [key] = Object.keys(value);
  const hint = key === undefined ? '' : `: name what is in it by a path that ends in ".${key}"`;
  return new UnreadableValue(`is an object${hint}`);
}

/**
 * Several identifiers as one, with a separator between; `undefined` without any.
 *
 * A part that is absent is empty. Unreadable: a part that holds the separator, since two joins would then give one text.
 */
export function joined(
  parts: readonly (string | undefined)[],
  separator: string,
): string | UnreadableValue | undefined {
  if (parts.every((part) => part === undefined)) return undefined;
  const torn = separator === '' ? undefined : parts.find((part) => part?.includes(separator));
  if (torn === undefined) return parts.map((part) => part ?? '').join(separator);
  return new UnreadableValue(
    `has a part with "${separator}" in it, which joins parts: set "separator"`,
  );
}

/** SHA-256 of a text with a salt (HMAC, RFC 2104) as 64 hexadecimal digits. */
export function saltedHash(text: string, salt: string): string {
  return createHmac('sha256', salt).update(text).digest('hex');
}

const LEAST_DIGITS = 13;
const MOST_DIGITS = 19;
const LONGEST_NUMBER = MOST_DIGITS + 6;
const GROUPED = /^\d+(?:[ -]\d+)+$/;

/** True for 13 to 19 digits with a right check digit (ISO/IEC 7812-1, Luhn), in groups by spaces or hyphens too. */
export function isCardNumber(text: string): boolean {
  if (text.length < LEAST_DIGITS || text.length > LONGEST_NUMBER) return false;
  const digits = GROUPED.test(text) ? text.replace(/[ -]/g, '') : text;
  const { length } = digits;
  return length >= LEAST_DIGITS && length <= MOST_DIGITS && luhnSum(digits) % 10 === 0;
}

/** The sum of the Luhn check; NaN for what is not all digits, and for zeros alone, which are no number. */
function luhnSum(digits: string): number {
  let sum = 0;
  for (let count = 0; count < digits.length; count += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - count) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    const doubled = count % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum === 0 ? Number.NaN : sum;
}
