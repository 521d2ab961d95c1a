import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import type { ParquetAnswer, ParquetSchema, ParquetTask } from './parquet-thread.ts';
import type { Cells, InputRow } from './row.ts';

/** Which columns of a Parquet file are read. */
export interface ParquetSettings {
  /** Columns of the top level; all of them unless given. */
  readonly wanted?: readonly string[] | undefined;
  /** Sees the paths of all columns before any row, and may throw. */
  readonly judge?: (schema: ParquetSchema) => void;
  /** A group of rows that takes longer is never going to come. */
  readonly groupMs?: number;
}

const GROUP_MS = 60_000;
/** Of the thread that decodes; a window of a row group is in it at a time. */
const HEAP_MB = 2_048;

/**
 * The rows of a Parquet file; only what is wanted is read.
 *
 * They are decoded on a thread of their own, which is ended when a damaged file keeps it busy without end, or
 * takes all its memory. Errors: `bad-data` for a file that is none, or damaged.
 */
export async function* parquetRows(
  path: string,
  { wanted, judge, groupMs = GROUP_MS }: ParquetSettings = {},
): AsyncGenerator<readonly InputRow[], void, undefined> {
  if ((await stat(path)).size === 0) throw unreadable(path, 'it is empty (0 bytes)');
  const url = new URL('./parquet-thread.js', import.meta.url);
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB };
  const task: ParquetTask = { path, wanted };
  const worker = new Worker(url, { workerData: task, resourceLimits });
  const ask = answersOf(worker, groupMs);
  try {
    let header: readonly string[] = [];
    for (let line = 1; ; ) {
      const answer = await ask();
      if ('fault' in answer) throw unreadable(path, answer.fault);
      if ('schema' in answer) {
        header = answer.schema.columns;
        judge?.(answer.schema);
        continue;
      }
      const { rows, values } = answer;
      if (rows === 0) return;
      const first = line;
      yield Array.from(
        { length: rows },
        (_, at) => new ParquetRow(first + at, { header, values, at }),
      );
      line += rows;
    }
  } finally {
    await worker.terminate();
  }
}

function unreadable(path: string, why: string): FraudstreamError {
  return new FraudstreamError('bad-data', `${path} cannot be read as Parquet: ${why}.`);
}

/** Asks the thread for its next answer: a fault when there is none in time, or the thread has ended. */
function answersOf(worker: Worker, groupMs: number): () => Promise<ParquetAnswer> {
  let answer: (answer: ParquetAnswer) => void = () => undefined;
  worker.on('message', (said: ParquetAnswer) => answer(said));
  worker.on('error', ({ message }) => answer({ fault: message }));
  return async () => {
    const fault = `nothing was decoded in ${groupMs / 1000} s: it is damaged`;
    const late = setTimeout(() => answer({ fault }), groupMs);
    const next = new Promise<ParquetAnswer>((resolve) => {
      answer = resolve;
    });
    worker.postMessage('next');
    return next.finally(() => clearTimeout(late));
  };
}

/** Values by column, and which row of them. */
interface ColumnValues {
  readonly header: readonly string[];
  readonly values: readonly (readonly unknown[])[];
  readonly at: number;
}

/** A row as an object and as JSON, made when they are asked for. */
class ParquetRow implements InputRow, Cells {
  readonly line: number;
  readonly fault: undefined = undefined;
  readonly #columns: ColumnValues;

  constructor(line: number, columns: ColumnValues) {
    this.line = line;
    this.#columns = columns;
  }

  get cells(): Cells {
    return this;
  }

  get header(): readonly string[] {
    return this.#columns.header;
  }

  cell(index: number): unknown {
    return this.#columns.values[index]?.[this.#columns.at] ?? undefined;
  }

  get value(): unknown {
    const { header } = this.#columns;
    return Object.fromEntries(
      header.flatMap((name, index) => {
        const value = this.cell(index);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  }

  get bytes(): Uint8Array {
    return Buffer.from(JSON.stringify(this.value, plainValue));
  }
}

/** What JSON does not have: bytes as hexadecimal digits, long integers and numbers past all bounds as texts. */
function plainValue(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (!(value instanceof Uint8Array)) return value;
  return `0x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}`;
}
