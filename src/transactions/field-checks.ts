import { isIP } from 'node:net';
import { isJsonObject } from '../text/parse-json.ts';
import { instantMs } from './instant.ts';
import {
  type Ends,
  endOfInstant,
  endOfWholeNumber,
  endsOfCharacters,
  endsOfText,
  endsOfValues,
} from './scan-value.ts';

/** Returns what is wrong with a value, or `undefined`. */
export interface Check {
  (value: unknown): string | undefined;
  /** The same check on a value that has not been parsed; without, a text is made and checked. */
  readonly ends?: Ends;
}

/** A field of a record: its check, and whether it is required. */
export interface Field {
  readonly check: Check;
  readonly isRequired: boolean;
}

/** A validation problem: the field, the value, what is expected. */
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
 * Returns a parser of records with these fields: it gives the record, or the first problem in the order of the table.
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
    if (!isJsonObject(value)) return { problem: { field: '', value, reason: 'must be an object' } };
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
  let index = 0;
  for (const field in value) {
    const next = inOrder[index];
    index += 1;
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

/** Returns all problems of a value, in the order of the table. */
export function problems(
  fields: Readonly<Record<string, Field>>,
  value: unknown,
): readonly Problem[] {
  if (!isJsonObject(value)) return [{ field: '', value, reason: 'must be an object' }];
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

/** A check of values, and the same of their bytes. */
const both = (check: (value: unknown) => string | undefined, ends: Ends): Check =>
  Object.assign(check, { ends });

export const exactly = (wanted: string | number): Check =>
  both(
    (value) => (value === wanted ? undefined : `must be ${JSON.stringify(wanted)}`),
    endsOfValues([wanted]),
  );

export function oneOf(values: readonly string[]): Check {
  const known = new Set<unknown>(values);
  const reason = `must be one of ${values.length > 12 ? 'the known codes' : values.join(', ')}`;
  return both((value) => (known.has(value) ? undefined : reason), endsOfValues(values));
}

export function oneOfNumbers(values: readonly number[]): Check {
  return both(
    (value) => (values.includes(value as number) ? undefined : `must be ${values.join(' or ')}`),
    endsOfValues(values),
  );
}

/** Text of 1 to `most` characters; characters are code points, as JSON Schema counts them. */
export const text = (most: number): Check =>
  both((value) => {
    if (typeof value !== 'string') return 'must be a string';
    const length = value.length <= most ? value.length : [...value].length;
    return length >= 1 && length <= most ? undefined : `must have 1 to ${most} characters`;
  }, endsOfText(most));

/** Text of so many decimal digits. */
export const digits = (least: number, most: number = least): Check =>
  ofCharacters(least, most, isDigit, 'digits');

/** Text of so many decimal digits and capital letters. */
export const digitsOrCapitals = (length: number): Check =>
  ofCharacters(
    length,
    length,
    (code) => isDigit(code) || isCapital(code),
    'digits or capital letters',
  );

/** Text of so many capital letters. */
export const capitals = (length: number): Check =>
  ofCharacters(length, length, isCapital, 'capital letters');

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isCapital = (code: number): boolean => code >= 65 && code <= 90;

/** Looked at one by one: for every line read, that is faster than a pattern. */
function ofCharacters(
  least: number,
  most: number,
  isOne: (code: number) => boolean,
  names: string,
): Check {
  const reason = `must be ${least === most ? least : `${least} to ${most}`} ${names}`;
  const check = (value: unknown): string | undefined => {
    if (typeof value !== 'string' || value.length < least || value.length > most) return reason;
    for (let at = 0; at < value.length; at += 1) if (!isOne(value.charCodeAt(at))) return reason;
    return undefined;
  };
  return both(check, endsOfCharacters(least, most, isOne));
}

/** A whole number from 0 up to what a double holds exactly. */
export const wholeNumber: Check = both(
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0
      ? undefined
      : 'must be a whole number from 0 to 2^53-1',
  endOfWholeNumber,
);

export const yesOrNo: Check = both(
  (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  endsOfValues([true, false]),
);

/** An instant such as 2026-01-31T23:59:59.999Z, and a day that exists. */
export const instant: Check = both(
  (value) =>
    typeof value === 'string' && !Number.isNaN(instantMs(value))
      ? undefined
      : 'must be an instant in UTC with milliseconds, such as 2026-01-31T23:59:59.999Z',
  endOfInstant,
);

/** An IPv4 or IPv6 address, without a zone. */
export const ipAddress: Check = (value) =>
  typeof value === 'string' && isIP(value) !== 0 && !value.includes('%')
    ? undefined
    : 'must be an IPv4 or IPv6 address';
