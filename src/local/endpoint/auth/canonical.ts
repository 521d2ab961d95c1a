import { createHash } from 'node:crypto';
import type { FaceRequest } from '../faces/face.ts';

export const sha256Hex = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/**
 * The canonical form of a request, over which Signature Version 4 is made.
 *
 *     method \n path \n query \n name:value \n ... \n \n signed names \n SHA-256 of the body
 *
 * The path is resolved, and encoded once more than it was sent, as every service but S3 has it.
 * Source: AWS General Reference, "Create a canonical request".
 */
export function canonicalRequest(request: FaceRequest, signedHeaders: readonly string[]): string {
  const { method, path, query, headers, body } = request;
  const lines = signedHeaders.map((name) => `${name}:${folded(headers[name])}`);
  return [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    ...lines,
    '',
    signedHeaders.join(';'),
    sha256Hex(body ?? ''),
  ].join('\n');
}

function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(encoded(segment));
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${end}`;
}

function folded(value: string | readonly string[] | undefined): string {
  return String(value ?? '')
    .trim()
    .replace(/\s+/g, ' ');
}

/** Pairs are sorted as they are encoded, by name and then by value. */
function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    return [encoded(decoded(name)), encoded(decoded(rest.join('=')))] as const;
  });
  const sorted = pairs.sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1));
  return sorted.map(([name, value]) => `${name}=${value}`).join('&');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign stands for itself.
    return text;
  }
}

/** All but letters, digits and -._~ as percent signs. */
function encoded(text: string): string {
  const percent = (one: string): string => `%${one.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}
