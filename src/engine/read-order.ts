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
}

/** In which order the records of different shards are handled. */
export type FeatureOrder = 'arrival' | 'event-time';

/** A shard that has nothing so long after a record of another came holds that one up no more. */
const QUIET_MS = 500;
/** Records that wait for those of other shards, at most. */
const MOST_WAITING = 100_000;

/** Reads a stream in the order in which it is handled: by arrival, or its shards merged by event time. */
export async function* recordsInOrder(
  client: ReadClient,
  dependencies: ReadDependencies,
  settings: ConsumeSettings,
  order: FeatureOrder,
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
  for await (const { shardId, records, isEnd, readAt } of batches) {
    const read = (record: ConsumedRecord): ReadRecord => ({
      ...(form ? formedRecord(record, form) : readRecord(record)),
      readAt,
    });
    yield { input: shardId, records: records.map(read), isEnd };
  }
}

/** A record before it is known when it was read. */
type ParsedRecord = Omit<ReadRecord, 'readAt'>;

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
