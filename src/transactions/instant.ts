/** Characters of an instant: `2026-01-31T23:59:59.999Z`. */
export const INSTANT_LENGTH = 24;

/**
 * Returns the epoch milliseconds of an instant in the one form that records have, `NaN` for anything else.
 *
 * Several times as fast as `Date.parse`, which takes other forms and days that do not exist.
 */
export function instantMs(text: string): number {
  if (text === last.text) return last.ms;
  last.ms = isCopied(text) ? instantMsAt(copy, 0) : Number.NaN;
  last.text = text;
  return last.ms;
}

/** Whoever reads a record asks more than once: to check it, to order it, for its features. */
const last = { text: '', ms: Number.NaN };
const copy = new Uint8Array(INSTANT_LENGTH);

/** True when the text has the length of an instant and is ASCII, and then its bytes are copied. */
function isCopied(text: string): boolean {
  if (text.length !== INSTANT_LENGTH) return false;
  let codes = 0;
  for (let at = 0; at < INSTANT_LENGTH; at += 1) {
    const code = text.charCodeAt(at);
    copy[at] = code;
    codes |= code;
  }
  return codes < 128;
}

/** As `instantMs`, for the text at an offset in bytes, which must be long enough for an instant. */
export function instantMsAt(bytes: Uint8Array, from: number): number {
  if (!hasSeparators(bytes, from)) return Number.NaN;
  const hour = digitsAt(bytes, from + 11, 2);
  const minute = digitsAt(bytes, from + 14, 2);
  const second = digitsAt(bytes, from + 17, 2);
  const ms = digitsAt(bytes, from + 20, 3);
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && ms >= 0;
  if (!isTime) return Number.NaN;
  return dayMsAt(bytes, from) + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

/** Characters of a day: `2026-01-31`. */
const DAY_LENGTH = 10;
/** Instants that are read one after the other are mostly of one day. */
const dayBefore = { bytes: new Uint8Array(DAY_LENGTH), ms: Number.NaN };

/** The epoch milliseconds at which a day begins, `NaN` for what is no day. */
function dayMsAt(bytes: Uint8Array, from: number): number {
  for (let at = 0; at < DAY_LENGTH; at += 1) {
    if (bytes[from + at] !== dayBefore.bytes[at]) return newDayMs(bytes, from);
  }
  return dayBefore.ms;
}

function newDayMs(bytes: Uint8Array, from: number): number {
  const year = digitsAt(bytes, from, 4);
  const month = digitsAt(bytes, from + 5, 2);
  const day = digitsAt(bytes, from + 8, 2);
  const isDay = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  for (let at = 0; at < DAY_LENGTH; at += 1) dayBefore.bytes[at] = bytes[from + at] as number;
  dayBefore.ms = isDay ? Date.UTC(year, month - 1, day) : Number.NaN;
  return dayBefore.ms;
}

/** True for `-`, `T`, `:`, `.` and `Z` in their places. */
function hasSeparators(bytes: Uint8Array, from: number): boolean {
  return (
    bytes[from + 4] === 45 &&
    bytes[from + 7] === 45 &&
    bytes[from + 10] === 84 &&
    bytes[from + 13] === 58 &&
    bytes[from + 16] === 58 &&
    bytes[from + 19] === 46 &&
    bytes[from + 23] === 90
  );
}

/** The number that so many digits are, `NaN` when one is none. */
function digitsAt(bytes: Uint8Array, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

const DAY_MS = 86_400_000;
const numbers = Array.from({ length: 1_000 }, (_, number) => String(number));
const two = numbers.slice(0, 60).map((text) => text.padStart(2, '0'));
const three = numbers.map((text) => text.padStart(3, '0'));
/** Instants that come one after the other are mostly of one day. */
const lastDay = { day: Number.NaN, text: '' };

/** Returns the text of an instant of the years 100 to 9999 in whole milliseconds, several times as fast as `Date.toISOString`. */
export function instantText(epochMs: number): string {
  const day = Math.floor(epochMs / DAY_MS);
  if (day !== lastDay.day) {
    lastDay.text = new Date(day * DAY_MS).toISOString().slice(0, 11);
    lastDay.day = day;
  }
  const ms = epochMs - day * DAY_MS;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hour = two[Math.floor(minutes / 60)];
  return `${lastDay.text}${hour}:${two[minutes % 60]}:${two[seconds % 60]}.${three[ms % 1_000]}Z`;
}
