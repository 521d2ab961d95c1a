import { createReadStream } from 'node:fs';
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { gunzip } from './gunzip.ts';
import { peeked } from './peeked.ts';
import { objectBytes, type S3Location } from './s3.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** Where bytes come from besides files: stdin, and how S3 is reached. */
export interface ByteSourceDependencies {
  readonly input: Bytes;
  readonly s3: S3Location;
}

/** What is asked of the disk at a time, while what came before is dealt with. */
const READ_BYTES = 524_288;
/** What is handed on: parsing it keeps everything else waiting, here for less than a millisecond. */
const CHUNK_BYTES = 65_536;
/** First bytes of a compressed file. Source: RFC 1952, RFC 8878. */
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const PARQUET = Buffer.from('PAR1');

/**
 * The bytes of a file, of stdin (`-`) or of an object in S3, decompressed.
 *
 * Gzip and Zstandard are known by their first bytes, whatever the name says.
 * Errors: `no-input` when there is no such object; while reading `bad-data` for a damaged archive.
 */
export async function byteSource(
  path: string,
  dependencies: ByteSourceDependencies,
): Promise<Bytes> {
  if (path === '-') return cut(unpacked(dependencies.input, 'stdin', undefined));
  if (path.startsWith('s3://')) {
    return cut(unpacked(await objectBytes(path, dependencies.s3), path, undefined));
  }
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  return cut(unpacked(file, path, path));
}

/** The same bytes in pieces that are not too large. */
async function* cut(chunks: Bytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += CHUNK_BYTES) {
      yield chunk.subarray(at, at + CHUNK_BYTES);
    }
  }
}

/** The same bytes, decompressed where they are gzip or Zstandard; `path` is a file that can be read again. Errors: `bad-data` for a damaged archive. */
export async function* unpacked(
  packed: Bytes,
  name: string,
  path: string | undefined,
): Bytes & AsyncGenerator<Uint8Array> {
  const { first, all } = await peeked(packed, ZSTD.length);
  if (PARQUET.equals(first.subarray(0, PARQUET.length))) {
    const message = `${name} is Parquet, which can only be read from files: copy it first.`;
    throw new FraudstreamError('usage', message);
  }
  if (GZIP.equals(first.subarray(0, GZIP.length))) {
    yield* gunzip(all, name, path);
    return;
  }
  const inflater = inflaterOf(first, name);
  if (!inflater) {
    yield* all;
    return;
  }
  // Errors of either come out of the reading below.
  pipeline(Readable.from(all), inflater, () => undefined);
  try {
    yield* inflater;
  } catch (cause) {
    if (cause instanceof FraudstreamError) throw cause;
    const reason = messageOf(cause);
    const message = `${name} is damaged: ${reason}. The rows before the damage have been read; the last of them may be missing.`;
    throw new FraudstreamError('bad-data', message, { cause });
  }
}

function inflaterOf(first: Uint8Array, name: string): Transform | undefined {
  if (!ZSTD.equals(first.subarray(0, ZSTD.length))) return undefined;
  if ('createZstdDecompress' in zlib && typeof zlib.createZstdDecompress === 'function') {
    return zlib.createZstdDecompress();
  }
  const message = `${name} is compressed with Zstandard, which Node reads from 22.15 on: update Node, or pipe it through "zstd -dc".`;
  throw new FraudstreamError('usage', message);
}
