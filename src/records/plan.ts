/** What one shard would take. `load` is its share of the tighter of its two limits; 1 is full. */
export interface ShardPlan {
  readonly shardId: string;
  readonly userRecordsPerSecond: number;
  readonly kinesisRecordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly load: number;
}

/**
 * What a rate would mean to a stream, without sending anything.
 *
 * `capacityPerSecond` is the rate of such records at which the fullest shard reaches its limit, and
 * `shardsNeeded` how many even shards the rate asks for (`undefined` where no rate is set: the
 * figures are then those at capacity).
 */
export interface Plan {
  readonly userRecordsPerSecond: number;
  readonly capacityPerSecond: number;
  readonly shardsNeeded: number | undefined;
  readonly meanPayloadBytes: number;
  readonly aggregationRatio: number;
  readonly shards: readonly ShardPlan[];
}
