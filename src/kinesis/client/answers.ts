/** Source: Kinesis API reference; what is not marked optional there must be in an answer. */

/** Makes the error of an answer that lacks a required field; it is retried like any failure. */
export function invalidResponse(call: string, lack: string): Error {
  const message = `the answer to ${call} ${lack}`;
  return Object.assign(new Error(message), { name: 'InvalidResponse' });
}

/** Returns a field that must be a list. Errors: `InvalidResponse`. */
export function listIn<T>(
  call: string,
  name: string,
  value: readonly T[] | undefined,
): readonly T[] {
  if (Array.isArray(value)) return value;
  throw invalidResponse(call, value === undefined ? `has no ${name}` : `has ${name} of no list`);
}

/** Returns a field that must be a text, not empty. Errors: `InvalidResponse`. */
export function textIn(call: string, name: string, value: string | undefined): string {
  const text = optionalTextIn(call, name, value);
  if (text) return text;
  throw invalidResponse(call, `has no ${name}`);
}

/** Returns a field that is a text or absent. Errors: `InvalidResponse`. */
export function optionalTextIn(call: string, name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw invalidResponse(call, `has ${name} of another type than text`);
}
