import { Worker } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import type { ParquetAnswer } from './parquet-thread.ts';
import type { InputRow } from './row.ts';

/** A group of rows that takes longer is never going to come. */
const GROUP_MS = 60_000;
/** Of the thread that decodes; a group of rows is in it at a time. */
const HEAP_MB = 2_048;
const LINE_FEED = 0x0a;

/**
 * The rows of a Parquet file; a group of rows is in memory at a time.
 *
 * They are decoded on a thread of their own, which is ended when a damaged file keeps it busy without end, or
 * takes all its memory. Errors: `bad-data` for a file that is none, or damaged.
 */
export async function* parquetRows(
  path: string,
  groupMs: number = GROUP_MS,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  const url = new URL('./parquet-thread.js', import.meta.url);
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB };
  const worker = new Worker(url, { workerData: path, resourceLimits });
  const ask = answersOf(worker, groupMs);
  try {
    for (let line = 1; ; ) {
      const answer = await ask();
      if ('fault' in answer) {
        const message = `${path} cannot be read as Parquet: ${answer.fault}.`;
        throw new FraudstreamError('bad-data', message);
      }
      if (answer.lines.length === 0) return;
      const rows = rowsIn(answer.lines, line);
      line += rows.length;
      yield rows;
    }
  } finally {
    await worker.terminate();
  }
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

function rowsIn(lines: Uint8Array, firstLine: number): readonly InputRow[] {
  const rows: InputRow[] = [];
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf(LINE_FEED, from);
    rows.push(new ParquetRow(firstLine + rows.length, lines.subarray(from, end)));
    from = end + 1;
  }
  return rows;
}

/** A row as JSON, which is parsed when it is asked for. */
class ParquetRow implements InputRow {
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly fault: undefined = undefined;
  #value: unknown;

  constructor(line: number, bytes: Uint8Array) {
    this.line = line;
    this.bytes = bytes;
  }

  get value(): unknown {
    this.#value ??= JSON.parse(Buffer.from(this.bytes).toString('utf8'));
    return this.#value;
  }
}
