import type { TransactionContract } from '../contract/transactions-contract.ts';
import { messageOf } from '../errors.ts';
import { type ConsumeSettings, consume } from '../kinesis/consumer/consume.ts';
import type { ReadDependencies } from '../kinesis/consumer/shard-reader.ts';
import type { ReadClient } from '../kinesis/read-client.ts';
import { listedShards } from '../kinesis/retries.ts';
import { type Brought, mergedByTime, type Turn } from '../stream/merge-by-event-time.ts';
import { parseJson } from '../text/parse-json.ts';
import type { ConsumedRecord } from '../transactions/arrival.ts';
import { instantMs } from '../transactions/instant.ts';
import { parseTransaction } from '../transactions/transaction.ts';

/** A record of the stream, with the transaction as it stands there, or why it holds none. */
export interface ReadRecord {
  readonly record: ConsumedRecord;
  readonly parsed: Readonly<Record<string, unknown>> | undefined;
  readonly problem: string;
  /** Epoch milliseconds UTC; of what is no transaction before everything. */
  readonly eventAt: number;
  /** When it was read, epoch milliseconds. */
  readonly readAt: number;
  /** Counts the records as they were read: the order within a shard. */
  readonly readIndex: number;
}

/** In which order the records of different shards are handled. */
export type FeatureOrder = 'arrival' | 'event-time';

/** The order of features, and whether a shard's own order of one instant gives way to that of the ids. */
export interface ReadOrder {
  readonly order: FeatureOrder;
  readonly arrangesInstants: boolean;
}

/** A shard that has nothing so long after a record of another came holds that one up no more. */
const QUIET_MS = 500;
/** Records that wait for those of other shards, at most. */
const MOST_WAITING = 100_000;

/**
 * Reads a stream in the order in which it is handled: by arrival, or its shards merged by event time. Those of one
 * instant then come by `transaction_id` and stay in one turn; without `arrangesInstants` a shard is left in its own order.
 */
export async function* recordsInOrder(
  client: ReadClient,
  dependencies: ReadDependencies,
  settings: ConsumeSettings,
  { order, arrangesInstants }: ReadOrder,
  form: TransactionContract | undefined,
): AsyncGenerator<Turn<ReadRecord>, void, undefined> {
  if (order === 'arrival') {
    for await (const { input: lane, records, isEnd } of readBatches(
      client,
      dependencies,
      settings,
      form,
    )) {
      yield { records, ended: isEnd ? [lane] : [] };
    }
    return;
  }
  const batches = readBatches(client, dependencies, { ...settings, yieldsEmptyReads: true }, form);
  const shards = await listedShards(client, dependencies);
  const isRead = ({ shardId }: { shardId: string }): boolean =>
    settings.positions?.get(shardId) !== 'end';
  yield* mergedByTime(batches, dependencies.clock, {
    inputs: shards.filter((shard) => shard.isOpen && isRead(shard)).map(({ shardId }) => shardId),
    timeOf: ({ eventAt }) => eventAt,
    nameOf: ({ parsed }) => String(parsed?.transaction_id),
    arrangesInstants,
    quietMs: QUIET_MS,
    most: MOST_WAITING,
  });
}

async function* readBatches(
  client: ReadClient,
  dependencies: ReadDependencies,
  settings: ConsumeSettings,
  form: TransactionContract | undefined,
): AsyncGenerator<Brought<ReadRecord>, void, undefined> {
  const batches = consume(client, dependencies, settings);
  let readCount = 0;
  for await (const { shardId, records, isEnd, readAt } of batches) {
    const read = (record: ConsumedRecord): ReadRecord => {
      readCount += 1;
      const parsed = form ? formedRecord(record, form) : readRecord(record);
      return { ...parsed, readAt, readIndex: readCount };
    };
    yield { input: shardId, records: records.map(read), isEnd };
  }
}

/** A record before it is known when it was read. */
type ParsedRecord = Omit<ReadRecord, 'readAt' | 'readIndex'>;

function formedRecord(record: ConsumedRecord, form: TransactionContract): ParsedRecord {
  const found = form.decode(record.data);
  if ('problem' in found) {
    const problem = `${found.problem.field} ${found.problem.reason}`.trim();
    return { record, parsed: undefined, problem, eventAt: Number.NEGATIVE_INFINITY };
  }
  return { record, parsed: { ...found.transaction }, problem: '', eventAt: found.eventAt };
}

function readRecord(record: ConsumedRecord): ParsedRecord {
  const { data } = record;
  const none = { record, parsed: undefined, eventAt: Number.NEGATIVE_INFINITY };
  try {
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
    const parsed = parseJson(text) as Readonly<Record<string, unknown>>;
    const result = parseTransaction(parsed);
    if ('transaction' in result) {
      return { record, parsed, problem: '', eventAt: instantMs(result.transaction.event_time) };
    }
    return { ...none, problem: `${result.problem.field} ${result.problem.reason}` };
  } catch (error) {
    const reason = messageOf(error);
    return { ...none, problem: `it is not JSON (${reason})` };
  }
}

/**
 * The first records of a turn. Where the cut parts an instant, those of it are taken that were read first, so that of
 * each shard nothing is left before what is taken.
 */
export function firstOf(records: readonly ReadRecord[], most: number): readonly ReadRecord[] {
  if (records.length <= most) return records;
  let begin = most;
  while (begin > 0 && records[begin - 1]?.eventAt === records[most]?.eventAt) begin -= 1;
  const instant = records.slice(begin, endOfInstant(records, most));
  const taken = new Set([...instant].sort(byReading).slice(0, most - begin));
  return [...records.slice(0, begin), ...instant.filter((record) => taken.has(record))];
}

/** The first index from `from` on whose record is not of the instant of the one before it. */
export function endOfInstant(records: readonly ReadRecord[], from: number): number {
  let end = Math.min(from, records.length);
  while (end > 0 && end < records.length && records[end]?.eventAt === records[end - 1]?.eventAt)
    end += 1;
  return end;
}

export function byReading(one: ReadRecord, other: ReadRecord): number {
  return one.readIndex - other.readIndex;
}
