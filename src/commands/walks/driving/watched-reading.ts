import type { ReadClient } from '../../../kinesis/read-client.ts';

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
 * GetRecords proves that there was one.
 */
export async function watchedReading(client: ReadClient): Promise<WatchedReading> {
  const shards = await client.listShards();
  const silent = new Set(shards.flatMap(({ shardId, isOpen }) => (isOpen ? [shardId] : [])));
  const shardOf = new Map<string, string>();
  let establish: () => void = () => undefined;
  const established = new Promise<void>((resolve) => {
    establish = resolve;
  });
  return {
    established,
    client: {
      listShards: () => client.listShards(),
      iterator: async (shardId, position) => {
        const iterator = await client.iterator(shardId, position);
        if (iterator !== undefined && silent.has(shardId)) shardOf.set(iterator, shardId);
        return iterator;
      },
      records: async (iterator, limit) => {
        const page = await client.records(iterator, limit);
        const shardId = shardOf.get(iterator);
        shardOf.delete(iterator);
        if (shardId !== undefined && !page.failure) silent.delete(shardId);
        if (silent.size === 0) establish();
        return page;
      },
    },
  };
}
