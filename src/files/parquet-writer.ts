import type { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { OutputFile } from '../storage/output-file.ts';

/** Rows that a reader takes at once; so many are held in memory. */
const ROWS_PER_GROUP = 50_000;

/** How the fields that are no text are kept; every field may be null. */
const kinds: Readonly<Record<string, Kind>> = {
  schema_version: { element: { type: 'INT32' } },
  account_age_days: { element: { type: 'INT32' } },
  amount_minor: { element: { type: 'INT64' }, read: (value) => BigInt(value as number) },
  billing_amount_minor: { element: { type: 'INT64' }, read: (value) => BigInt(value as number) },
  card_present: { element: { type: 'BOOLEAN' } },
  is_fraud: { element: { type: 'BOOLEAN' } },
  event_time: instantKind(),
  reported_at: instantKind(),
};
const textKind: Kind = { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' } };
const floatKind: Kind = { element: { type: 'FLOAT' } };

/** A type of the format, and what stands in JSON as a value of it. */
interface Kind {
  readonly element: {
    readonly type: 'INT32' | 'INT64' | 'FLOAT' | 'BOOLEAN' | 'BYTE_ARRAY';
    readonly converted_type?: 'UTF8' | 'TIMESTAMP_MILLIS';
  };
  readonly read?: (value: unknown) => unknown;
}

function instantKind(): Kind {
  return {
    element: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
    read: (value) => new Date(value as string),
  };
}

/**
 * A file that is given lines of JSON and holds them as Parquet, compressed with Snappy.
 *
 * Shapes: every chunk ends with a line; each line is an object with these fields. Those in `floats` are float32.
 */
export async function parquetFile(
  file: OutputFile,
  fields: readonly string[],
  floats: readonly string[] = [],
): Promise<OutputFile> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const areFloats = new Set(floats);
  const columns = fields.map((name): ParquetColumn => {
    return { name, kind: areFloats.has(name) ? floatKind : (kinds[name] ?? textKind) };
  });
  const elements = columns.map(({ name, kind }) => {
    return { name, repetition_type: 'OPTIONAL' as const, ...kind.element };
  });
  const schema = [{ name: 'root', num_children: fields.length }, ...elements];
  const bytes = new ByteWriter();
  return new ParquetFile(file, columns, bytes, new ParquetWriter({ writer: bytes, schema }));
}

interface ParquetColumn {
  readonly name: string;
  readonly kind: Kind;
}

class ParquetFile implements OutputFile {
  readonly #file: OutputFile;
  readonly #fields: readonly ParquetColumn[];
  readonly #bytes: ByteWriter;
  readonly #writer: ParquetWriter;
  #columns: unknown[][];

  constructor(
    file: OutputFile,
    fields: readonly ParquetColumn[],
    bytes: ByteWriter,
    writer: ParquetWriter,
  ) {
    this.#file = file;
    this.#fields = fields;
    this.#bytes = bytes;
    this.#writer = writer;
    this.#columns = fields.map(() => []);
  }

  async write(chunk: Uint8Array | string): Promise<void> {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    for (const line of text.split('\n')) if (line !== '') this.#add(JSON.parse(line));
    if ((this.#columns[0]?.length ?? 0) >= ROWS_PER_GROUP) await this.#writeGroup();
  }

  async finish(): ReturnType<OutputFile['finish']> {
    await this.#writeGroup();
    await this.#writer.finish();
    await this.#passOn();
    return this.#file.finish();
  }

  publish(): Promise<void> {
    return this.#file.publish();
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }

  #add(record: Readonly<Record<string, unknown>>): void {
    for (const [index, { name, kind }] of this.#fields.entries()) {
      const value = record[name] ?? null;
      const { read } = kind;
      this.#columns[index]?.push(value === null || !read ? value : read(value));
    }
  }

  async #writeGroup(): Promise<void> {
    const columns = this.#columns;
    this.#columns = this.#fields.map(() => []);
    if (columns[0]?.length === 0) return;
    const columnData = this.#fields.map(({ name }, index) => ({
      name,
      data: columns[index] ?? [],
    }));
    await this.#writer.write({ columnData, rowGroupSize: columns[0]?.length ?? 0 });
    await this.#passOn();
  }

  /** What the writer has gathered goes to the file; its offsets count on. */
  async #passOn(): Promise<void> {
    const gathered = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    await this.#file.write(gathered);
  }
}
