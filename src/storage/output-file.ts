import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGzip, type Gzip } from 'node:zlib';
import { FraudstreamError, messageOf } from '../errors.ts';

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

/** What is wanted of a file besides its bytes. */
export interface OutputFileSettings {
  /** `finish` says the digests, which cost time. */
  readonly isDigested?: boolean;
  /** A published file survives a loss of power: its bytes, and then its name, are on the disk. */
  readonly isDurable?: boolean;
  /** The bytes are compressed; unless said otherwise, if the name of the file ends in `.gz`. */
  readonly isCompressed?: boolean;
}

/** True for a device, a pipe or a socket, which have no files beside them. */
export async function isSpecialFile(path: string): Promise<boolean> {
  return isNoRegularFile(await stat(path).catch(() => undefined));
}

function isNoRegularFile(known: Stats | undefined): boolean {
  return known !== undefined && !known.isFile();
}

/**
 * Opens a file for writing; what it held stays until `publish`.
 *
 * What is no regular file, such as a pipe, is written as it is, and so is a file in a folder that
 * takes no other. A file that was there keeps its permissions. Of two runs that write one file each
 * writes a draft of its own: both are whole, the later one stays. A draft is a new file, never one
 * that is there, nor what a symbolic link of its name leads to.
 * Errors: `usage` when it cannot be opened or written.
 */
export async function openOutputFile(
  path: string,
  {
    isDigested = false,
    isDurable = false,
    isCompressed = path.endsWith('.gz'),
  }: OutputFileSettings = {},
): Promise<OutputFile> {
  const target = await realpath(path).catch(() => path);
  const known = await stat(target).catch(() => undefined);
  const isSpecial = isNoRegularFile(known);
  const { workPath, file } = await namingFile(
    path,
    isSpecial ? direct(target) : draft(target, known?.mode),
  );
  const isDirect = workPath === target;
  const plain = new PlainFile(path, file, isDigested, isDurable && !isSpecial);
  const body = isCompressed ? new GzipFile(plain, isDigested) : plain;
  return {
    write: (chunk) => body.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk),
    finish: () => body.finish(),
    publish: async () => {
      if (!isDirect) await namingFile(path, moved(workPath, target, isDurable));
    },
    discard: async () => {
      await file.close().catch(() => undefined);
      if (!isDirect) await rm(workPath, { force: true });
    },
  };
}

/**
 * Writes a whole file in one step: whoever reads it, at any time and after any crash, finds the old
 * bytes or the new ones.
 *
 * Errors: `usage` when it cannot be written; what it held is then still there.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await openOutputFile(path, { isDurable: true, isCompressed: false });
  try {
    await file.write(bytes);
    await file.finish();
    await file.publish();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Removes the drafts of a file that runs left which were killed while they wrote it. */
export async function removeDrafts(path: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const folder = dirname(target);
  const numbers = /^(\.\d+)?\.partial$/;
  for (const name of await readdir(folder)) {
    const isOf = name.startsWith(basename(target));
    if (!isOf || !numbers.test(name.slice(basename(target).length))) continue;
    await rm(join(folder, name), { force: true });
  }
}

interface Draft {
  readonly workPath: string;
  readonly file: FileHandle;
}

async function direct(target: string): Promise<Draft> {
  return { workPath: target, file: await open(target, 'w') };
}

/** Gives a draft its name; a file that is mounted by itself cannot be replaced, only written. */
async function moved(workPath: string, target: string, isDurable: boolean): Promise<void> {
  try {
    await rename(workPath, target);
  } catch (error) {
    if (codeOf(error) !== 'EBUSY') throw error;
    await copyFile(workPath, target);
    await rm(workPath);
  }
  if (isDurable) await syncFolder(dirname(target));
}

/** Sees to it that the names of a folder are on the disk. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and some network disks sync none.
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** A file that nobody else writes: not another run, nor one that was killed. */
async function draft(target: string, mode: number | undefined): Promise<Draft> {
  try {
    const made = await newDraft(target);
    if (mode !== undefined) await made.file.chmod(mode & 0o7777).catch(() => undefined);
    return made;
  } catch (error) {
    const isForbidden = ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '');
    if (isForbidden && mode !== undefined) return direct(target);
    throw error;
  }
}

async function newDraft(target: string): Promise<Draft> {
  for (let number = 1; ; number += 1) {
    const workPath = `${target}${number === 1 ? '' : `.${number}`}${PARTIAL}`;
    try {
      // Exclusive: the file is made here or not at all.
      return { workPath, file: await open(workPath, 'wx') };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
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
  readonly #isDurable: boolean;

  constructor(path: string, file: FileHandle, isDigested: boolean, isDurable: boolean) {
    this.#path = path;
    this.#file = file;
    this.#isDurable = isDurable;
    this.#digester = new Digester(isDigested);
  }

  async write(chunk: Uint8Array): Promise<void> {
    const written = namingFile(this.#path, this.#file.writeFile(chunk));
    // The disk and the digest work at the same time.
    this.#digester.add(chunk);
    await written;
  }

  async finish(): Promise<FileFacts> {
    if (this.#isDurable) await namingFile(this.#path, this.#file.sync());
    await namingFile(this.#path, this.#file.close());
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

/** The same work; what goes wrong with it becomes an error of `usage` that names the file. */
export async function namingFile<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const reason = messageOf(cause);
    throw new FraudstreamError('usage', `${path} cannot be written: ${reason}.`, { cause });
  }
}
