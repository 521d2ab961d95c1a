import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContractRecord } from '../contract/transactions-contract.ts';
import type { Label } from '../transactions/label.ts';
import { recordOf } from './parse-native-line.ts';
import type { Recorded, RecordedForm } from './recorded.ts';
import { openSink } from './sink.ts';

/** Payload in memory before a run is written to disk. */
const RUN_BYTES = 64 * 1_048_576;
const GROUP = 256;

/**
 * External merge sort: yields all records by event time, equal ones as they came.
 *
 * Beyond 64 MiB of payload, sorted runs are written to the folder for temporary files and merged from
 * there. They need about as much space as the input, and are removed at the end.
 */
export async function* externallySorted(
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
async function writeRun(path: string, records: readonly Recorded[], forms: Forms): Promise<void> {
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
async function* readRun(path: string, forms: Forms): AsyncGenerator<Recorded, void, undefined> {
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    carried = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
    let at = 0;
    for (;;) {
      const end = endOf(carried, at);
      if (end > carried.length) break;
      yield recordIn(carried, at, end, forms);
      at = end;
    }
    carried = carried.subarray(at);
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
