import { OpenAggregate } from '../../kpl/open-aggregate.ts';
import type { UserRecord } from '../../transactions/user-record.ts';
import { SHARD_BYTES_PER_SECOND, SHARD_RECORDS_PER_SECOND, type ShardMap } from '../shard-map.ts';
import { hashKeyOf } from './pending-record.ts';
import { aggregateBytes, type ProducerSettings } from './producer-settings.ts';

/** Planned load of one shard. `load` is the share of the tighter of its two limits; 1 is full. */
export interface ShardPlan {
  readonly shardId: string;
  readonly userRecordsPerSecond: number;
  readonly kinesisRecordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly load: number;
}

/**
 * Planned load of a stream at a rate; nothing is sent.
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

/** Plans a run from a sample of its records; `perSecond` may be infinite: as fast as possible. */
export function plan(
  sample: readonly UserRecord[],
  map: ShardMap,
  perSecond: number,
  settings: ProducerSettings,
): Plan {
  const shards = new Map(map.openShardIds.map((id) => [id, new PlannedShard(settings)]));
  for (const [index, record] of sample.entries()) {
    const shardId = map.predict(hashKeyOf(record)) ?? '';
    shards.get(shardId)?.add(record, (index * 1000) / perSecond);
  }
  const sampleSeconds = sample.length / perSecond;
  const busiest = Math.max(...[...shards.values()].map((shard) => shard.secondsNeeded()));
  const all = [...shards.values()].reduce((sum, shard) => sum + shard.secondsNeeded(), 0);
  const seconds = sampleSeconds > 0 ? sampleSeconds : busiest;
  const kinesisRecords = [...shards.values()].reduce((sum, shard) => sum + shard.entries, 0);
  const payloadBytes = sample.reduce((sum, record) => sum + record.data.length, 0);
  return {
    userRecordsPerSecond: sample.length / seconds,
    capacityPerSecond: sample.length / busiest,
    shardsNeeded: sampleSeconds > 0 ? Math.max(1, Math.ceil(all / sampleSeconds)) : undefined,
    meanPayloadBytes: payloadBytes / sample.length,
    aggregationRatio: sample.length / kinesisRecords,
    shards: [...shards].map(([shardId, shard]) => ({
      shardId,
      userRecordsPerSecond: shard.userRecords / seconds,
      kinesisRecordsPerSecond: shard.entries / seconds,
      bytesPerSecond: shard.bytes / seconds,
      load: shard.secondsNeeded() / seconds,
    })),
  };
}

/** Aggregation as the producer would do it, counted instead of sent. */
class PlannedShard {
  userRecords: number = 0;
  readonly #settings: ProducerSettings;
  readonly #maxCount: number;
  #open: OpenAggregate;
  #openedMs = 0;
  #sealed = 0;
  #sealedBytes = 0;

  constructor(settings: ProducerSettings) {
    this.#settings = settings;
    this.#maxCount = settings.aggregationEnabled ? settings.aggregationMaxCount : 1;
    this.#open = new OpenAggregate(aggregateBytes(settings), this.#maxCount);
  }

  add(record: UserRecord, atMs: number): void {
    const isOverdue = atMs - this.#openedMs >= this.#settings.recordMaxBufferedTimeMs;
    if ((isOverdue && this.#open.count > 0) || !this.#open.tryAdd(record)) {
      this.#seal();
      this.#open.tryAdd(record);
    }
    if (this.#open.count === 1) this.#openedMs = atMs;
    this.userRecords += 1;
  }

  get entries(): number {
    return this.#sealed + (this.#open.count > 0 ? 1 : 0);
  }

  get bytes(): number {
    return this.#sealedBytes + (this.#open.count > 0 ? this.#open.sizeBytes : 0);
  }

  /** How long a shard at its limits takes for all of it. */
  secondsNeeded(): number {
    return Math.max(this.entries / SHARD_RECORDS_PER_SECOND, this.bytes / SHARD_BYTES_PER_SECOND);
  }

  #seal(): void {
    this.#sealed += 1;
    this.#sealedBytes += this.#open.sizeBytes;
    this.#open = new OpenAggregate(aggregateBytes(this.#settings), this.#maxCount);
  }
}
