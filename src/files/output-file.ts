import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { FraudstreamError } from '../fraudstream-error.ts';

/** What can be said of bytes. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/** What can be said of a file; `uncompressed` only of one that is compressed. */
export interface FileFacts extends Digest {
  readonly uncompressed?: Digest;
}

/**
 * A file that is there whole or not at all: until `publish` it has another name.
 *
 * Bytes may be used again as soon as a write has resolved.
 */
export interface OutputFile {
  write(chunk: Uint8Array | string): Promise<void>;
  /** Nothing more comes; says what the file holds. */
  finish(): Promise<FileFacts>;
  publish(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/** What the name of a file ends in that is not whole yet. */
export const PARTIAL = '.partial';

/**
 * Opens a file for writing, compressed if its name ends in `.gz`; what it held stays until `publish`.
 *
 * What is no regular file, such as a pipe, is written as it is. Digests cost time: `isDigested`.
 * Of two runs that write one file each writes a draft of its own: both are whole, the later one stays.
 * Errors: `usage` when it cannot be opened or written.
 */
export async function openOutputFile(path: string, isDigested: boolean): Promise<OutputFile> {
  const target = await realpath(path).catch(() => path);
  const known = await stat(target).catch(() => undefined);
  const isDirect = known !== undefined && !known.isFile();
  const { workPath, file } = await orSay(path, isDirect ? direct(target) : draft(target));
  const plain = new PlainFile(path, file, isDigested);
  const body = path.endsWith('.gz') ? new GzipFile(plain, isDigested) : plain;
  return {
    write: (chunk) => body.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk),
    finish: () => body.finish(),
    publish: async () => {
      if (!isDirect) await orSay(path, rename(workPath, target));
    },
    discard: async () => {
      await file.close().catch(() => undefined);
      if (!isDirect) await rm(workPath, { force: true });
    },
  };
}

interface Draft {
  readonly workPath: string;
  readonly file: FileHandle;
}

async function direct(target: string): Promise<Draft> {
  return { workPath: target, file: await open(target, 'w') };
}

/** A file that nobody else writes: not another run, nor one that was killed. */
async function draft(target: string): Promise<Draft> {
  for (let number = 1; ; number += 1) {
    const workPath = `${target}${number === 1 ? '' : `.${number}`}${PARTIAL}`;
    const file = await open(workPath, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (file) return { workPath, file };
  }
}

/** Counts bytes, and digests them if wanted. */
class Digester {
  readonly #hash = createHash('sha256');
  readonly #isWanted: boolean;
  #bytes = 0;

  constructor(isWanted: boolean) {
    this.#isWanted = isWanted;
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#isWanted) this.#hash.update(chunk);
  }

  digest(): Digest {
    return { bytes: this.#bytes, sha256: this.#isWanted ? this.#hash.digest('hex') : '' };
  }
}

class PlainFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #digester: Digester;

  constructor(path: string, file: FileHandle, isDigested: boolean) {
    this.#path = path;
    this.#file = file;
    this.#digester = new Digester(isDigested);
  }

  async write(chunk: Uint8Array): Promise<void> {
    const written = orSay(this.#path, this.#file.writeFile(chunk));
    // The disk and the digest work at the same time.
    this.#digester.add(chunk);
    await written;
  }

  async finish(): Promise<FileFacts> {
    await orSay(this.#path, this.#file.close());
    return this.#digester.digest();
  }
}

class GzipFile {
  readonly #plain: PlainFile;
  readonly #digester: Digester;
  readonly #gzip: Gzip = createGzip();
  #squeezed: Uint8Array[] = [];

  constructor(plain: PlainFile, isDigested: boolean) {
    this.#plain = plain;
    this.#digester = new Digester(isDigested);
    this.#gzip.on('data', (chunk) => this.#squeezed.push(chunk));
  }

  async write(chunk: Uint8Array): Promise<void> {
    const taken = new Promise<void>((resolve, reject) => {
      this.#gzip.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
    this.#digester.add(chunk);
    await taken;
    await this.#passOn();
  }

  async finish(): Promise<FileFacts> {
    await new Promise<void>((resolve, reject) => {
      this.#gzip.on('end', resolve).on('error', reject).end();
    });
    await this.#passOn();
    return { ...(await this.#plain.finish()), uncompressed: this.#digester.digest() };
  }

  async #passOn(): Promise<void> {
    const squeezed = this.#squeezed;
    this.#squeezed = [];
    for (const chunk of squeezed) await this.#plain.write(chunk);
  }
}

async function orSay<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FraudstreamError('usage', `${path} cannot be written: ${reason}.`, { cause });
  }
}
