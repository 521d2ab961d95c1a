import { FraudstreamError } from '../../errors.ts';
import { type LineBlock, linesOf } from '../../generators/lines/line-block.ts';
import { fieldsOf, headersOf, type LineForm } from '../../generators/lines/line-fields.ts';
import { type FileFacts, type OutputFile, openOutputFile } from '../../storage/output-file.ts';
import { parquetFile } from '../parquet-writer.ts';

/** How records stand in files: as lines, or in columns. */
export type Format = LineForm['format'] | 'parquet';

/** Where lines go, and in which form; without `out` to the writer of the caller. */
export interface LineOutputSettings {
  readonly out?: string | undefined;
  /** By the ending of the name unless given, else NDJSON. */
  readonly format?: Format | undefined;
  /** `none` unless given. */
  readonly labels?: LineForm['labels'];
  /** The name of the manifest, `none` for no manifest; beside the file unless given. */
  readonly manifest?: string | undefined;
}

/** Where lines go: one file for each track of the form, or stdout where there is none. */
export interface OutputNames {
  /** The form of the lines; a Parquet file is made of lines of JSON. */
  readonly form: LineForm;
  readonly format: Format;
  readonly files: readonly string[];
  readonly manifest: string | undefined;
}

/** `day.csv.gz` in its parts: `day`, `.csv`, `.gz`. */
const PARTS = /^(.*?)(\.(?:ndjson|jsonl|json|csv|parquet))?(\.gz)?$/s;

const formats: ReadonlyMap<string, Format> = new Map([
  ['.csv', 'csv'],
  ['.parquet', 'parquet'],
]);

/**
 * The files of an output: `day.csv.gz` has its labels in `day.labels.csv.gz` and its manifest in
 * `day.manifest.json`.
 *
 * Errors: `usage` for labels or a manifest beside a file that nobody named.
 */
export function outputNames({
  out,
  format,
  labels = 'none',
  manifest,
}: LineOutputSettings): OutputNames {
  if (out === undefined) return toStdout(format ?? 'ndjson', labels, manifest);
  const [, base = out, ending = '', zip = ''] = PARTS.exec(out) ?? [];
  const asked = format ?? formats.get(ending) ?? 'ndjson';
  if (asked === 'parquet' && zip !== '') {
    throw new FraudstreamError('usage', `${out}: Parquet is compressed inside. Leave out .gz.`);
  }
  const files = labels === 'sidecar' ? [out, `${base}.labels${ending}${zip}`] : [out];
  const beside = manifest ?? `${base}.manifest.json`;
  const form = formOf(asked, labels);
  return { form, format: asked, files, manifest: beside === 'none' ? undefined : beside };
}

function formOf(format: Format, labels: LineForm['labels']): LineForm {
  return { format: format === 'parquet' ? 'ndjson' : format, labels };
}

function toStdout(
  format: Format,
  labels: LineForm['labels'],
  manifest: string | undefined,
): OutputNames {
  if (format === 'parquet') {
    throw new FraudstreamError(
      'usage',
      '--format parquet needs --out: Parquet is not written to stdout.',
    );
  }
  if (labels === 'sidecar') {
    throw new FraudstreamError(
      'usage',
      '--labels sidecar needs --out: the labels go to a file beside it, never to stdout.',
    );
  }
  if (manifest !== undefined && manifest !== 'none') {
    throw new FraudstreamError('usage', '--manifest needs --out: it lists the files written.');
  }
  return { form: formOf(format, labels), format, files: [], manifest: undefined };
}

/** A file that was written. */
export interface WrittenFile {
  readonly path: string;
  readonly facts: FileFacts;
}

/** Writes lines where there is no file: stdout, or the memory of a test. */
export type WriteLines = (bytes: string | Uint8Array) => Promise<void>;

/** Writes blocks of lines to files that come together, or to the writer of the caller. */
export class LineOutput {
  readonly #names: OutputNames;
  readonly #files: readonly OutputFile[];
  readonly #out: { readonly write: WriteLines };

  private constructor(names: OutputNames, files: readonly OutputFile[], write: WriteLines) {
    this.#names = names;
    this.#files = files;
    this.#out = { write };
  }

  /** Opens the files, and writes what stands before the first line of each. */
  static async open(
    names: OutputNames,
    write: WriteLines,
    headers: readonly string[] = headersOf(names.form),
  ): Promise<LineOutput> {
    const isDigested = names.manifest !== undefined;
    const files: OutputFile[] = [];
    const output = new LineOutput(names, files, write);
    try {
      for (const [track, path] of names.files.entries()) {
        const file = await openOutputFile(path, { isDigested });
        files.push(file);
        if (names.format === 'parquet') {
          files[track] = await parquetFile(file, fieldsOf(names.form)[track] ?? []);
        }
      }
      for (const [track, header] of headers.entries()) {
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

  #target(track: number): { readonly write: WriteLines } {
    return this.#files[track] ?? this.#out;
  }
}
