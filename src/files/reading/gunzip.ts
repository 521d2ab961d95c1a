import { createReadStream } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import * as zlib from 'node:zlib';
import { FraudstreamError, messageOf } from '../../errors.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** What is inflated at a time; what a damaged piece holds before the damage is inflated once more, byte by byte. */
const SLICE_BYTES = 65_536;
const OUTPUT_BYTES = 262_144;
const TRAILER_BYTES = 8;
/** Bits of the flags byte. Source: RFC 1952. */
const HAS_CRC = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;

/** Where an archive is damaged, in compressed bytes from its beginning, and how. */
class ArchiveDamage extends Error {
  readonly at: number;

  constructor(at: number, what: string) {
    super(what);
    this.at = at;
  }
}

/**
 * The bytes of a gzip archive of one or more members, all of them that come before a damage.
 *
 * Checksums are compared behind each member. Zeros behind the last member are padding. `path` is a file that can be read again, if it
 * is one; what is none is inflated twice. Errors: `bad-data`, naming the offset, after what came before it.
 */
export async function* gunzip(
  packed: Bytes,
  name: string,
  path: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = new ByteQueue(packed);
  try {
    while (await readHeader(source)) yield* inflatedMember(source, path);
  } catch (cause) {
    if (!(cause instanceof ArchiveDamage)) throw cause;
    const message = `${name} is damaged at byte ${cause.at}: ${cause.message}. Everything before it has been read.`;
    throw new FraudstreamError('bad-data', message, { cause });
  } finally {
    await source.close();
  }
}

/** Bytes that are taken from the front, and how many have been. */
class ByteQueue {
  taken = 0;
  readonly #reader: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(chunks: Bytes) {
    this.#reader = chunks[Symbol.asyncIterator]();
  }

  /** Up to so many bytes, at least one of them unless the source has ended. */
  async peek(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#reader.next();
      if (next.done) break;
      this.#rest = next.value;
    }
    return this.#rest.subarray(0, most);
  }

  drop(count: number): void {
    this.#rest = this.#rest.subarray(count);
    this.taken += count;
  }

  async byte(): Promise<number | undefined> {
    const [byte] = await this.peek(1);
    if (byte !== undefined) this.drop(1);
    return byte;
  }

  async bytes(count: number): Promise<Buffer> {
    const bytes = Buffer.alloc(count);
    for (let at = 0; at < count; at += 1) {
      const byte = await this.byte();
      if (byte === undefined) throw new ArchiveDamage(this.taken, 'it ends too early');
      bytes[at] = byte;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#reader.return?.();
  }
}

/** Reads the header of a member; false at the end of the archive. */
async function readHeader(source: ByteQueue): Promise<boolean> {
  const at = source.taken;
  const [first] = await source.peek(1);
  if (first === undefined) return false;
  if (at > 0 && first === 0) return !(await isPadding(source));
  const [one, two] = [await source.byte(), await source.byte()];
  if (one !== 0x1f || two !== 0x8b) {
    throw new ArchiveDamage(at, 'what follows there is not gzip');
  }
  const [method = 0, flags = 0] = await source.bytes(8);
  if (method !== 8) throw new ArchiveDamage(at, `compression method ${method} is unknown`);
  if (flags & HAS_EXTRA) {
    const length = (await source.bytes(2)).readUInt16LE(0);
    await source.bytes(length);
  }
  if (flags & HAS_NAME) await skipText(source);
  if (flags & HAS_COMMENT) await skipText(source);
  if (flags & HAS_CRC) await source.bytes(2);
  return true;
}

async function isPadding(source: ByteQueue): Promise<boolean> {
  for (;;) {
    const bytes = await source.peek(SLICE_BYTES);
    if (bytes.length === 0) return true;
    const odd = bytes.findIndex((byte) => byte !== 0);
    if (odd >= 0) throw new ArchiveDamage(source.taken + odd, 'what follows there is not gzip');
    source.drop(bytes.length);
  }
}

async function skipText(source: ByteQueue): Promise<void> {
  for (;;) {
    const [byte] = await source.bytes(1);
    if (byte === 0) return;
  }
}

async function* inflatedMember(
  source: ByteQueue,
  path: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const from = source.taken;
  const inflater = new Inflater();
  // What cannot be read again is inflated twice, a slice later: where a slice is damaged, this one stands before it.
  const follower = path === undefined ? new Inflater() : undefined;
  let before: Uint8Array = new Uint8Array();
  let crc = 0;
  let length = 0;
  while (!inflater.hasEnded) {
    const slice = await source.peek(SLICE_BYTES);
    if (slice.length === 0) throw new ArchiveDamage(source.taken, 'it ends too early');
    const [out] = await Promise.all([
      inflater.inflate(slice).catch((cause: unknown) => messageOf(cause)),
      follower?.inflate(before),
    ]);
    if (typeof out === 'string') {
      const behind = follower ?? (await inflatedUntil(path as string, from, source.taken));
      yield* lastOutput(behind, slice);
      throw new ArchiveDamage(source.taken, out);
    }
    before = slice;
    for (const piece of out) {
      crc = zlib.crc32(piece, crc);
      length += piece.length;
      yield piece;
    }
    source.drop(inflater.consumed - (source.taken - from));
  }
  await checkTrailer(source, crc, length);
}

/** Compares the checksum and the length behind a member. */
async function checkTrailer(source: ByteQueue, crc: number, length: number): Promise<void> {
  const at = source.taken;
  const trailer = await source.bytes(TRAILER_BYTES);
  if (trailer.readUInt32LE(0) !== crc) throw new ArchiveDamage(at, 'the checksum does not match');
  if (trailer.readUInt32LE(4) !== length % 2 ** 32)
    throw new ArchiveDamage(at, 'the length does not match');
}

/** An inflater that has read a member of a file up to an offset. */
async function inflatedUntil(path: string, from: number, until: number): Promise<Inflater> {
  const inflater = new Inflater();
  if (until === from) return inflater;
  for await (const chunk of createReadStream(path, { start: from, end: until - 1 })) {
    await inflater.inflate(chunk);
  }
  return inflater;
}

/** What a damaged slice gives before its damage, byte by byte. */
async function* lastOutput(
  inflater: Inflater,
  slice: Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for (let at = 0; at < slice.length; at += 1) {
      yield* await inflater.inflate(slice.subarray(at, at + 1));
    }
  } catch {
    // This is the damage.
  }
}

/** Deflated bytes to bytes; what a call gives is all that its input holds. */
class Inflater {
  hasEnded = false;
  readonly #zlib = zlib.createInflateRaw({ chunkSize: OUTPUT_BYTES });
  #out: Uint8Array[] = [];
  #failed: (error: Error) => void = () => undefined;
  #ended: () => void = () => undefined;

  constructor() {
    this.#zlib.on('data', (piece: Uint8Array) => this.#out.push(piece));
    this.#zlib.on('error', (error) => this.#failed(error));
    this.#zlib.on('end', () => this.#ended());
  }

  /** Bytes that belong to the deflated data so far. */
  get consumed(): number {
    return this.#zlib.bytesWritten;
  }

  async inflate(slice: Uint8Array): Promise<readonly Uint8Array[]> {
    this.#out = [];
    await new Promise<void>((resolve, reject) => {
      this.#failed = reject;
      this.#ended = () => {
        this.hasEnded = true;
        resolve();
      };
      this.#zlib.write(slice, () => resolve());
    });
    while (this.#zlib.readableLength > 0) await turn();
    return this.#out;
  }
}
