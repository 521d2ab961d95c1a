import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRecord } from '../contract/transactions-contract.ts';
import type { Label } from '../transactions/label.ts';
import { recordOf } from './parse-native-line.ts';
import type { Recorded, RecordedForm } from './recorded.ts';
import { openSink } from './sink.ts';

/** How often records came too late for the window. */
export interface Lateness {
  late: number;
}

/** In which order records are read: as they stand, within a window, or all of them. */
export interface OrderSettings {
  /** Puts in order what is out of order by at most that much. */
  readonly sortWindowMs?: number | undefined;
  /** Puts all in order, on disk where they are many. */
  readonly sort?: boolean;
}

/** The same records in the order of the settings. */
export function ordered(
  groups: AsyncIterable<readonly Recorded[]>,
  { sort, sortWindowMs }: OrderSettings,
  lateness: Lateness,
): AsyncIterable<readonly Recorded[]> {
  if (sort) return fullySorted(groups);
  return sortWindowMs === undefined ? groups : sortedWithin(groups, sortWindowMs, lateness);
}

/**
 * Orders records by event time that are at most so far out of order.
 *
 * A record leaves when one has come whose event time is later by more than the window. One that comes
 * too late for that leaves at once, and is counted.
 */
async function* sortedWithin(
  groups: AsyncIterable<readonly Recorded[]>,
  windowMs: number,
  lateness: Lateness,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  // In order of event time, equal ones as they came; what is new belongs near the end.
  let held: Recorded[] = [];
  let left = Number.NEGATIVE_INFINITY;
  for await (const group of groups) {
    for (const record of group) {
      if (record.eventAt < left) lateness.late += 1;
      held.splice(placeOf(record.eventAt, held), 0, record);
    }
    const until = (held.at(-1)?.eventAt ?? 0) - windowMs;
    const count = placeOf(until, held);
    if (count === 0) continue;
    const ready = held.slice(0, count);
    held = held.slice(count);
    left = Math.max(left, ready.at(-1)?.eventAt ?? left);
    yield ready;
  }
  if (held.length > 0) yield held;
}

/** Behind all that are not later. */
function placeOf(eventAt: number, held: readonly Recorded[]): number {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((held[middle]?.eventAt ?? 0) <= eventAt) low = middle + 1;
    else high = middle;
  }
  return low;
}

const HEAD_BYTES = 20;

/**
 * Writes records one behind the other.
 *
 *     offset  length  meaning
 *     0       4       bytes of the data, n
 *     4       4       bytes of the label as JSON, m; 0 without
 *     8       8       time it is ordered by, a double
 *     16      4       number of its form; 0 for our own
 *     20      n       data
 *     20+n    m       label
 */
export async function writeRun(
  path: string,
  records: readonly Recorded[],
  forms: Forms = new Forms(),
): Promise<void> {
  const sink = await openSink(path);
  for (const { data, label, eventAt, form } of records) {
    const labelBytes = label ? Buffer.from(JSON.stringify(label)) : Buffer.alloc(0);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(data.length, 0);
    head.writeUInt32LE(labelBytes.length, 4);
    head.writeDoubleLE(eventAt, 8);
    head.writeUInt32LE(forms.numberOf(form), 16);
    await sink.write(Buffer.concat([head, data, labelBytes]));
  }
  await sink.end();
}

/** Reads them again, in their order. */
export async function* readRun(
  path: string,
  forms: Forms = new Forms(),
): AsyncGenerator<Recorded, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (;;) {
      const end = endOf(held, at);
      if (end > held.length) break;
      yield recordIn(held, at, end, forms);
      at = end;
    }
    held = held.subarray(at);
  }
}

/** Where the record ends that begins there; past the end when its head is not whole. */
function endOf(bytes: Buffer, at: number): number {
  if (at + HEAD_BYTES > bytes.length) return Number.POSITIVE_INFINITY;
  return at + HEAD_BYTES + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4);
}

function recordIn(bytes: Buffer, at: number, end: number, forms: Forms): Recorded {
  const dataEnd = at + HEAD_BYTES + bytes.readUInt32LE(at);
  const data = bytes.subarray(at + HEAD_BYTES, dataEnd);
  const hasLabel = dataEnd < end;
  const label = hasLabel ? (JSON.parse(bytes.toString('utf8', dataEnd, end)) as Label) : undefined;
  const eventAt = bytes.readDoubleLE(at + 8);
  const form = forms.at(bytes.readUInt32LE(at + 16));
  // What was written here had been checked.
  if (!form) return { ...recordOf(JSON.parse(data.toString('utf8')), label, data), eventAt };
  const record = form.decode(data) as ContractRecord;
  const merchantCountry = record.transaction?.merchant_country ?? undefined;
  return {
    ...record,
    label,
    arrivedAt: undefined,
    form,
    isForeign: true,
    merchantCountry,
    eventAt,
  };
}

/** The forms that records on disk have, by number; 0 is our own. */
class Forms {
  readonly #forms: (RecordedForm | undefined)[] = [undefined];

  numberOf(form: RecordedForm | undefined): number {
    const known = this.#forms.indexOf(form);
    return known >= 0 ? known : this.#forms.push(form) - 1;
  }

  at(number: number): RecordedForm | undefined {
    return this.#forms[number];
  }
}

/** Payload in memory before a run is written to disk. */
const RUN_BYTES = 64 * 1_048_576;
const GROUP = 256;

/**
 * All records ordered by event time, equal ones as they came.
 *
 * An external merge sort: what is more than 64 MiB is written in sorted runs to the folder for temporary
 * files, about as large as the input, and merged from there. The runs are removed at the end.
 */
async function* fullySorted(
  groups: AsyncIterable<readonly Recorded[]>,
  runBytes: number = RUN_BYTES,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  const forms = new Forms();
  const folder = await mkdtemp(join(tmpdir(), 'fraudstream-sort-'));
  try {
    const { runs, rest } = await spilled(groups, folder, runBytes, forms);
    yield* merged([...runs.map((run) => readRun(run, forms)), inMemory(rest)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes sorted runs; what fits into memory stays there. */
async function spilled(
  groups: AsyncIterable<readonly Recorded[]>,
  folder: string,
  runBytes: number,
  forms: Forms,
): Promise<{ readonly runs: readonly string[]; readonly rest: Recorded[] }> {
  const runs: string[] = [];
  let rest: Recorded[] = [];
  let bytes = 0;
  for await (const group of groups) {
    rest.push(...group);
    for (const { data } of group) bytes += data.length;
    if (bytes < runBytes) continue;
    const path = join(folder, String(runs.length));
    await writeRun(path, rest.sort(byEventTime), forms);
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
