import { per } from '../text/format.ts';
import type { Receipt, RequestTrace } from '../transactions/user-record.ts';
import { Latency, type LatencySummary } from './latency.ts';
import { type ReceiptRun, receiptRuns } from './receipt-runs.ts';
import { type CodeCount, Tally } from './tally.ts';

/** Attempts after which a record may lie in the stream although it was put again. */
const MAY_HAVE_LANDED: ReadonlySet<string> = new Set([
  'Wrong Shard',
  'Timeout',
  'Connection',
  'Record Count Mismatch',
  'InvalidResponse',
  'ResponseTooLarge',
]);

/** Records and bytes accepted by one shard. Bytes are payload, without keys and aggregation overhead. */
export interface ShardSummary {
  readonly shardId: string;
  readonly userRecords: number;
  readonly kinesisRecords: number;
  readonly bytes: number;
  readonly userRecordsPerSecond: number;
  readonly kinesisRecordsPerSecond: number;
  readonly bytesPerSecond: number;
}

/**
 * Delivery of the records of one run.
 *
 * Conservation: `sent = accepted + failed`. `aggregationRatio` is user records to Kinesis records.
 * `response` runs from the instant a record was due to its receipt, so that coordinated omission
 * hides no stall. `request` is the time of the PutRecords calls. Both leave out the warm-up.
 * `possibleDuplicates` counts accepted records with an earlier try whose
 * outcome is not known or that had to be repeated.
 */
export interface DeliverySummary {
  readonly durationSeconds: number;
  readonly sent: number;
  readonly accepted: number;
  readonly failed: number;
  readonly possibleDuplicates: number;
  readonly bytes: number;
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly kinesisRecords: number;
  readonly aggregationRatio: number;
  readonly requests: number;
  readonly failedRequests: number;
  readonly entriesPerRequest: number;
  readonly retries: number;
  readonly retriesByCode: readonly CodeCount[];
  readonly failuresByCode: readonly CodeCount[];
  readonly requestErrors: readonly CodeCount[];
  readonly request: LatencySummary;
  readonly response: LatencySummary;
  readonly shards: readonly ShardSummary[];
}

interface ShardCount {
  userRecords: number;
  kinesisRecords: number;
  bytes: number;
}

/** Folds receipts and request traces into the figures of a delivery. */
export class Delivery {
  accepted: number = 0;
  failed: number = 0;
  bytes: number = 0;
  retries: number = 0;
  readonly #retries = new Tally();
  readonly #failures = new Tally();
  readonly #requestErrors = new Tally();
  readonly #request = new Latency();
  readonly #response = new Latency();
  readonly #shards = new Map<string, ShardCount>();
  #possibleDuplicates = 0;
  #requests = 0;
  #entries = 0;
  #measuredFrom = Number.NEGATIVE_INFINITY;

  /** Latencies are of what was due, and of calls that were made, from here on; epoch milliseconds. */
  measureFrom(at: number): void {
    this.#measuredFrom = at;
  }

  add(receipts: readonly Receipt[]): void {
    for (const run of receiptRuns(receipts)) {
      const { attempts, isAccepted } = run.first;
      if (attempts.length > 1 || !isAccepted) this.#addTroubled(run);
      if (isAccepted) this.#addAccepted(run);
    }
  }

  addRequest({ sentAt, durationMs, entries, errorCode }: RequestTrace): void {
    this.#requests += 1;
    this.#entries += entries;
    if (sentAt >= this.#measuredFrom) this.#request.add(durationMs);
    if (errorCode !== undefined) this.#requestErrors.add(errorCode);
  }

  /** The figures after `durationSeconds` of running. */
  summary(durationSeconds: number): DeliverySummary {
    const perSecond = (count: number): number => per(count, durationSeconds);
    const shards = [...this.#shards].sort(([a], [b]) => (a < b ? -1 : 1));
    const kinesisRecords = shards.reduce((sum, [, shard]) => sum + shard.kinesisRecords, 0);
    return {
      durationSeconds,
      sent: this.accepted + this.failed,
      accepted: this.accepted,
      failed: this.failed,
      possibleDuplicates: this.#possibleDuplicates,
      bytes: this.bytes,
      recordsPerSecond: perSecond(this.accepted),
      bytesPerSecond: perSecond(this.bytes),
      kinesisRecords,
      aggregationRatio: per(this.accepted, kinesisRecords),
      requests: this.#requests,
      failedRequests: this.#requestErrors.total,
      entriesPerRequest: per(this.#entries, this.#requests),
      retries: this.retries,
      retriesByCode: this.#retries.summary(),
      failuresByCode: this.#failures.summary(),
      requestErrors: this.#requestErrors.summary(),
      request: this.#request.summary(),
      response: this.#response.summary(),
      shards: shards.map(([shardId, shard]) => ({
        shardId,
        ...shard,
        userRecordsPerSecond: perSecond(shard.userRecords),
        kinesisRecordsPerSecond: perSecond(shard.kinesisRecords),
        bytesPerSecond: perSecond(shard.bytes),
      })),
    };
  }

  #addAccepted({ first, count, payloadBytes, kinesisRecords }: ReceiptRun): void {
    this.accepted += count;
    this.bytes += payloadBytes;
    const { dueAt, acknowledgedAt } = first;
    if (!(dueAt < this.#measuredFrom)) this.#response.add(acknowledgedAt - dueAt, count);
    const shard = this.#shardOf(first.shardId ?? 'unknown');
    shard.userRecords += count;
    shard.bytes += payloadBytes;
    shard.kinesisRecords += kinesisRecords;
  }

  #addTroubled({ first, count }: ReceiptRun): void {
    const { attempts, isAccepted, errorCode } = first;
    const codes = attempts.flatMap((attempt) => attempt.errorCode ?? []);
    const retried = isAccepted ? codes : codes.slice(0, -1);
    for (const code of retried) this.#retries.add(code, count);
    this.retries += retried.length * count;
    if (isAccepted && codes.some((code) => MAY_HAVE_LANDED.has(code)))
      this.#possibleDuplicates += count;
    if (isAccepted) return;
    const lastCode = codes.at(-1);
    const reason = errorCode ?? 'Unknown';
    this.failed += count;
    this.#failures.add(
      lastCode && lastCode !== reason ? `${reason} after ${lastCode}` : reason,
      count,
    );
  }

  #shardOf(shardId: string): ShardCount {
    const known = this.#shards.get(shardId);
    if (known) return known;
    const shard = { userRecords: 0, kinesisRecords: 0, bytes: 0 };
    this.#shards.set(shardId, shard);
    return shard;
  }
}
