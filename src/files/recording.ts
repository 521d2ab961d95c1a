import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { FraudstreamError } from '../fraudstream-error.ts';
import type { Clock } from '../stream/clock.ts';
import { type OutputFile, openOutputFile } from './output-file.ts';

/** When a file is full. Units: bytes before compression, milliseconds since it was opened. */
export interface Rotation {
  readonly size: number | undefined;
  readonly time: number | undefined;
}

const DIGITS = 6;

/**
 * Lines written to one file, or to numbered ones that follow each other.
 *
 * A file has another name until it is complete: what has its name is whole. `published` is told when
 * everything written so far lies in complete files.
 * Errors: `usage` when a file is there already or cannot be written.
 */
export class Recording {
  readonly #path: string;
  readonly #rotation: Rotation;
  readonly #clock: Clock;
  readonly #published: () => Promise<void>;
  readonly #paths: string[] = [];
  #file: OutputFile | undefined;
  #bytes = 0;
  #openedAt = 0;

  private constructor(
    path: string,
    rotation: Rotation,
    clock: Clock,
    published: () => Promise<void>,
  ) {
    this.#path = path;
    this.#rotation = rotation;
    this.#clock = clock;
    this.#published = published;
  }

  static async begin(
    path: string,
    rotation: Rotation,
    clock: Clock,
    published: () => Promise<void>,
  ): Promise<Recording> {
    const recording = new Recording(path, rotation, clock, published);
    await recording.#refuseExisting();
    return recording;
  }

  /** The files that are complete. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  async write(lines: Uint8Array): Promise<void> {
    this.#file ??= await this.#open();
    await this.#file.write(lines);
    this.#bytes += lines.length;
    if (this.#isFull()) await this.close();
  }

  /** Completes the file that is open; one that is empty is not made. */
  async close(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    await file.finish();
    await file.publish();
    this.#paths.push(this.#nextPath());
    await this.#published();
  }

  /** Completes the file if its time is over. */
  async tick(): Promise<void> {
    if (this.#file && this.#isFull()) await this.close();
  }

  async #open(): Promise<OutputFile> {
    this.#bytes = 0;
    this.#openedAt = this.#clock.now();
    return openOutputFile(this.#nextPath(), false);
  }

  #isFull(): boolean {
    const { size = Number.POSITIVE_INFINITY, time = Number.POSITIVE_INFINITY } = this.#rotation;
    return this.#bytes >= size || this.#clock.now() - this.#openedAt >= time;
  }

  get #isNumbered(): boolean {
    return this.#rotation.size !== undefined || this.#rotation.time !== undefined;
  }

  /** `live.ndjson.gz`, or `live.000001.ndjson.gz` when files follow each other. */
  #nextPath(): string {
    if (!this.#isNumbered) return this.#path;
    const { base, ending } = partsOf(this.#path);
    return `${base}.${String(this.#paths.length + 1).padStart(DIGITS, '0')}${ending}`;
  }

  async #refuseExisting(): Promise<void> {
    const { base, ending } = partsOf(basename(this.#path));
    const names = await readdir(dirname(this.#path)).catch(() => []);
    const isOurs = (name: string): boolean =>
      this.#isNumbered
        ? name.startsWith(`${base}.`) && name.endsWith(ending) && /\.\d{6}\./.test(name)
        : name === basename(this.#path);
    const there = names.find(isOurs);
    if (there === undefined) return;
    const message = `${there} is there already: move it away, or give another --out. A recording overwrites nothing.`;
    throw new FraudstreamError('usage', message);
  }
}

function partsOf(path: string): { readonly base: string; readonly ending: string } {
  const [, base = path, ending = ''] =
    /^(.*?)((?:\.ndjson|\.jsonl|\.json)?(?:\.gz)?)$/s.exec(path) ?? [];
  return { base, ending };
}
