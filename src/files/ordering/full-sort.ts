import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recorded } from '../recorded.ts';
import { readRun, writeRun } from './run-file.ts';

/** Payload in memory before a run is written to disk. */
const RUN_BYTES = 64 * 1_048_576;
const GROUP = 256;

/**
 * All records ordered by event time, equal ones as they came.
 *
 * An external merge sort: what is more than 64 MiB is written in sorted runs to the folder for temporary
 * files, about as large as the input, and merged from there. The runs are removed at the end.
 */
export async function* fullySorted(
  groups: AsyncIterable<readonly Recorded[]>,
  runBytes: number = RUN_BYTES,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'fraudstream-sort-'));
  try {
    const { runs, rest } = await spilled(groups, folder, runBytes);
    yield* merged([...runs.map(readRun), inMemory(rest)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes sorted runs; what fits into memory stays there. */
async function spilled(
  groups: AsyncIterable<readonly Recorded[]>,
  folder: string,
  runBytes: number,
): Promise<{ readonly runs: readonly string[]; readonly rest: Recorded[] }> {
  const runs: string[] = [];
  let rest: Recorded[] = [];
  let bytes = 0;
  for await (const group of groups) {
    rest.push(...group);
    for (const { data } of group) bytes += data.length;
    if (bytes < runBytes) continue;
    const path = join(folder, String(runs.length));
    await writeRun(path, rest.sort(byEventTime));
    runs.push(path);
    rest = [];
    bytes = 0;
  }
  return { runs, rest: rest.sort(byEventTime) };
}

/** Array.sort is stable: equal ones stay as they came. */
function byEventTime(a: Recorded, b: Recorded): number {
  return a.eventAt - b.eventAt;
}

async function* inMemory(records: readonly Recorded[]): AsyncGenerator<Recorded> {
  yield* records;
}

/** Merges runs; of equal event times the earlier run goes first. */
async function* merged(
  runs: readonly AsyncIterable<Recorded>[],
): AsyncGenerator<readonly Recorded[], void, undefined> {
  const readers = runs.map((run) => run[Symbol.asyncIterator]());
  const heads = await Promise.all(readers.map(async (reader) => (await reader.next()).value));
  let group: Recorded[] = [];
  for (;;) {
    const first = firstOf(heads);
    const record = heads[first];
    if (!record) break;
    group.push(record);
    heads[first] = (await readers[first]?.next())?.value;
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function firstOf(heads: readonly (Recorded | undefined)[]): number {
  let first = 0;
  for (const [place, head] of heads.entries()) {
    const least = heads[first]?.eventAt ?? Number.POSITIVE_INFINITY;
    if (head && head.eventAt < least) first = place;
  }
  return first;
}
