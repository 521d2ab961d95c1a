import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Row } from './row.ts';

const GROUP = 4096;

/**
 * The rows of a Parquet file; a group of rows is in memory at a time.
 *
 * Errors: `bad-data` for a file that is none, or damaged.
 */
export async function* parquetRows(path: string): AsyncGenerator<readonly Row[], void, undefined> {
  const rows = groupsOf(path);
  while (true) {
    const next = await rows.next().catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new FraudstreamError('bad-data', `${path} cannot be read as Parquet: ${reason}.`, {
        cause,
      });
    });
    if (next.done) return;
    yield next.value;
  }
}

async function* groupsOf(path: string): AsyncGenerator<readonly Row[], void, undefined> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import(
    'hyparquet'
  );
  const { compressors } = await import('hyparquet-compressors');
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const count = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < count; rowStart += GROUP) {
    const rowEnd = Math.min(count, rowStart + GROUP);
    const objects = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    yield objects.map((object, place) => {
      const value = plain(object);
      const bytes = Buffer.from(JSON.stringify(value));
      return { line: rowStart + place + 1, bytes, value, fault: undefined };
    });
  }
}

/** Values as JSON has them: instants as texts, long integers as numbers, null as absent. */
function plain(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(object).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    if (typeof value === 'bigint') return [[name, Number(value)]];
    return [[name, value instanceof Date ? value.toISOString() : value]];
  });
  return Object.fromEntries(entries);
}
