/** A value as JSON, its keys in snake_case as everywhere on the wire; functions are not expected. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Returns a value with its keys in snake_case; NaN and infinity become null, undefined is left out. */
export function snakeCased(value: unknown): Json {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [snake(key), snakeCased(inner)]),
    );
  }
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** As `snakeCased`, with its type, for values without NaN. */
export function snaked<T>(value: T): Snaked<T> {
  return snakeCased(value) as Snaked<T>;
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (character) => `_${character.toLowerCase()}`);
}

type Snake<Key> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : Key;

/** The type of a record after `snakeCased`. */
export type Snaked<T> = T extends readonly (infer Item)[]
  ? readonly Snaked<Item>[]
  : T extends object
    ? { readonly [Key in keyof T as Snake<Key>]: Snaked<T[Key]> }
    : T;
