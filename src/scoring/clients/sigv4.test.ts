import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Credentials, type SignedRequest, Signer } from './sigv4.ts';

/** The hash that the SDK's signer wants. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const LETTERS = [..."abcXYZ019-_.~ !'()*&=+/?#%$,;:@ä€"];
const SEGMENT = [..."abcXYZ019-_.~!'()*%,;:@"];
const text = (draw: (below: number) => number, letters: readonly string[], most: number): string =>
  Array.from({ length: 1 + draw(most) }, () => letters[draw(letters.length)]).join('');

function randomRequest(draw: (below: number) => number): SignedRequest {
  const segments = Array.from({ length: draw(5) }, () =>
    draw(6) === 0 ? ['', '.', '..'][draw(3)] : text(draw, SEGMENT, 12),
  );
  const query: Record<string, string | string[]> = {};
  for (let left = draw(4); left > 0; left -= 1) {
    const several = Array.from({ length: 1 + draw(3) }, () => text(draw, LETTERS, 6));
    query[text(draw, LETTERS, 8)] = draw(2) === 0 ? several : (several[0] ?? '');
  }
  const headers: Record<string, string> = { host: `runtime.sagemaker.${draw(9)}.amazonaws.com` };
  for (let left = draw(5); left > 0; left -= 1) {
    headers[`x-${text(draw, [...'abcdefg-'], 8)}`] = `${text(draw, [...'ab  \t12;,'], 20)}`;
  }
  if (draw(3) === 0) headers['user-agent'] = 'someone';
  return { method: 'POST', path: `/${segments.join('/')}`, query, headers };
}

test('10,000 random requests are signed as @smithy/signature-v4 signs them', async () => {
  const draw = generator(11);
  for (let round = 0; round < 10_000; round += 1) {
    const request = randomRequest(draw);
    const body = Buffer.from(text(draw, LETTERS, 200));
    const credentials: Credentials = {
      accessKeyId: text(draw, [...'ABCDEF0123'], 20),
      secretAccessKey: text(draw, LETTERS, 40),
      ...(draw(2) === 0 && { sessionToken: text(draw, [...'abc/+=12'], 300) }),
    };
    const service = ['sagemaker', 'execute-api'][draw(2)] ?? '';
    const region = ['us-east-1', 'eu-central-1', 'cn-north-1'][draw(3)] ?? '';
    const now = draw(2 ** 31) * 1000 + draw(1000);
    const keys = credentials as never;
    const theirs = new SignatureV4({ service, region, credentials: keys, sha256: Sha256 as never });
    const { path, query, headers } = request;
    const signed = await theirs.sign(
      {
        method: 'POST',
        protocol: 'https:',
        hostname: headers.host ?? '',
        path,
        query: query as never,
        headers: { ...headers },
        body,
      },
      { signingDate: new Date(now) },
    );
    const ours = new Signer(request, service, region).headers(body, credentials, now);
    assert.deepEqual(ours, signed.headers, JSON.stringify(request));
  }
});

test('a signer follows the day and the keys', () => {
  const request = { method: 'POST', path: '/', query: {}, headers: { host: 'x' } };
  const signer = new Signer(request, 'sagemaker', 'us-east-1');
  const sign = (secretAccessKey: string, now: number): string =>
    signer.headers(new Uint8Array(), { accessKeyId: 'A', secretAccessKey }, now).authorization ??
    '';
  const fresh = (secretAccessKey: string, now: number): string =>
    new Signer(request, 'sagemaker', 'us-east-1').headers(
      new Uint8Array(),
      { accessKeyId: 'A', secretAccessKey },
      now,
    ).authorization ?? '';
  const midnight = Date.parse('2026-11-24T00:00:00Z');
  for (const [secret, now] of [
    ['a', midnight - 1],
    ['a', midnight],
    ['b', midnight],
    ['a', midnight - 1],
  ] as const) {
    assert.equal(sign(secret, now), fresh(secret, now));
  }
});
