import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { tooLargeError } from './bounds.ts';

/** Low four bits of the first byte of a zlib stream. Source: RFC 1950, section 2.2. */
const ZLIB_METHOD = 8;

type Decoder = (bytes: Uint8Array, bounds: { readonly maxOutputLength: number }) => Promise<Buffer>;

const gzip: Decoder = promisify(gunzip);
const zlib: Decoder = promisify(inflate);
const raw: Decoder = promisify(inflateRaw);
const brotli: Decoder = promisify(brotliDecompress);
/** Source: RFC 9110, section 8.4.1. Some servers send `deflate` without the zlib header. */
const decoders: Readonly<Record<string, Decoder>> = {
  gzip,
  'x-gzip': gzip,
  br: brotli,
  deflate: (bytes, bounds) =>
    ((bytes[0] ?? 0) & 0x0f) === ZLIB_METHOD ? zlib(bytes, bounds) : raw(bytes, bounds),
};

/**
 * Returns a body without its content codings (`Content-Encoding`), the last one first.
 *
 * Errors: `InvalidResponse` for another coding or damaged bytes, `ResponseTooLarge` beyond `maxBytes`.
 */
export async function decoded(
  body: Buffer,
  contentEncoding: string,
  maxBytes: number,
): Promise<Buffer> {
  let bytes = body;
  const codings = contentEncoding.toLowerCase().split(',').reverse();
  for (const coding of codings.map((name) => name.trim())) {
    if (coding === '' || coding === 'identity' || bytes.length === 0) continue;
    const decoder = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
    if (!decoder) throw invalid(`its content-encoding ${coding.slice(0, 50)} is not supported`);
    bytes = await decoder(bytes, { maxOutputLength: maxBytes }).catch((cause: unknown) => {
      const isTooLarge = Object(cause).code === 'ERR_BUFFER_TOO_LARGE';
      throw isTooLarge ? tooLargeError(maxBytes) : invalid(`it is not valid ${coding}`, cause);
    });
  }
  return bytes;
}

function invalid(reason: string, cause?: unknown): Error {
  const message = `the answer cannot be read: ${reason}`;
  return Object.assign(new Error(message, { cause }), { name: 'InvalidResponse' });
}
