import { FraudstreamError } from '../../errors.ts';
import { consume } from '../../kinesis/consumer/consume.ts';
import type { ReadDependencies } from '../../kinesis/consumer/shard-reader.ts';
import type { Shard } from '../../kinesis/put-client.ts';
import type { ReadClient, RecordPage } from '../../kinesis/read-client.ts';
import { listedShards } from '../../kinesis/retries.ts';
import type { ArrivalTime } from '../../metrics/session-summary.ts';
import {
  type SourceDependencies,
  serviceTime,
  type VerdictReading,
  type VerdictRecord,
  type VerdictSource,
} from './verdict-source.ts';

/** Entries asked for at a time: the most that Kinesis gives. */
const LIMIT = 10_000;

/** Verdicts of a stream with shards, from its end on; arrival is the service's. */
export function shardVerdicts(
  client: ReadClient,
  location: string,
  {
    arrival = serviceTime,
    limit = LIMIT,
  }: { readonly arrival?: ArrivalTime; readonly limit?: number } = {},
): VerdictSource {
  return {
    location,
    arrival,
    isOrdered: true,
    open: (dependencies) => openShards(client, limit, dependencies),
  };
}

async function openShards(
  client: ReadClient,
  limit: number,
  { clock, stop, events, pollIntervalMs }: SourceDependencies,
): Promise<VerdictReading> {
  const dependencies = { clock, stop };
  const watched = await establishedReading(client, (code) => events.readFailed(code), dependencies);
  const settings = { from: 'latest', limit, pollIntervalMs } as const;
  async function* groups(): AsyncGenerator<readonly VerdictRecord[]> {
    for await (const { records } of consume(watched.client, dependencies, settings)) yield records;
  }
  return { established: watched.established, groups: groups() };
}

/** A client that knows when a reading at the end of a stream has begun in every shard. */
export interface EstablishedReading {
  readonly client: ReadClient;
  /** Resolves when each open shard has answered once: nothing that is put from then on is missed. */
  readonly established: Promise<void>;
}

/**
 * Watches the first answers of a client's shards.
 *
 * An iterator of LATEST is at the end of its shard when it was asked for; only an answer to
 * GetRecords proves that there was one. `onFailure` gets the code of each read that failed.
 */
export async function establishedReading(
  client: ReadClient,
  onFailure: (code: string) => void,
  dependencies: ReadDependencies,
): Promise<EstablishedReading> {
  const listShards = (): Promise<readonly Shard[]> => counted(client.listShards(), onFailure);
  const shards = await listedShards({ listShards }, { ...dependencies, isFirstCall: true });
  const silent = new Set(shards.flatMap(({ shardId, isOpen }) => (isOpen ? [shardId] : [])));
  const shardOf = new Map<string, string>();
  let establish: () => void = () => undefined;
  const established = new Promise<void>((resolve) => {
    establish = resolve;
  });
  return {
    established,
    client: {
      ...(client.isPushed && { isPushed: true }),
      listShards: async () => {
        const listed = await listShards();
        // A shard that was closed since then is not read.
        const open = new Set(listed.flatMap(({ shardId, isOpen }) => (isOpen ? [shardId] : [])));
        for (const shardId of silent) if (!open.has(shardId)) silent.delete(shardId);
        if (silent.size === 0) establish();
        return listed;
      },
      iterator: async (shardId, position) => {
        const iterator = await counted(client.iterator(shardId, position), onFailure);
        if (iterator !== undefined && silent.has(shardId)) shardOf.set(iterator, shardId);
        return iterator;
      },
      records: async (iterator, limit) => {
        const page = await counted(client.records(iterator, limit), onFailure);
        if (page.failure && !isRenewed(page.failure)) onFailure(page.failure.code);
        const shardId = shardOf.get(iterator);
        // The same iterator is used again after a failure.
        if (page.failure) return page;
        shardOf.delete(iterator);
        if (shardId !== undefined) silent.delete(shardId);
        if (silent.size === 0) establish();
        return page;
      },
    },
  };
}

/** An iterator that is too old is no fault of the stream: the reader takes a new one. */
function isRenewed({ code }: NonNullable<RecordPage['failure']>): boolean {
  return code === 'ExpiredIteratorException';
}

async function counted<T>(answer: Promise<T>, onFailure: (code: string) => void): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    onFailure(error instanceof FraudstreamError ? error.code : 'Unknown');
    throw error;
  }
}
