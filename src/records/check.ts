import { isIP } from 'node:net';

/** Says what is wrong with a value, or `undefined` when nothing is. */
export type Check = (value: unknown) => string | undefined;

/** A field of a record: its check, and whether the record can do without it. */
export interface Field {
  readonly check: Check;
  readonly isRequired: boolean;
}

/** Why a value is no such record: the field, what stood there, what should. */
export interface Problem {
  readonly field: string;
  readonly value: unknown;
  readonly reason: string;
}

/** A field that must be there and must not be null. */
export const required = (check: Check): Field => ({ check, isRequired: true });
/** A field that may be null or absent, both meaning unknown. */
export const optional = (check: Check): Field => ({ check, isRequired: false });

/**
 * A reader of records with these fields: gives the record, or the first problem in the order of the table.
 *
 * Unknown fields are left out: a reader of version 1 survives what a later version adds. A value
 * that has none is itself the record.
 */
export function checker(
  fields: Readonly<Record<string, Field>>,
): (value: unknown) => { readonly record: Fields } | { readonly problem: Problem } {
  const rules = new Map(Object.entries(fields));
  const inOrder = Object.entries(fields).map(([field, { check }]) => ({ field, check }));
  const needed = [...rules].flatMap(([field, { isRequired }]) => (isRequired ? [field] : []));
  return (value) => {
    if (!isObject(value)) return { problem: { field: '', value, reason: 'must be an object' } };
    const hasNeeded = needed.every((field) => value[field] !== undefined && value[field] !== null);
    const strangers = hasNeeded ? strangersIn(value, rules, inOrder) : undefined;
    if (strangers === 0) return { record: value };
    if (strangers !== undefined) return { record: withoutStrangers(value, rules) };
    return { problem: problems(fields, value)[0] as Problem };
  };
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * How many fields are unknown; `undefined` when a known one is wrong.
 *
 * Runs for every line read. Most lines have all fields in the order of the table, and then no field is looked up.
 */
function strangersIn(
  value: Fields,
  rules: ReadonlyMap<string, Field>,
  inOrder: readonly { readonly field: string; readonly check: Check }[],
): number | undefined {
  let strangers = 0;
  let place = 0;
  for (const field in value) {
    const next = inOrder[place];
    place += 1;
    const check = next?.field === field ? next.check : rules.get(field)?.check;
    const found = value[field];
    if (check === undefined) strangers += 1;
    else if (found !== null && found !== undefined && check(found) !== undefined) return undefined;
  }
  return strangers;
}

function withoutStrangers(value: Fields, rules: ReadonlyMap<string, Field>): Fields {
  const known = [...rules.keys()].filter((field) => Object.hasOwn(value, field));
  return Object.fromEntries(known.map((field) => [field, value[field]]));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All problems of a value, in the order of the table; none when it is such a record. */
export function problems(
  fields: Readonly<Record<string, Field>>,
  value: unknown,
): readonly Problem[] {
  if (!isObject(value)) return [{ field: '', value, reason: 'must be an object' }];
  return Object.entries(fields).flatMap(([field, rule]) => {
    const found = Object.hasOwn(value, field) ? value[field] : undefined;
    const reason = fault(found, rule);
    return reason === undefined ? [] : [{ field, value: found, reason }];
  });
}

function fault(value: unknown, { check, isRequired }: Field): string | undefined {
  const isUnknown = value === undefined || value === null;
  if (isUnknown) return isRequired ? 'is required' : undefined;
  return check(value);
}

export const exactly =
  (wanted: string | number): Check =>
  (value) =>
    value === wanted ? undefined : `must be ${JSON.stringify(wanted)}`;

export function oneOf(values: readonly string[]): Check {
  const known = new Set<unknown>(values);
  const reason = `must be one of ${values.length > 12 ? 'the known codes' : values.join(', ')}`;
  return (value) => (known.has(value) ? undefined : reason);
}

export const matching =
  (pattern: RegExp, reason: string): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : reason;

/** Text of 1 to `most` characters; characters are code points, as JSON Schema counts them. */
export const text =
  (most: number): Check =>
  (value) => {
    if (typeof value !== 'string') return 'must be a string';
    const length = value.length <= most ? value.length : [...value].length;
    return length >= 1 && length <= most ? undefined : `must have 1 to ${most} characters`;
  };

/** Text of so many decimal digits. */
export const digits = (least: number, most: number = least): Check => {
  const reason = `must be ${least === most ? least : `${least} to ${most}`} digits`;
  return (value) => {
    if (typeof value !== 'string' || value.length < least || value.length > most) return reason;
    for (let at = 0; at < value.length; at += 1) {
      const code = value.charCodeAt(at);
      if (code < 48 || code > 57) return reason;
    }
    return undefined;
  };
};

/** A whole number from 0 up to what a double holds exactly. */
export const wholeNumber: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? undefined
    : 'must be a whole number from 0 to 2^53-1';

export const yesOrNo: Check = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false';

/** An instant such as 2026-01-31T23:59:59.999Z, and a day that exists. */
export const instant: Check = (value) =>
  typeof value === 'string' && !Number.isNaN(instantMs(value))
    ? undefined
    : 'must be an instant in UTC with milliseconds, such as 2026-01-31T23:59:59.999Z';

/**
 * Epoch milliseconds of an instant in the one form that records have, `NaN` for anything else.
 *
 * Several times as fast as `Date.parse`, which takes other forms and days that do not exist.
 */
export function instantMs(text: string): number {
  if (!hasSeparators(text)) return Number.NaN;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  const ms = digitsAt(text, 20, 3);
  const isDay = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && ms >= 0;
  return isDay && isTime ? Date.UTC(year, month - 1, day, hour, minute, second, ms) : Number.NaN;
}

/** True for a text of 24 characters with `-`, `T`, `:`, `.` and `Z` in their places. */
function hasSeparators(text: string): boolean {
  return (
    text.length === 24 &&
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    text.charCodeAt(19) === 46 &&
    text.charCodeAt(23) === 90
  );
}

/** The number that so many digits are, `NaN` when one is none. */
function digitsAt(text: string, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** An IPv4 or IPv6 address, without a zone. */
export const ipAddress: Check = (value) =>
  typeof value === 'string' && isIP(value) !== 0 && !value.includes('%')
    ? undefined
    : 'must be an IPv4 or IPv6 address';
