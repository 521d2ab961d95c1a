import { createHmac, hash } from 'node:crypto';

/** Keys that sign. `sessionToken` belongs to those that expire. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Everything about a request but its body. `path` is encoded, `query` is not. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** With the host. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers that are signed, in their order; one that changes has no line yet. */
interface Signed {
  readonly names: string;
  readonly headers: readonly { readonly name: string; readonly line: string | undefined }[];
}

function signed(headers: Signed['headers']): Signed {
  const inOrder = headers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { names: inOrder.map(({ name }) => name).join(';'), headers: inOrder };
}

type Headers = Readonly<Record<string, string>>;

/** Not signed: what proxies change or the client adds. Source: signature-v4 of the AWS SDK. */
const UNSIGNED = new Set(
  'authorization cache-control connection expect from keep-alive max-forwards pragma referer te trailer transfer-encoding upgrade user-agent x-amzn-trace-id'.split(
    ' ',
  ),
);

/**
 * Signs requests that differ in their body alone, with Signature Version 4.
 *
 * What does not change is written once, and the key of a day is derived once. Source: AWS Signature
 * Version 4, and equal to `@smithy/signature-v4` in every header.
 */
export class Signer {
  readonly #request: SignedRequest;
  readonly #service: string;
  readonly #region: string;
  readonly #start: string;
  readonly #plain: Signed;
  readonly #withToken: Signed;
  #key: { readonly day: string; readonly secret: string; readonly bytes: Buffer } | undefined;
  #second = { at: Number.NaN, text: '' };

  constructor(request: SignedRequest, service: string, region: string) {
    this.#request = request;
    this.#service = service;
    this.#region = region;
    this.#start = `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request.query)}\n`;
    const given = Object.entries(request.headers)
      .map(([name, value]) => ({ name: name.toLowerCase(), value: canonicalValue(value) }))
      .filter(({ name }) => !UNSIGNED.has(name) && !/^(proxy|sec)-/.test(name))
      .map(({ name, value }) => ({ name, line: `${name}:${value}\n` }));
    const own = ['x-amz-date', 'x-amz-content-sha256'].map((name) => ({ name, line: undefined }));
    this.#plain = signed([...given, ...own]);
    this.#withToken = signed([...given, ...own, { name: 'x-amz-security-token', line: undefined }]);
  }

  /** All headers of the request with this body, signed at an instant in epoch milliseconds. */
  headers(body: Uint8Array, credentials: Credentials, now: number): Headers {
    const date = this.#date(now);
    const day = date.slice(0, 8);
    const payload = hash('sha256', body, 'hex');
    const token = credentials.sessionToken;
    // Both spelled out: an object that is put together costs a tenth of the signature.
    const own: Headers = token
      ? { 'x-amz-date': date, 'x-amz-security-token': token, 'x-amz-content-sha256': payload }
      : { 'x-amz-date': date, 'x-amz-content-sha256': payload };
    const { names, headers } = token ? this.#withToken : this.#plain;
    let lines = '';
    for (const { name, line } of headers) lines += line ?? `${name}:${own[name]}\n`;
    const scope = `${day}/${this.#region}/${this.#service}/aws4_request`;
    const canonical = `${this.#start}${lines}\n${names}\n${payload}`;
    const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
    const signature = createHmac('sha256', this.#keyOf(credentials, day)).update(toSign);
    const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature.digest('hex')}`;
    return { ...this.#request.headers, ...own, authorization };
  }

  #keyOf({ secretAccessKey: secret }: Credentials, day: string): Buffer {
    if (this.#key?.day !== day || this.#key.secret !== secret) {
      const bytes = [day, this.#region, this.#service, 'aws4_request'].reduce(
        (key, word) => createHmac('sha256', key).update(word).digest(),
        Buffer.from(`AWS4${secret}`),
      );
      this.#key = { day, secret, bytes };
    }
    return this.#key.bytes;
  }

  /** `20261123T221000Z`; the text of a second is made once. */
  #date(now: number): string {
    const at = Math.floor(now / 1000);
    if (this.#second.at !== at) {
      const text = new Date(at * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
      this.#second = { at, text };
    }
    return this.#second.text;
  }
}

/** The path without `.` and `..`, encoded once more, as every service but S3 wants it. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  const start = path.startsWith('/') ? '/' : '';
  return escaped(`${start}${segments.join('/')}${end}`).replaceAll('%2F', '/');
}

function canonicalQuery(query: SignedRequest['query']): string {
  return Object.entries(query)
    .map(([name, value]): [string, string] => {
      const key = escaped(name);
      const values = typeof value === 'string' ? [value] : value;
      const pairs = values.map((one) => `${key}=${escaped(one)}`).sort();
      return [key, pairs.join('&')];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, pairs]) => pairs)
    .filter((pairs) => pairs !== '')
    .join('&');
}

function canonicalValue(value: string): string {
  return value
    .replace(/[\r\n]/g, ' ')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
}

/** RFC 3986: `encodeURIComponent` leaves five reserved characters as they are. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
