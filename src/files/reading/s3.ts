import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { FraudstreamError } from '../../errors.ts';
import { SMALL_ANSWER_BYTES } from '../../http/bounded-handler.ts';
import { within } from '../../http/bounds.ts';
import { type AwsLocation, guardCalls, sdkSettings } from '../../http/sdk-client.ts';
import { optionalPackage } from '../../optional-package.ts';

/** How S3 is reached. */
export interface S3Location extends AwsLocation {
  /** The longest that an object may send nothing; 30 s by default. */
  readonly idleTimeoutMs?: number | undefined;
}

const IDLE_TIMEOUT_MS = 30_000;
/** Tries of a call, made by the SDK, and the most that it waits between two. */
const TRIES = 3;
const LONGEST_PAUSE_MS = 20_000;
/** A list of 1,000 keys of 1,024 bytes, as escapes. */
const ANSWER_BYTES = 2 * SMALL_ANSWER_BYTES;

/**
 * The bytes of an object: `s3://bucket/key`.
 *
 * `@aws-sdk/client-s3` is asked for only here: it does not come with fraudstream.
 * Errors: `usage` without the package or for a name that is none, `no-input` without the object, also
 * when it stops in its middle.
 */
export async function objectBytes(
  url: string,
  place: S3Location,
): Promise<AsyncIterable<Uint8Array>> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new FraudstreamError('usage', `${url} names no object: write s3://bucket/key.`);
  }
  const { idleTimeoutMs = IDLE_TIMEOUT_MS } = place;
  const { GetObjectCommand } = await s3Sdk();
  const s3 = await s3Client(place, { maxConnections: 1, isStreamed: true });
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!(Body instanceof Readable)) throw new Error('it has no body');
    return downloaded(Body, url, idleTimeoutMs);
  } catch (cause) {
    throw unreadable(url, cause);
  }
}

/**
 * Makes a client of S3 whose calls all end; with `isStreamed` the body of an object is handed over unread.
 *
 * Errors: `usage` without the package.
 */
export async function s3Client(
  { idleTimeoutMs = IDLE_TIMEOUT_MS, ...location }: S3Location,
  bounds: { readonly maxConnections: number; readonly isStreamed: boolean },
): Promise<S3Client> {
  const sdk = await s3Sdk();
  const ends = { connectTimeoutMs: idleTimeoutMs, requestTimeoutMs: idleTimeoutMs };
  const settings = sdkSettings(location, TRIES, {
    ...{ ...bounds, ...ends },
    maxAnswerBytes: () => ANSWER_BYTES,
  });
  const forcePathStyle = location.endpointUrl !== undefined;
  const s3 = new sdk.S3Client({ ...settings, ...(forcePathStyle && { forcePathStyle }) });
  guardCalls(s3, TRIES * idleTimeoutMs + (TRIES - 1) * LONGEST_PAUSE_MS);
  return s3;
}

/** The bytes of a body, as long as some come. Errors: `no-input`, with the offset, when it stops in the middle. */
export async function* downloaded(
  body: AsyncIterable<Uint8Array>,
  url: string,
  idleTimeoutMs: number,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  const idle = `nothing came for ${idleTimeoutMs} ms`;
  let bytes = 0;
  try {
    for (;;) {
      const next = await within(idleTimeoutMs, chunks.next(), idle);
      if (next.done) return;
      bytes += next.value.length;
      yield next.value;
    }
  } catch (cause) {
    throw brokenOff(url, bytes, cause);
  } finally {
    // A body that waits for bytes would let us wait as well.
    void chunks.return?.();
  }
}

function brokenOff(url: string, bytes: number, cause: unknown): FraudstreamError {
  const message = `${url} cannot be read past byte ${bytes}: ${String(cause)}. Everything before it has been read.`;
  return new FraudstreamError('no-input', message, { cause });
}

function unreadable(url: string, cause: unknown): FraudstreamError {
  const reason = String(cause);
  return new FraudstreamError('no-input', `${url} cannot be read: ${reason}.`, { cause });
}

/** The package. Errors: `usage` without it. */
export function s3Sdk(): Promise<typeof import('@aws-sdk/client-s3')> {
  const instead = 'copy the object with "aws s3 cp"';
  const use = { name: '@aws-sdk/client-s3', purpose: 'Reading s3://', instead };
  return optionalPackage(use, () => import('@aws-sdk/client-s3'));
}
