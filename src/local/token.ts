import { invalidArgument } from './service-fault.ts';

/** Opaque texts that clients hand back: iterators and page tokens. */
export function encoded(fields: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/** The fields of a token of ours. Errors: InvalidArgumentException for any other text. */
export function decoded(token: string, name: string): Readonly<Record<string, string>> {
  try {
    const fields: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof fields === 'object' && fields !== null) return fields as Record<string, string>;
  } catch {
    // Not ours; told below.
  }
  throw invalidArgument(`Invalid ${name}.`);
}
