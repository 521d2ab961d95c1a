import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Due } from '../../records/due.ts';
import type { Attempt, Receipt } from '../../records/receipt.ts';
import type { RequestTrace } from '../../records/request-trace.ts';
import type { UserRecord } from '../../records/user-record.ts';
import type { Clock } from '../../stream/clock.ts';
import { Mailbox } from '../../stream/mailbox.ts';
import type { PutAnswer, PutClient } from '../put-client.ts';
import type { ShardMap } from '../shard-map.ts';
import { Outstanding } from './outstanding.ts';
import type { Pending, SealedEntry } from './pending.ts';
import type { ProducerSettings } from './producer-settings.ts';
import { type Astray, accepted, failed, flawOf, isReadable, resultsOf } from './settle.ts';
import type { ShardWatch } from './shard-watch.ts';
import { Yard } from './yard.ts';

/** What the producer needs from outside; `observe` sees each PutRecords call once it is over. */
export interface PutMeans {
  readonly clock: Clock;
  readonly random: () => number;
  readonly observe?: (trace: RequestTrace) => void;
}

const THROTTLED = 'ProvisionedThroughputExceededException';
/** How often records past their time to live are looked for. */
const SWEEP_MS = 100;

/**
 * The engine of `put`: admits records, sends what the yard gives, and settles what comes back.
 *
 * Every admitted record leaves as one receipt. When the shards turn out to have changed, sending
 * is held, everything that waits is taken up in its first order and placed by the new map.
 */
export class Producer {
  readonly receipts: Mailbox<readonly Receipt[]> = new Mailbox();
  readonly outstanding: Outstanding;
  readonly #client: PutClient;
  readonly #watch: ShardWatch;
  readonly #means: PutMeans;
  readonly #settings: ProducerSettings;
  readonly #yard: Yard;
  #map: ShardMap | undefined;
  #astray: Astray[] = [];
  #admitted = 0;
  #receipted = 0;
  #inFlight = 0;
  #isHeld = false;
  #isFinishing = false;
  #brokenBy: PutAnswer['failure'];
  #error: unknown;
  #sweptAt = 0;
  #whenIdle: (() => void) | undefined;

  constructor(
    client: PutClient,
    watch: ShardWatch,
    map: ShardMap | undefined,
    means: PutMeans,
    settings: ProducerSettings,
  ) {
    this.#client = client;
    this.#watch = watch;
    this.#map = map;
    this.#means = means;
    this.#settings = settings;
    this.#yard = new Yard(map, settings, means.random);
    this.outstanding = new Outstanding(
      settings.maxOutstandingRecords,
      settings.maxOutstandingBytes,
    );
  }

  get isOver(): boolean {
    return this.#isFinishing && this.#receipted === this.#admitted;
  }

  /** True once no record can be delivered any more; what is admitted then fails at once. */
  get isBroken(): boolean {
    return this.#brokenBy !== undefined;
  }

  add({ record, dueAt }: Due<UserRecord>, now: number): void {
    const pending = { record, dueAt, arrivedAt: now, ordinal: this.#admitted, attempts: [] };
    this.#admitted += 1;
    this.outstanding.add(record.data.length);
    const flaw = this.#brokenBy?.code ?? flawOf(record, this.#settings.maxUserRecordSize);
    if (flaw) this.#deliver([failed(pending, flaw, now)]);
    else this.#yard.place(pending, now + this.#settings.recordMaxBufferedTimeMs, now);
  }

  /** No more records will be added: what waits goes out without further delay. */
  finish(error?: unknown): void {
    this.#isFinishing = true;
    this.#error ??= error;
    this.pump();
    this.#endIfOver();
  }

  /** Moves whatever may move now: called after admissions, after answers, and at every tick. */
  pump(): void {
    const now = this.#means.clock.now();
    if (now - this.#sweptAt >= SWEEP_MS) this.#sweep(now);
    if (this.#isHeld) return;
    this.#yard.release(now, this.#isFinishing);
    while (this.#inFlight < this.#settings.maxConnections) {
      const entries = this.#yard.take(now, this.#isFinishing);
      if (entries.length === 0) break;
      void this.#send(entries, now);
    }
  }

  async #send(entries: readonly SealedEntry[], sentAt: number): Promise<void> {
    this.#inFlight += 1;
    const answer = await this.#client.put(entries);
    this.#inFlight -= 1;
    const now = this.#means.clock.now();
    if (answer.failure?.isFatal) this.#break(answer.failure, now);
    this.#settle(entries, answer, sentAt, now);
    if (this.#inFlight === 0) this.#whenIdle?.();
    this.pump();
  }

  #settle(entries: readonly SealedEntry[], answer: PutAnswer, sentAt: number, now: number): void {
    const results = resultsOf(answer, entries.length);
    const durationMs = now - sentAt;
    let failedEntries = 0;
    for (const [index, entry] of entries.entries()) {
      const result = results[index] ?? {};
      const { errorCode, errorMessage } = result;
      this.#yard.settled(entry.lane);
      if (errorCode === undefined) {
        this.#settleTaken({ entry, result, attempt: { sentAt, durationMs } }, now);
      } else {
        failedEntries += 1;
        const reason = errorMessage === undefined ? {} : { errorMessage };
        this.#settleFailed(entry, { sentAt, durationMs, errorCode, ...reason }, now);
      }
    }
    this.#means.observe?.({
      sentAt,
      durationMs,
      entries: entries.length,
      failedEntries,
      payloadBytes: entries.reduce((sum, entry) => sum + entry.data.length, 0),
      errorCode: answer.failure?.code,
    });
  }

  #settleTaken(astray: Astray, now: number): void {
    const { lane } = astray.entry;
    lane.succeeded(now);
    const isWhereItShould = lane.shardId === undefined || lane.shardId === astray.result.shardId;
    if (isWhereItShould) this.#deliver(accepted(astray, now));
    else if (!this.#yard.owns(lane) && this.#isKnown(astray.result.shardId)) {
      this.#placeAgain(this.#judge(astray, now), now);
    } else {
      this.#astray.push(astray);
      void this.#remap();
    }
  }

  #settleFailed(entry: SealedEntry, attempt: Attempt, now: number): void {
    const isThrottled = attempt.errorCode === THROTTLED;
    entry.lane.failed(isThrottled, now);
    for (const pending of entry.cargo) pending.attempts = [...pending.attempts, attempt];
    const isGivenUp = this.isBroken || (isThrottled && this.#settings.failIfThrottled);
    if (isGivenUp) this.#fail(entry.cargo, attempt.errorCode ?? THROTTLED, now);
    else if (this.#yard.owns(entry.lane)) this.#yard.putBack(entry);
    else this.#placeAgain(entry.cargo, now);
  }

  /** Asks for the shards anew, judges what went astray, and places again all that waits. */
  async #remap(): Promise<void> {
    if (this.#isHeld) return;
    this.#isHeld = true;
    // A failed entry that comes back later than its successors would break the order of its keys.
    if (this.#settings.isOrdered && this.#inFlight > 0) await this.#idle();
    this.#map = await this.#watch.latest();
    const now = this.#means.clock.now();
    const waiting = this.#yard.clear(this.#map);
    const misplaced = this.#astray.splice(0).flatMap((astray) => this.#judge(astray, now));
    this.#isHeld = false;
    this.#placeAgain(
      [...misplaced, ...waiting].sort((a, b) => a.ordinal - b.ordinal),
      now,
    );
    this.pump();
  }

  /** The records to be put again; none when every reader will see the entry as it lies. */
  #judge(astray: Astray, now: number): readonly Pending[] {
    if (isReadable(astray, this.#map)) {
      this.#deliver(accepted(astray, now));
      return [];
    }
    const attempt = { ...astray.attempt, errorCode: 'Wrong Shard' };
    for (const pending of astray.entry.cargo) pending.attempts = [...pending.attempts, attempt];
    return astray.entry.cargo;
  }

  #isKnown(shardId: string | undefined): boolean {
    return shardId !== undefined && this.#map?.isKnown(shardId) === true;
  }

  #placeAgain(cargo: readonly Pending[], now: number): void {
    const flushAt = now + this.#settings.recordMaxBufferedTimeMs / 2;
    if (this.#brokenBy) this.#fail(cargo, this.#brokenBy.code, now);
    else for (const pending of cargo) this.#yard.place(pending, flushAt, now);
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    const bornBefore = now - this.#settings.recordTtlMs;
    for (const { cargo } of this.#yard.removeOlderThan(bornBefore)) {
      this.#fail(
        cargo.filter((pending) => pending.arrivedAt < bornBefore),
        'Expired',
        now,
      );
      this.#placeAgain(
        cargo.filter((pending) => pending.arrivedAt >= bornBefore),
        now,
      );
    }
    if (!this.#isHeld && this.#watch.isToBeAsked(now)) void this.#remap();
  }

  #break(failure: NonNullable<PutAnswer['failure']>, now: number): void {
    if (this.#brokenBy) return;
    this.#brokenBy = failure;
    this.#error ??= failure.cause ?? new FraudstreamError('unreachable', failure.message);
    this.#fail(this.#yard.clear(this.#map), failure.code, now);
  }

  #fail(cargo: readonly Pending[], errorCode: string, now: number): void {
    if (cargo.length > 0) this.#deliver(cargo.map((pending) => failed(pending, errorCode, now)));
  }

  #deliver(receipts: readonly Receipt[]): void {
    this.#receipted += receipts.length;
    this.receipts.push(receipts);
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.isOver) this.receipts.end(this.#error);
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }
}
