import { parseJson } from '../records/parse-json.ts';
import { invalidArgument } from './service-fault.ts';

/** Opaque texts that clients hand back: iterators and page tokens. */
export function encoded(fields: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/** The fields of a token of ours. Errors: InvalidArgumentException for any other text. */
export function decoded(token: string, name: string): Readonly<Record<string, string>> {
  try {
    const fields: unknown = parseJson(Buffer.from(token, 'base64url').toString('utf8'));
    if (isTexts(fields)) return fields;
  } catch {
    // Not ours; told below.
  }
  throw invalidArgument(`Invalid ${name}.`);
}

function isTexts(fields: unknown): fields is Readonly<Record<string, string>> {
  if (typeof fields !== 'object' || fields === null) return false;
  return Object.values(fields).every((value) => typeof value === 'string');
}
