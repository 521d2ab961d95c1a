import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../stream/clock.ts';
import { percentDecoded } from '../../text/percent-encoding.ts';
import type { ApiRequest, ServiceError } from './api/api-adapter.ts';

const refusal = (type: string, message: string): ServiceError => ({ status: 403, type, message });

export const missingToken: ServiceError = refusal(
  'MissingAuthenticationTokenException',
  'Missing Authentication Token',
);
export const unknownKey: ServiceError = refusal(
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);
export const expiredToken: ServiceError = refusal(
  'ExpiredTokenException',
  'The security token included in the request is expired',
);
export const wrongSignature: ServiceError = refusal(
  'InvalidSignatureException',
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
);
export const wrongScope = (what: string): ServiceError =>
  refusal('InvalidSignatureException', `Credential should be scoped to ${what}.`);
export const outOfTime = (message: string): ServiceError =>
  refusal('InvalidSignatureException', message);
export const incomplete = (message: string): ServiceError =>
  refusal('IncompleteSignatureException', message);

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
export function canonicalRequest(request: ApiRequest, signedHeaders: readonly string[]): string {
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
    return [encoded(percentDecoded(name)), encoded(percentDecoded(rest.join('=')))] as const;
  });
  const sorted = pairs.sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1));
  return sorted.map(([name, value]) => `${name}=${value}`).join('&');
}

/** All but letters, digits and -._~ as percent signs. */
function encoded(text: string): string {
  const percent = (one: string): string => `%${one.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}

/** What an Authorization header of Signature Version 4 says. */
export interface Authorization {
  readonly accessKeyId: string;
  /** As in the scope: `20261124`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/\s,]+)\/(\d{8})\/([^/\s,]+)\/([^/\s,]+)\/aws4_request,\s*SignedHeaders=([^\s,]+),\s*Signature=([0-9a-f]{64})$/;

/** Reads the header; nothing when it is not whole. Source: AWS General Reference, Signature Version 4. */
export function authorization(header: string): Authorization | undefined {
  const [, accessKeyId, date, region, service, headers, signature] = form.exec(header) ?? [];
  if (!accessKeyId || !date || !region || !service || !headers || !signature) return undefined;
  return { accessKeyId, date, region, service, signedHeaders: headers.split(';'), signature };
}

/** Keys that requests may be signed with; `expiresAt` in epoch milliseconds. */
export interface SigningCredential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiresAt?: number;
}

/** A signature is taken so long before and after its instant. Source: AWS General Reference. */
const SKEW_MS = 5 * 60_000;
/** What must be signed besides the host, where a request carries it. */
const alwaysSigned = ['host', 'x-amz-date', 'x-amz-security-token'];

/** Checks requests against their Signature Version 4, in the form of headers. */
export class Signatures {
  readonly #credentials: ReadonlyMap<string, SigningCredential>;
  readonly #region: string;
  readonly #clock: Pick<Clock, 'now'>;
  /** The key of a day, region and service, by its scope. */
  readonly #keys = new Map<string, Buffer>();

  constructor(
    credentials: readonly SigningCredential[],
    region: string,
    clock: Pick<Clock, 'now'>,
  ) {
    this.#credentials = new Map(credentials.map((one) => [one.accessKeyId, one]));
    this.#region = region;
    this.#clock = clock;
  }

  /** What is wrong with the signature of a request to a service; nothing when it is right. */
  refuse(request: ApiRequest, service: string): ServiceError | undefined {
    const header = request.headers.authorization;
    if (header === undefined) return missingToken;
    const claimed = authorization(header);
    if (!claimed) return incomplete(`Authorization header is not whole: ${header.slice(0, 80)}`);
    const credential = this.#credentials.get(claimed.accessKeyId);
    if (!credential) return unknownKey;
    return (
      this.#refuseToken(request, credential) ??
      this.#refuseScope(claimed, service) ??
      this.#refuseTime(request, claimed) ??
      this.#refuseSignature(request, claimed, credential)
    );
  }

  #refuseToken({ headers }: ApiRequest, credential: SigningCredential): ServiceError | undefined {
    if (headers['x-amz-security-token'] !== credential.sessionToken) return unknownKey;
    const isExpired = this.#clock.now() > (credential.expiresAt ?? Number.POSITIVE_INFINITY);
    return isExpired ? expiredToken : undefined;
  }

  #refuseScope({ region, service }: Authorization, wanted: string): ServiceError | undefined {
    if (region !== this.#region) return wrongScope(`a valid region, not '${region}'`);
    return service === wanted ? undefined : wrongScope(`correct service: '${wanted}'`);
  }

  #refuseTime({ headers }: ApiRequest, { date }: Authorization): ServiceError | undefined {
    const written = String(headers['x-amz-date'] ?? '');
    const at = instantOf(written);
    if (Number.isNaN(at))
      return incomplete("Authorization header requires existence of 'X-Amz-Date' header.");
    if (!written.startsWith(date))
      return outOfTime(
        'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
      );
    const aheadMs = at - this.#clock.now();
    if (Math.abs(aheadMs) <= SKEW_MS) return undefined;
    const isOld = aheadMs < 0;
    const side = isOld
      ? `expired: ${written} is now earlier than`
      : `not yet current: ${written} is still later than`;
    const limit = this.#clock.now() + (isOld ? -SKEW_MS : SKEW_MS);
    return outOfTime(
      `Signature ${side} ${basic(limit)} (${basic(this.#clock.now())} ${isOld ? '-' : '+'} 5 min.)`,
    );
  }

  #refuseSignature(
    request: ApiRequest,
    claimed: Authorization,
    credential: SigningCredential,
  ): ServiceError | undefined {
    const { signedHeaders } = claimed;
    const unsigned = alwaysSigned.find(
      (name) => request.headers[name] !== undefined && !signedHeaders.includes(name),
    );
    if (unsigned !== undefined) return incomplete(`'${unsigned}' must be a signed header.`);
    const scope = [claimed.date, claimed.region, claimed.service, 'aws4_request'].join('/');
    const text = [
      'AWS4-HMAC-SHA256',
      request.headers['x-amz-date'],
      scope,
      sha256Hex(canonicalRequest(request, signedHeaders)),
    ].join('\n');
    const right = hmac(this.#key(credential, scope), text);
    const isRight = timingSafeEqual(right, Buffer.from(claimed.signature, 'hex'));
    return isRight ? undefined : wrongSignature;
  }

  #key({ accessKeyId, secretAccessKey }: SigningCredential, scope: string): Buffer {
    const name = `${accessKeyId}/${scope}`;
    const known = this.#keys.get(name);
    if (known) return known;
    const key = scope
      .split('/')
      .reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secretAccessKey}`);
    this.#keys.set(name, Buffer.from(key));
    return Buffer.from(key);
  }
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** Epoch milliseconds of `20261124T013739Z`. */
function instantOf(written: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(written) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function basic(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}
