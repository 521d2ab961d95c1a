import { type FileHandle, open } from 'node:fs/promises';
import { namingFile } from '../storage/output-file.ts';

/** Where lines are written one after the other. */
export interface Sink {
  write(chunk: string | Uint8Array): Promise<void>;
  /** Resolves when everything has been written. */
  end(): Promise<void>;
}

/** Small writes are gathered to this size. */
const BUFFER_BYTES = 262_144;

/**
 * Opens a file for writing; what it held before is lost.
 *
 * Errors: `usage` when it cannot be opened or written.
 */
export async function openSink(path: string): Promise<Sink> {
  return new FileSink(path, await namingFile(path, open(path, 'w')));
}

class FileSink implements Sink {
  readonly #path: string;
  readonly #file: FileHandle;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Writes follow one another, even those that nobody waits for. */
  #written: Promise<void> = Promise.resolve();

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= BUFFER_BYTES) await this.#flush();
  }

  /** The file is closed, even if the rest cannot be written. */
  async end(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await namingFile(this.#path, this.#file.close());
    }
  }

  #flush(): Promise<void> {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    this.#written = this.#written.then(() => namingFile(this.#path, this.#file.writeFile(all)));
    return this.#written;
  }
}
