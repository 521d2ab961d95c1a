import { constants, open } from 'node:fs';
import { type FileHandle, open as openFile, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { FraudstreamError, messageOf } from '../../errors.ts';
import type { ArrivalTime } from '../../metrics/session-summary.ts';
import { untilStopped } from '../../stream/async-iterables.ts';
import type { RecordCutter } from './s3-verdicts.ts';
import type {
  SourceDependencies,
  VerdictReading,
  VerdictRecord,
  VerdictSource,
} from './verdict-source.ts';

const readTime: ArrivalTime = { of: 'read', resolutionMs: 1 };
const POLL_MS = 100;
const READ_BYTES = 262_144;

/** Verdicts that are piped, as they come, until the end of the pipe. Arrival is the time of reading. */
export function pipedVerdicts(
  name: string,
  input: AsyncIterable<Uint8Array>,
  cut: RecordCutter,
): VerdictSource {
  return {
    location: name,
    arrival: readTime,
    isOrdered: true,
    open: async ({ stop }): Promise<VerdictReading> => ({
      established: Promise.resolve(),
      groups: recordsOf(cut(untilStopped(input, stop))),
    }),
  };
}

/**
 * Verdicts that are appended to a file, from its end on, as `tail -F` follows it.
 *
 * A file that is not there yet is waited for and read from its beginning; so is one that takes its name, or that was
 * made shorter. Arrival is the time of reading.
 * Errors: `no-input` for a file that cannot be read.
 */
export function fileVerdicts(path: string, flag: string, cut: RecordCutter): VerdictSource {
  return {
    location: path,
    arrival: readTime,
    isOrdered: true,
    open: async (dependencies): Promise<VerdictReading> => {
      const pipe = await openPipe(path, flag);
      if (pipe) return pipedVerdicts(path, pipe, cut).open(dependencies);
      const file = new GrowingFile(path, flag, dependencies);
      await file.begin();
      return { established: Promise.resolve(), groups: recordsOf(cut(file.chunks())) };
    },
  };
}

/** A named pipe, which may have no writer yet, or lose one and get another. */
async function openPipe(
  path: string,
  flag: string,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFIFO()) return undefined;
  try {
    const fd = await promisify(open)(path, constants.O_RDWR | constants.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false });
  } catch (cause) {
    throw unreadable(path, flag, cause);
  }
}

async function* recordsOf(
  groups: AsyncIterable<readonly Uint8Array[]>,
): AsyncGenerator<readonly VerdictRecord[]> {
  for await (const group of groups) {
    yield group.map((data) => ({ data, arrivedAt: Number.NaN, isInRange: true }));
  }
}

class GrowingFile {
  readonly #path: string;
  readonly #flag: string;
  readonly #dependencies: SourceDependencies;
  #file: FileHandle | undefined;
  #position = 0;

  constructor(path: string, flag: string, dependencies: SourceDependencies) {
    this.#path = path;
    this.#flag = flag;
    this.#dependencies = dependencies;
  }

  /** Opens the file at its end, if there is one. Errors: `no-input`. */
  async begin(): Promise<void> {
    await this.#open();
    this.#position = (await this.#file?.stat())?.size ?? 0;
  }

  /** What is appended from now on; what was appended before the stop is read to its end. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const { clock, stop } = this.#dependencies;
    try {
      for (;;) {
        const isLast = stop.aborted;
        yield* this.#appended();
        if (isLast) return;
        if (await this.#hasMoved()) {
          yield* this.#appended();
          await this.#reopen();
        }
        await clock.sleep(POLL_MS, stop);
      }
    } finally {
      await this.#file?.close();
    }
  }

  async *#appended(): AsyncGenerator<Uint8Array> {
    const file = this.#file;
    if (!file) return;
    const { size } = await file.stat();
    if (size < this.#position) this.#position = 0;
    while (this.#position < size) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, size - this.#position));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** True where another file has taken the name. */
  async #hasMoved(): Promise<boolean> {
    const named = await stat(this.#path).catch(() => undefined);
    const opened = await this.#file?.stat();
    return named !== undefined && (opened?.ino !== named.ino || opened?.dev !== named.dev);
  }

  async #reopen(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.#position = 0;
    await this.#open();
  }

  async #open(): Promise<void> {
    try {
      this.#file = await openFile(this.#path, 'r');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return;
      throw unreadable(this.#path, this.#flag, cause);
    }
    if ((await this.#file.stat()).isDirectory()) {
      throw unreadable(this.#path, this.#flag, new Error('it is a directory'));
    }
  }
}

function unreadable(path: string, flag: string, cause: unknown): FraudstreamError {
  const message = `${path} cannot be read: ${messageOf(cause)}. Check ${flag}.`;
  return new FraudstreamError('no-input', message, { cause });
}
