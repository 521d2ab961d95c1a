import { parquetFile } from '../../../files/parquet-file.ts';
import { type LineBlock, linesOf } from '../../../generators/lines/block.ts';
import { fieldsOf, headersOf } from '../../../generators/lines/line-form.ts';
import { type OutputFile, openOutputFile } from '../../../storage/output-file.ts';
import type { Writer } from '../../outside.ts';
import type { WrittenFile } from './manifest.ts';
import type { OutputNames } from './output-names.ts';

/** Where blocks of lines are written: files that come together, or stdout. */
export class LineOutput {
  readonly #names: OutputNames;
  readonly #files: readonly OutputFile[];
  readonly #out: Pick<Writer, 'write'>;

  private constructor(names: OutputNames, files: readonly OutputFile[], out: Writer) {
    this.#names = names;
    this.#files = files;
    this.#out = out;
  }

  /** Opens the files, and writes what stands before the first line. */
  static async open(names: OutputNames, out: Writer): Promise<LineOutput> {
    const isDigested = names.manifest !== undefined;
    const files: OutputFile[] = [];
    const output = new LineOutput(names, files, out);
    try {
      for (const [track, path] of names.files.entries()) {
        const file = await openOutputFile(path, { isDigested });
        files.push(file);
        if (names.format === 'parquet') {
          files[track] = await parquetFile(file, fieldsOf(names.form)[track] ?? []);
        }
      }
      for (const [track, header] of headersOf(names.form).entries()) {
        if (header !== '') await output.#target(track).write(header);
      }
    } catch (error) {
      await output.discard();
      throw error;
    }
    return output;
  }

  /** Resolves when the block may be used again. */
  async write({ tracks, count }: LineBlock): Promise<void> {
    for (const [track, lines] of tracks.entries()) {
      await this.#target(track).write(linesOf(lines, count));
    }
  }

  /** Nothing more comes; says what was written. */
  async finish(): Promise<readonly WrittenFile[]> {
    const written: WrittenFile[] = [];
    for (const [track, file] of this.#files.entries()) {
      written.push({ path: this.#names.files[track] ?? '', facts: await file.finish() });
    }
    return written;
  }

  async publish(): Promise<void> {
    for (const file of this.#files) await file.publish();
  }

  async discard(): Promise<void> {
    for (const file of this.#files) await file.discard();
  }

  #target(track: number): Pick<Writer, 'write'> {
    return this.#files[track] ?? this.#out;
  }
}
