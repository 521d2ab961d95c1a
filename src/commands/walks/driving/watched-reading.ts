import { FraudstreamError } from '../../../fraudstream-error.ts';
import type { ReadMeans } from '../../../kinesis/consumer/shard-reader.ts';
import type { Shard } from '../../../kinesis/entry.ts';
import type { ReadClient, RecordPage } from '../../../kinesis/read-client.ts';
import { listedShards } from '../../../kinesis/retries.ts';
import type { Tally } from '../../../reporting/tally.ts';

/** A client that knows when a reading at the end of a stream has begun in every shard. */
export interface WatchedReading {
  readonly client: ReadClient;
  /** Resolves when each open shard has answered once: nothing that is put from then on is missed. */
  readonly established: Promise<void>;
}

/**
 * Watches the first answers of a client's shards.
 *
 * An iterator of LATEST stands where the shard ended when it was asked for; only an answer to
 * GetRecords proves that there was one. `failures` counts reads that failed, by code.
 */
export async function watchedReading(
  client: ReadClient,
  failures: Tally,
  means: ReadMeans,
): Promise<WatchedReading> {
  const listShards = (): Promise<readonly Shard[]> => counted(client.listShards(), failures);
  const shards = await listedShards({ listShards }, { ...means, isFirstCall: true });
  const silent = new Set(shards.flatMap(({ shardId, isOpen }) => (isOpen ? [shardId] : [])));
  const shardOf = new Map<string, string>();
  let establish: () => void = () => undefined;
  const established = new Promise<void>((resolve) => {
    establish = resolve;
  });
  return {
    established,
    client: {
      listShards: async () => {
        const listed = await listShards();
        // A shard that was closed since then is not read.
        const open = new Set(listed.flatMap(({ shardId, isOpen }) => (isOpen ? [shardId] : [])));
        for (const shardId of silent) if (!open.has(shardId)) silent.delete(shardId);
        if (silent.size === 0) establish();
        return listed;
      },
      iterator: async (shardId, position) => {
        const iterator = await counted(client.iterator(shardId, position), failures);
        if (iterator !== undefined && silent.has(shardId)) shardOf.set(iterator, shardId);
        return iterator;
      },
      records: async (iterator, limit) => {
        const page = await counted(client.records(iterator, limit), failures);
        if (page.failure && !isRenewed(page.failure)) failures.add(page.failure.code);
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

/** An iterator that is too old is no trouble of the stream: the reader takes a new one. */
function isRenewed({ code }: NonNullable<RecordPage['failure']>): boolean {
  return code === 'ExpiredIteratorException';
}

async function counted<T>(answer: Promise<T>, failures: Tally): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    failures.add(error instanceof FraudstreamError ? error.code : 'Unknown');
    throw error;
  }
}
