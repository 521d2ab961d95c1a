import { type OutputFile, openOutputFile } from '../../storage/output-file.ts';
import type { Clock } from '../../stream/clock.ts';
import { checkFree, type FileNames } from './file-names.ts';

/** When a file ends: at so many bytes of lines, before compression, or so long after its start. */
export interface Rotation {
  readonly sizeBytes?: number | undefined;
  readonly timeMs?: number | undefined;
}

/** A file that is whole and has its name. `bytes` as on disk, `lineBytes` before compression. */
export interface RecordedFile {
  readonly path: string;
  readonly lines: number;
  readonly lineBytes: number;
  readonly bytes: number;
}

/**
 * What a recorder tells: how many lines were written, in turn with the files they are in.
 *
 * `failed`: a file could not be finished while nobody was writing; the same error comes back from
 * the next call.
 */
export interface RecordingEvents {
  published(file: RecordedFile): Promise<void>;
  failed(): void;
}

/** A file that lines are being written to. */
interface OpenFile {
  readonly path: string;
  readonly file: OutputFile;
  readonly ended: AbortController;
  lines: number;
  lineBytes: number;
}

const LINE_FEED = Buffer.from('\n');

/**
 * Lines to files that follow one another, each there whole or not at all.
 *
 * A file begins with its first line, so that none is empty; a line is never cut. What could not be
 * published stays under the name of an unfinished file.
 */
export class Recording {
  readonly #names: FileNames;
  readonly #rotation: Rotation;
  readonly #clock: Clock;
  readonly #events: RecordingEvents;
  #open: OpenFile | undefined;
  /** Whatever touches the files waits for what was asked for before. */
  #turn: Promise<void> = Promise.resolve();
  #failure: { readonly by: unknown } | undefined;

  constructor(names: FileNames, rotation: Rotation, clock: Clock, events: RecordingEvents) {
    this.#names = names;
    this.#rotation = rotation;
    this.#clock = clock;
    this.#events = events;
  }

  /**
   * Writes lines, which come without line feeds; `written` hears how many of them so far are in the
   * file, before that file can be published.
   */
  write(lines: readonly Uint8Array[], written: (count: number) => void): Promise<void> {
    return this.#inTurn(async () => {
      for (let from = 0; from < lines.length; ) {
        const open = await this.#opened();
        const until = this.#fitting(lines, from, open);
        if (until > from) {
          const chunk = Buffer.concat(
            lines.slice(from, until).flatMap((line) => [line, LINE_FEED]),
          );
          await open.file.write(chunk);
          open.lines += until - from;
          open.lineBytes += chunk.length;
          written(until);
        }
        from = until;
        if (from < lines.length) await this.#publish();
      }
    });
  }

  /** Puts the file in place that is being written, if there is one. */
  publish(): Promise<void> {
    return this.#inTurn(() => this.#publish());
  }

  /** The index of the first line that no longer fits; a new file takes one line of any size. */
  #fitting(lines: readonly Uint8Array[], from: number, open: OpenFile): number {
    const most = this.#rotation.sizeBytes ?? Number.POSITIVE_INFINITY;
    let bytes = open.lineBytes;
    for (let index = from; index < lines.length; index += 1) {
      bytes += (lines[index]?.length ?? 0) + LINE_FEED.length;
      const isFirst = open.lines === 0 && index === from;
      if (bytes > most && !isFirst) return index;
    }
    return lines.length;
  }

  async #opened(): Promise<OpenFile> {
    if (this.#open) return this.#open;
    const path = this.#names.next();
    // A checkpoint may say that what it holds was read: it must be on the disk before that.
    const file = await openOutputFile(path, { isDurable: true });
    const open = { path, file, ended: new AbortController(), lines: 0, lineBytes: 0 };
    this.#open = open;
    if (this.#rotation.timeMs !== undefined) void this.#publishAfter(this.#rotation.timeMs, open);
    return open;
  }

  async #publishAfter(timeMs: number, open: OpenFile): Promise<void> {
    await this.#clock.sleep(timeMs, open.ended.signal);
    if (open.ended.signal.aborted) return;
    const publishing = this.#inTurn(async () => {
      if (this.#open === open) await this.#publish();
    });
    await publishing.catch(() => this.#events.failed());
  }

  async #publish(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    const { path, file, lines, lineBytes } = open;
    open.ended.abort();
    const { bytes } = await file.finish();
    await checkFree(path);
    await file.publish();
    this.#open = undefined;
    await this.#events.published({ path, lines, lineBytes, bytes });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(async () => {
      if (this.#failure) throw this.#failure.by;
      await work();
    });
    this.#turn = done.catch((by: unknown) => {
      this.#failure ??= { by };
    });
    return done;
  }
}
