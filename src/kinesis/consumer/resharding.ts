import type { Shard } from '../put-client.ts';

/**
 * Resharding: shard lineage says which shards may be read now, parents before children.
 *
 * A child waits until every parent that is still listed has been read to its end. Only so do the
 * records of one partition key stay in order through splits and merges.
 */
export class ParentShards {
  readonly #started = new Set<string>();
  readonly #ended = new Set<string>();

  /** The shards to start now; each is named once. */
  next(shards: readonly Shard[]): readonly string[] {
    const listed = new Set(shards.map((shard) => shard.shardId));
    const isDone = (id: string): boolean => this.#ended.has(id) || !listed.has(id);
    const ready = shards
      .filter((shard) => !this.#started.has(shard.shardId) && !this.#ended.has(shard.shardId))
      .filter((shard) => shard.parentShardIds.every(isDone))
      .map((shard) => shard.shardId);
    for (const shardId of ready) this.#started.add(shardId);
    return ready;
  }

  end(shardId: string): void {
    this.#ended.add(shardId);
  }

  get isAllRead(): boolean {
    return [...this.#started].every((shardId) => this.#ended.has(shardId));
  }
}
