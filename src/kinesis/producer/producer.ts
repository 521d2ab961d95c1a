import { FraudstreamError } from '../../errors.ts';
import type { Attempt, Due, UserRecord } from '../../transactions/user-record.ts';
import type { PutAnswer, PutClient } from '../put-client.ts';
import type { ShardMap } from '../shard-map.ts';
import { Outstanding } from './outstanding.ts';
import { PendingQueues } from './pending-queues.ts';
import { NO_ATTEMPTS, type PendingUserRecord } from './pending-record.ts';
import type { ProducerSettings, PutDependencies } from './producer-settings.ts';
import {
  accepted,
  failed,
  InFlight,
  invalidReason,
  isReadable,
  type MisroutedEntry,
  ReceiptLedger,
  resultsOf,
  traceOf,
} from './receipts.ts';
import type { ShardMapRefresh } from './shard-map-refresh.ts';
import type { SealedEntry } from './shard-queue.ts';

const THROTTLED = 'ProvisionedThroughputExceededException';
/** How often records past their time to live are looked for. */
const SWEEP_MS = 100;

/**
 * The engine of `put`: admits records, sends pending entries, and handles the answers.
 *
 * Every admitted record leaves as one receipt. After a resharding, sending pauses
 * until all pending records are enqueued again by the new shard map, in their first order.
 */
export class Producer {
  readonly ledger: ReceiptLedger;
  readonly #client: PutClient;
  readonly #watch: ShardMapRefresh;
  readonly #dependencies: PutDependencies;
  readonly #settings: ProducerSettings;
  readonly #queues: PendingQueues;
  readonly #inFlight = new InFlight();
  #map: ShardMap | undefined;
  #retryMisrouted: MisroutedEntry[] = [];
  #isRemapping = false;
  #brokenBy: PutAnswer['failure'];
  #sweptAt = 0;

  constructor(
    client: PutClient,
    watch: ShardMapRefresh,
    map: ShardMap | undefined,
    dependencies: PutDependencies,
    settings: ProducerSettings,
  ) {
    this.#client = client;
    this.#watch = watch;
    this.#map = map;
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#queues = new PendingQueues(map, settings, dependencies.random);
    this.ledger = new ReceiptLedger(
      new Outstanding(settings.maxOutstandingRecords, settings.maxOutstandingBytes),
    );
  }

  /** True once no record can be delivered any more; what is admitted then fails at once. */
  get isBroken(): boolean {
    return this.#brokenBy !== undefined;
  }

  add({ record, dueAt }: Due<UserRecord>, now: number): void {
    const { maxUserRecordSize, recordMaxBufferedTimeMs } = this.#settings;
    const ordinal = this.ledger.admit(record);
    const flaw = this.#brokenBy?.code ?? invalidReason(record, maxUserRecordSize);
    if (flaw) {
      this.#fail([{ record, ordinal, dueAt, arrivedAt: now, attempts: NO_ATTEMPTS }], flaw, now);
    } else {
      const flushAt = this.#flushAt(now, recordMaxBufferedTimeMs, now);
      this.#queues.enqueue(record, ordinal, dueAt, now, NO_ATTEMPTS, flushAt, now);
    }
  }

  /** No more records will be added: what waits goes out without further delay. */
  finish(error?: unknown): void {
    this.ledger.close(error);
    this.pump();
  }

  /** Moves whatever may move now: called after admissions, after answers, and at every tick. */
  pump(): void {
    const now = this.#dependencies.clock.now();
    if (now - this.#sweptAt >= SWEEP_MS) this.#sweep(now);
    if (this.#isRemapping) return;
    this.#queues.release(now, this.ledger.isClosed);
    while (this.#inFlight.count < this.#settings.maxConnections) {
      const entries = this.#queues.take(now, this.ledger.isClosed);
      if (entries.length === 0) break;
      void this.#send(entries, now);
    }
  }

  async #send(entries: readonly SealedEntry[], sentAt: number): Promise<void> {
    this.#inFlight.begin();
    const answer = await this.#client.put(entries);
    const now = this.#dependencies.clock.now();
    if (answer.failure?.isFatal) this.#break(answer.failure, now);
    this.#handleAnswer(entries, answer, sentAt, now);
    this.#inFlight.end();
    this.pump();
  }

  /**
   * Handles the answer of one PutRecords call.
   *
   * Of a partial failure (`FailedRecordCount` above 0) only the failed entries are retried.
   */
  #handleAnswer(
    entries: readonly SealedEntry[],
    answer: PutAnswer,
    sentAt: number,
    now: number,
  ): void {
    const results = resultsOf(answer, entries.length);
    this.#dependencies.observe?.(traceOf(entries, results, answer, sentAt, now));
    // First what was accepted: a shard that took a part of an answer is not down.
    for (const [index, entry] of entries.entries()) {
      if (results[index]?.errorCode === undefined) entry.queue.succeeded(entry, now);
    }
    for (const [index, entry] of entries.entries()) {
      const result = results[index] ?? {};
      const { errorCode, errorMessage } = result;
      const attempt = { sentAt, durationMs: now - sentAt };
      this.#queues.answered(entry.queue);
      if (errorCode === undefined) {
        this.#handleAccepted({ entry, result, attempt }, now);
      } else {
        const reason = errorMessage === undefined ? {} : { errorMessage };
        this.#handleFailed(entry, { ...attempt, errorCode, ...reason }, errorCode, now);
      }
    }
  }

  #handleAccepted(misrouted: MisroutedEntry, now: number): void {
    const { queue } = misrouted.entry;
    const { shardId } = misrouted.result;
    const isWhereItShould = queue.shardId === undefined || queue.shardId === shardId;
    if (isWhereItShould) this.ledger.deliver(accepted(misrouted, now));
    else if (!this.#queues.owns(queue) && shardId !== undefined && this.#map?.isKnown(shardId)) {
      this.#enqueueAgain(this.#judge(misrouted, now), now);
    } else {
      this.#retryMisrouted.push(misrouted);
      void this.#remap();
    }
  }

  #handleFailed(entry: SealedEntry, attempt: Attempt, errorCode: string, now: number): void {
    const isThrottled = errorCode === THROTTLED;
    entry.queue.failed(isThrottled, now);
    entry.userRecords.attempted(attempt);
    const isGivenUp = this.isBroken || (isThrottled && this.#settings.failIfThrottled);
    if (isGivenUp) this.#fail(entry.userRecords.rows(), errorCode, now);
    else if (this.#queues.owns(entry.queue)) this.#queues.putBack(entry);
    else this.#enqueueAgain(entry.userRecords.rows(), now);
  }

  /** Lists the shards again, checks misrouted entries, and enqueues all pending records again. */
  async #remap(): Promise<void> {
    if (this.#isRemapping) return;
    this.#isRemapping = true;
    // A failed entry that comes back later than its successors would break the order of its keys.
    if (this.#settings.isOrdered) await this.#inFlight.none();
    this.#map = await this.#watch.latest();
    const now = this.#dependencies.clock.now();
    const waiting = this.#queues.clear(this.#map);
    const returned = this.#retryMisrouted
      .splice(0)
      .flatMap((misrouted) => this.#judge(misrouted, now));
    this.#isRemapping = false;
    this.#enqueueAgain(
      [...returned, ...waiting].sort((a, b) => a.ordinal - b.ordinal),
      now,
    );
    this.pump();
  }

  /** The records to be put again; none when every reader will see the entry as it lies. */
  #judge(misrouted: MisroutedEntry, now: number): readonly PendingUserRecord[] {
    if (isReadable(misrouted, this.#map)) {
      this.ledger.deliver(accepted(misrouted, now));
      return [];
    }
    const { userRecords } = misrouted.entry;
    userRecords.attempted({ ...misrouted.attempt, errorCode: 'Wrong Shard' });
    return userRecords.rows();
  }

  #enqueueAgain(userRecords: readonly PendingUserRecord[], now: number): void {
    const waitMs = this.#settings.recordMaxBufferedTimeMs / 2;
    if (this.#brokenBy) {
      this.#fail(userRecords, this.#brokenBy.code, now);
      return;
    }
    for (const { record, ordinal, dueAt, arrivedAt, attempts } of userRecords) {
      const flushAt = this.#flushAt(arrivedAt, waitMs, now);
      this.#queues.enqueue(record, ordinal, dueAt, arrivedAt, attempts, flushAt, now);
    }
  }

  /** A record is buffered no longer than half of its time to live. */
  #flushAt(arrivedAt: number, waitMs: number, now: number): number {
    return Math.min(now + waitMs, arrivedAt + this.#settings.recordTtlMs / 2);
  }

  /** Fails the records that are past their time to live (record TTL). */
  #sweep(now: number): void {
    this.#sweptAt = now;
    const bornBefore = now - this.#settings.recordTtlMs;
    this.#fail(this.#queues.expire(bornBefore), 'Expired', now);
    this.#expireMisrouted(bornBefore, now);
    if (!this.#isRemapping && this.#watch.isToBeAsked(now)) void this.#remap();
  }

  /** An entry with a record that is too old waits no longer for the list of shards to judge it. */
  #expireMisrouted(bornBefore: number, now: number): void {
    const isOld = ({ entry }: MisroutedEntry): boolean => entry.oldestArrivalAt < bornBefore;
    const old = this.#retryMisrouted.filter(isOld);
    if (old.length === 0) return;
    this.#retryMisrouted = this.#retryMisrouted.filter((misrouted) => !isOld(misrouted));
    for (const { entry, attempt } of old) {
      entry.userRecords.attempted({ ...attempt, errorCode: 'Wrong Shard' });
      this.#enqueueAgain(entry.userRecords.rows(), now);
    }
    this.#fail(this.#queues.expire(bornBefore), 'Expired', now);
  }

  #break(failure: NonNullable<PutAnswer['failure']>, now: number): void {
    if (this.#brokenBy) return;
    this.#brokenBy = failure;
    this.ledger.blame(failure.cause ?? new FraudstreamError('unreachable', failure.message));
    this.#fail(this.#queues.clear(this.#map), failure.code, now);
  }

  #fail(userRecords: readonly PendingUserRecord[], errorCode: string, now: number): void {
    this.ledger.deliver(userRecords.map((pending) => failed(pending, errorCode, now)));
  }
}
