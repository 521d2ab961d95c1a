import { per } from '../text/format.ts';
import type { ConsumedRecord } from '../transactions/arrival.ts';
import { Latency, type LatencySummary } from './latency.ts';

/**
 * Counts of a reading of a stream.
 *
 * `damagedAggregates` looked like aggregates and were passed on as they are; `outOfRange` records
 * came in aggregates that a KCL reader would drop. `bytes` is payload.
 */
export interface ConsumeSummary {
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
export class ConsumeStats {
  records: number = 0;
  bytes: number = 0;
  #kinesisRecords = 0;
  #damagedAggregates = 0;
  #outOfRange = 0;
  readonly #shards = new Map<string, number>();
  readonly #reading = new Latency();

  /** Adds a batch of a reading; `entries` are Kinesis records, `readAt` is in epoch milliseconds. */
  add({
    records,
    entries,
    damagedAggregates,
    readAt,
  }: {
    readonly records: readonly ConsumedRecord[];
    readonly entries: number;
    readonly damagedAggregates: number;
    readonly readAt: number;
  }): void {
    this.records += records.length;
    this.#kinesisRecords += entries;
    this.#damagedAggregates += damagedAggregates;
    for (const { data, isInRange, shardId, arrivedAt } of records) {
      if (!Number.isNaN(arrivedAt)) this.#reading.add(readAt - arrivedAt);
      this.bytes += data.length;
      if (!isInRange) this.#outOfRange += 1;
      this.#shards.set(shardId, (this.#shards.get(shardId) ?? 0) + 1);
    }
  }

  /** From the arrival of a record in the stream until it was read here. */
  reading(): LatencySummary {
    return this.#reading.summary();
  }

  summary(durationSeconds: number): ConsumeSummary {
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

/**
 * Reconciliation of produced and consumed records, by id.
 *
 * `missing` were accepted but never read; `duplicates` counts every reading after the first;
 * `unknown` were read but never accepted here; `unreadable` lay outside their shard's range, where
 * a KCL reader drops them (they count as read only if another copy is readable).
 */
export interface ReconciliationSummary {
  readonly produced: number;
  readonly consumed: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly unknown: number;
  readonly unreadable: number;
  readonly missingIds: readonly string[];
}

/** Missing ids named in the summary; the rest is counted only. */
const IDS_NAMED = 10;

/** Matches produced ids with consumed ones, in any order. */
export class Reconciliation {
  readonly #readings = new Map<string, number>();
  readonly #produced = new Set<string>();
  #unreadable = 0;

  addProduced(id: string): void {
    this.#produced.add(id);
  }

  addConsumed(id: string, isInRange: boolean): void {
    if (isInRange) this.#readings.set(id, (this.#readings.get(id) ?? 0) + 1);
    else this.#unreadable += 1;
  }

  /** Distinct ids read so far. */
  get consumed(): number {
    return this.#readings.size;
  }

  /** Ids that were accepted and not read so far. */
  missing(): readonly string[] {
    return [...this.#produced].filter((id) => !this.#readings.has(id));
  }

  summary(): ReconciliationSummary {
    const missingIds = this.missing();
    let readings = 0;
    let known = 0;
    for (const [id, count] of this.#readings) {
      readings += count;
      if (this.#produced.has(id)) known += 1;
    }
    return {
      produced: this.#produced.size,
      consumed: known,
      missing: missingIds.length,
      duplicates: readings - this.#readings.size,
      unknown: this.#readings.size - known,
      unreadable: this.#unreadable,
      missingIds: missingIds.slice(0, IDS_NAMED),
    };
  }
}
