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
 * The known fields of a value, in the order of the table, or the first problem.
 *
 * Unknown fields are left out: a reader of version 1 survives what a later version adds.
 */
export function checked(
  fields: Readonly<Record<string, Field>>,
  value: unknown,
): { readonly record: Readonly<Record<string, unknown>> } | { readonly problem: Problem } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: { field: '', value, reason: 'must be an object' } };
  }
  const given = value as Readonly<Record<string, unknown>>;
  const record: Record<string, unknown> = {};
  for (const [field, rule] of Object.entries(fields)) {
    const found = Object.hasOwn(given, field) ? given[field] : undefined;
    const reason = fault(found, rule);
    if (reason !== undefined) return { problem: { field, value: found, reason } };
    if (found !== undefined) record[field] = found;
  }
  return { record };
}

/** All that is wrong with a value, in the order of the table; nothing for a sound record. */
export function problemsIn(
  fields: Readonly<Record<string, Field>>,
  value: unknown,
): readonly Problem[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ field: '', value, reason: 'must be an object' }];
  }
  const given = value as Readonly<Record<string, unknown>>;
  const problems: Problem[] = [];
  for (const field in fields) {
    const rule = fields[field];
    const found = Object.hasOwn(given, field) ? given[field] : undefined;
    const reason = rule && fault(found, rule);
    if (reason !== undefined) problems.push({ field, value: found, reason });
  }
  return problems;
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

/** A whole number from 0 up to what a double holds exactly. */
export const wholeNumber: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? undefined
    : 'must be a whole number from 0 to 2^53-1';

export const yesOrNo: Check = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false';

/** An instant such as 2026-01-31T23:59:59.999Z, and a day that exists. */
export const instant: Check = (value) => {
  const reason = 'must be an instant in UTC with milliseconds, such as 2026-01-31T23:59:59.999Z';
  if (typeof value !== 'string' || value.length !== 24) return reason;
  const epochMs = Date.parse(value);
  return Number.isNaN(epochMs) || new Date(epochMs).toISOString() !== value ? reason : undefined;
};

/** An IPv4 or IPv6 address, without a zone. */
export const ipAddress: Check = (value) =>
  typeof value === 'string' && isIP(value) !== 0 && !value.includes('%')
    ? undefined
    : 'must be an IPv4 or IPv6 address';
