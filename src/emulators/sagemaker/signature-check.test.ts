import assert from 'node:assert/strict';
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import { Random } from '../../generators/numbers/random.ts';
import type { ApiRequest } from './api/api-adapter.ts';
import { Signatures, type SigningCredential } from './signature-check.ts';

type SourceData = string | ArrayBuffer | ArrayBufferView;
const bytesOf = (data: SourceData): Buffer =>
  typeof data === 'string' ? Buffer.from(data) : Buffer.from(data as Uint8Array);

/** What @smithy/signature-v4 hashes with. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: SourceData) {
    this.#hash = secret ? createHmac('sha256', bytesOf(secret)) : createHash('sha256');
  }
  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

const NOW = Date.UTC(2026, 10, 24, 1, 37, 39);
const REGION = 'eu-west-1';
const key: SigningCredential = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'a secret/with+signs',
};
const guest: SigningCredential = {
  ...key,
  accessKeyId: 'ASIAGUEST',
  sessionToken: 'a/token==',
  expiresAt: NOW + 1,
};
const signatures = new Signatures([key, guest], REGION, { now: () => NOW });

interface Plan {
  readonly credential?: SigningCredential;
  readonly at?: number;
  readonly region?: string;
  readonly service?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request signed by somebody else's code. */
async function signed(plan: Plan = {}): Promise<ApiRequest> {
  const {
    credential = key,
    path = '/endpoints/fraud/invocations',
    query = {},
    body = '1,2',
  } = plan;
  const signer = new SignatureV4({
    credentials: credential,
    region: plan.region ?? REGION,
    service: plan.service ?? 'sagemaker',
    sha256: Sha256,
  });
  const headers = { host: '127.0.0.1:8080', 'content-type': 'text/csv', ...plan.headers };
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path,
    query,
    body,
    headers,
  };
  const { headers: sent } = await signer.sign(request, { signingDate: new Date(plan.at ?? NOW) });
  const text = Object.entries(query)
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .join('&');
  return { method: 'POST', path, query: text, headers: sent, body: Buffer.from(body) };
}

const refusal = (request: ApiRequest, service = 'sagemaker'): string | undefined =>
  signatures.refuse(request, service)?.type;

test('what @smithy/signature-v4 signs is taken, over 500 random requests', async () => {
  const random = new Random(9, 0);
  const alphabet = [..."abcXYZ019-._~ /+=&%!*()'é"];
  const text = (length: number): string =>
    Array.from(
      { length: random.below(length) },
      () => alphabet[random.below(alphabet.length)],
    ).join('');
  for (let time = 0; time < 500; time += 1) {
    const request = await signed({
      credential: random.chance(0.5) ? key : guest,
      service: 'execute-api',
      at: NOW + random.below(500_000) - 250_000,
      path: `/prod/${encodeURIComponent(text(12))}`,
      query: { [`k${text(8)}`]: text(8), b: text(5) },
      headers: { 'x-amz-meta': `  two   words${text(3).replace(/é/g, '')} ` },
      body: text(200),
    });
    assert.equal(refusal(request, 'execute-api'), undefined, JSON.stringify(request));
  }
});

const changed = (change: Partial<ApiRequest>) => async (): Promise<ApiRequest> => ({
  ...(await signed()),
  ...change,
});
const without = (name: string) => async (): Promise<ApiRequest> => {
  const request = await signed();
  return { ...request, headers: { ...request.headers, [name]: undefined } };
};
const headerChanged = (name: string, value: string) => async (): Promise<ApiRequest> => {
  const request = await signed();
  return { ...request, headers: { ...request.headers, [name]: value } };
};
const refused: readonly (readonly [string, () => Promise<ApiRequest>, string])[] = [
  ['no signature', without('authorization'), 'MissingAuthenticationTokenException'],
  [
    'half a signature',
    headerChanged('authorization', 'AWS4-HMAC-SHA256 Credential=x'),
    'IncompleteSignatureException',
  ],
  ['another scheme', headerChanged('authorization', 'Bearer abc'), 'IncompleteSignatureException'],
  [
    'an unknown key',
    () => signed({ credential: { ...key, accessKeyId: 'WHO' } }),
    'UnrecognizedClientException',
  ],
  [
    'a wrong secret',
    () => signed({ credential: { ...key, secretAccessKey: 'no' } }),
    'InvalidSignatureException',
  ],
  [
    'a token that is not ours',
    () => signed({ credential: { ...guest, sessionToken: 'no' } }),
    'UnrecognizedClientException',
  ],
  [
    'a token where there is none',
    () => signed({ credential: { ...key, sessionToken: 'x' } }),
    'UnrecognizedClientException',
  ],
  ['a changed body', changed({ body: Buffer.from('1,3') }), 'InvalidSignatureException'],
  [
    'a changed path',
    changed({ path: '/endpoints/other/invocations' }),
    'InvalidSignatureException',
  ],
  ['a changed method', changed({ method: 'PUT' }), 'InvalidSignatureException'],
  ['an added query', changed({ query: 'a=1' }), 'InvalidSignatureException'],
  ['a changed header', headerChanged('content-type', 'text/xml'), 'InvalidSignatureException'],
  ['a removed header', without('content-type'), 'InvalidSignatureException'],
  [
    'a token added unsigned',
    headerChanged('x-amz-security-token', 'x'),
    'UnrecognizedClientException',
  ],
  ['no date', without('x-amz-date'), 'IncompleteSignatureException'],
  [
    'a date of another day',
    headerChanged('x-amz-date', '20261123T013739Z'),
    'InvalidSignatureException',
  ],
  [
    'a signature of six minutes ago',
    () => signed({ at: NOW - 360_000 }),
    'InvalidSignatureException',
  ],
  [
    'a signature of six minutes ahead',
    () => signed({ at: NOW + 360_000 }),
    'InvalidSignatureException',
  ],
  ['another region', () => signed({ region: 'us-east-1' }), 'InvalidSignatureException'],
  ['another service', () => signed({ service: 'kinesis' }), 'InvalidSignatureException'],
];
for (const [what, request, type] of refused) {
  test(`${what} is refused with ${type}`, async () => assert.equal(refusal(await request()), type));
}

test('a signature that is too old says by how much, as AWS does', async () => {
  const error = signatures.refuse(await signed({ at: NOW - 360_000 }), 'sagemaker');
  assert.equal(
    error?.message,
    'Signature expired: 20261124T013139Z is now earlier than 20261124T013239Z (20261124T013739Z - 5 min.)',
  );
});

test('keys that have expired are refused as expired', async () => {
  const later = new Signatures([guest], REGION, { now: () => NOW + 2 });
  assert.equal(
    later.refuse(await signed({ credential: guest }), 'sagemaker')?.type,
    'ExpiredTokenException',
  );
});
