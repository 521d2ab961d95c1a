import { validateHeaderName, validateHeaderValue } from 'node:http';
import { FraudstreamError, messageOf } from '../../errors.ts';
import type { Credentials, SignedRequest } from './sigv4.ts';

/** Where requests of one kind go: all but their bodies. `signing` for those that AWS checks. */
export interface HttpTarget {
  readonly origin: string;
  readonly request: SignedRequest;
  readonly signing: Signing | undefined;
}

/** Under which names requests are signed, and by whom. */
export interface Signing {
  readonly service: string;
  readonly region: string;
  readonly keyring: CredentialSource;
}

/** Credentials of this moment, renewed in time. */
export interface CredentialSource {
  current(): Credentials;
  /**
   * Reads the credentials again after the service refused these; true if `current` has others now.
   *
   * Errors: those of the provider.
   */
  replacement(refused: Credentials): Promise<boolean>;
}

/** The target of a URL with headers; names of headers in lower case. */
export function urlTarget(
  url: string,
  headers: Readonly<Record<string, string>>,
  signing: Signing | undefined,
): HttpTarget {
  const { origin, host, pathname, searchParams } = new URL(url);
  const query: Record<string, readonly string[]> = {};
  for (const name of searchParams.keys()) query[name] = searchParams.getAll(name);
  return {
    origin,
    request: { method: 'POST', path: pathname, query, headers: { host, ...headers } },
    signing,
  };
}

/** The path with its query, as it stands in the first line of a request. */
export function pathOf({ path, query }: SignedRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** Names that belong to the connection, not to a request. Source: RFC 9110, section 7.6.1. */
const OF_CONNECTION =
  /^(connection|content-length|expect|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;

/** Errors: `usage` for a header that HTTP cannot send. */
export function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (cause) {
    const message = `--header ${JSON.stringify(name)}: its name or its value cannot be sent by HTTP (${messageOf(cause)}).`;
    throw new FraudstreamError('usage', message, { cause });
  }
  if (!OF_CONNECTION.test(name.toLowerCase())) return;
  const message = `--header ${name}: this header belongs to the connection and cannot be set. Leave it out.`;
  throw new FraudstreamError('usage', message);
}
