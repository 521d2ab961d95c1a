import type { ConsumedRecord } from '../records/consumed-record.ts';
import { per } from './per.ts';

/**
 * What was read of a stream.
 *
 * `damagedAggregates` looked like aggregates and were passed on as they are; `outOfRange` records
 * came in aggregates that a KCL reader would drop. `bytes` is payload.
 */
export interface IntakeSummary {
  readonly durationSeconds: number;
  readonly records: number;
  readonly kinesisRecords: number;
  readonly bytes: number;
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly damagedAggregates: number;
  readonly outOfRange: number;
  readonly shards: readonly { readonly shardId: string; readonly records: number }[];
}

/** Folds what was read into figures. */
export class Intake {
  records: number = 0;
  bytes: number = 0;
  #kinesisRecords = 0;
  #damagedAggregates = 0;
  #outOfRange = 0;
  readonly #shards = new Map<string, number>();

  add(records: readonly ConsumedRecord[], kinesisRecords: number, damagedAggregates: number): void {
    this.records += records.length;
    this.#kinesisRecords += kinesisRecords;
    this.#damagedAggregates += damagedAggregates;
    for (const { data, isInRange, shardId } of records) {
      this.bytes += data.length;
      if (!isInRange) this.#outOfRange += 1;
      this.#shards.set(shardId, (this.#shards.get(shardId) ?? 0) + 1);
    }
  }

  summary(durationSeconds: number): IntakeSummary {
    const perSecond = (amount: number): number => per(amount, durationSeconds);
    return {
      durationSeconds,
      records: this.records,
      kinesisRecords: this.#kinesisRecords,
      bytes: this.bytes,
      recordsPerSecond: perSecond(this.records),
      bytesPerSecond: perSecond(this.bytes),
      damagedAggregates: this.#damagedAggregates,
      outOfRange: this.#outOfRange,
      shards: [...this.#shards]
        .map(([shardId, records]) => ({ shardId, records }))
        .sort((a, b) => (a.shardId < b.shardId ? -1 : 1)),
    };
  }
}
