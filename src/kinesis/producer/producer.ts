import { FraudstreamError } from '../../errors.ts';
import type { Attempt, Due, UserRecord } from '../../transactions/user-record.ts';
import type { PutAnswer, PutClient } from '../put-client.ts';
import type { ShardMap } from '../shard-map.ts';
import { Outstanding } from './outstanding.ts';
import { Yard } from './pending-queues.ts';
import { attempted, type Pending, type SealedEntry } from './pending-record.ts';
import type { ProducerSettings, PutMeans } from './producer-settings.ts';
import {
  type Astray,
  accepted,
  failed,
  flawOf,
  InFlight,
  isReadable,
  Ledger,
  resultsOf,
  traceOf,
} from './receipts.ts';
import type { ShardWatch } from './shard-map-refresh.ts';

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
  readonly ledger: Ledger;
  readonly #client: PutClient;
  readonly #watch: ShardWatch;
  readonly #means: PutMeans;
  readonly #settings: ProducerSettings;
  readonly #yard: Yard;
  readonly #inFlight = new InFlight();
  #map: ShardMap | undefined;
  #astray: Astray[] = [];
  #isHeld = false;
  #brokenBy: PutAnswer['failure'];
  #sweptAt = 0;

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
    this.ledger = new Ledger(
      new Outstanding(settings.maxOutstandingRecords, settings.maxOutstandingBytes),
    );
  }

  /** True once no record can be delivered any more; what is admitted then fails at once. */
  get isBroken(): boolean {
    return this.#brokenBy !== undefined;
  }

  add(due: Due<UserRecord>, now: number): void {
    const pending = this.ledger.admit(due, now);
    const flaw = this.#brokenBy?.code ?? flawOf(due.record, this.#settings.maxUserRecordSize);
    if (flaw) this.#fail([pending], flaw, now);
    else this.#place(pending, this.#settings.recordMaxBufferedTimeMs, now);
  }

  /** No more records will be added: what waits goes out without further delay. */
  finish(error?: unknown): void {
    this.ledger.close(error);
    this.pump();
  }

  /** Moves whatever may move now: called after admissions, after answers, and at every tick. */
  pump(): void {
    const now = this.#means.clock.now();
    if (now - this.#sweptAt >= SWEEP_MS) this.#sweep(now);
    if (this.#isHeld) return;
    this.#yard.release(now, this.ledger.isClosed);
    while (this.#inFlight.count < this.#settings.maxConnections) {
      const entries = this.#yard.take(now, this.ledger.isClosed);
      if (entries.length === 0) break;
      void this.#send(entries, now);
    }
  }

  async #send(entries: readonly SealedEntry[], sentAt: number): Promise<void> {
    this.#inFlight.begin();
    const answer = await this.#client.put(entries);
    const now = this.#means.clock.now();
    if (answer.failure?.isFatal) this.#break(answer.failure, now);
    this.#settle(entries, answer, sentAt, now);
    this.#inFlight.end();
    this.pump();
  }

  #settle(entries: readonly SealedEntry[], answer: PutAnswer, sentAt: number, now: number): void {
    const results = resultsOf(answer, entries.length);
    this.#means.observe?.(traceOf(entries, results, answer, sentAt, now));
    // First what was accepted: a shard that took a part of an answer is not down.
    for (const [index, entry] of entries.entries()) {
      if (results[index]?.errorCode === undefined) entry.lane.succeeded(entry, now);
    }
    for (const [index, entry] of entries.entries()) {
      const result = results[index] ?? {};
      const { errorCode, errorMessage } = result;
      const attempt = { sentAt, durationMs: now - sentAt };
      this.#yard.settled(entry.lane);
      if (errorCode === undefined) {
        this.#settleTaken({ entry, result, attempt }, now);
      } else {
        const reason = errorMessage === undefined ? {} : { errorMessage };
        this.#settleFailed(entry, { ...attempt, errorCode, ...reason }, errorCode, now);
      }
    }
  }

  #settleTaken(astray: Astray, now: number): void {
    const { lane } = astray.entry;
    const { shardId } = astray.result;
    const isWhereItShould = lane.shardId === undefined || lane.shardId === shardId;
    if (isWhereItShould) this.ledger.deliver(accepted(astray, now));
    else if (!this.#yard.owns(lane) && shardId !== undefined && this.#map?.isKnown(shardId)) {
      this.#placeAgain(this.#judge(astray, now), now);
    } else {
      this.#astray.push(astray);
      void this.#remap();
    }
  }

  #settleFailed(entry: SealedEntry, attempt: Attempt, errorCode: string, now: number): void {
    const isThrottled = errorCode === THROTTLED;
    entry.lane.failed(isThrottled, now);
    attempted(entry.cargo, attempt);
    const isGivenUp = this.isBroken || (isThrottled && this.#settings.failIfThrottled);
    if (isGivenUp) this.#fail(entry.cargo, errorCode, now);
    else if (this.#yard.owns(entry.lane)) this.#yard.putBack(entry);
    else this.#placeAgain(entry.cargo, now);
  }

  /** Asks for the shards anew, judges what went astray, and places again all that waits. */
  async #remap(): Promise<void> {
    if (this.#isHeld) return;
    this.#isHeld = true;
    // A failed entry that comes back later than its successors would break the order of its keys.
    if (this.#settings.isOrdered) await this.#inFlight.none();
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
      this.ledger.deliver(accepted(astray, now));
      return [];
    }
    attempted(astray.entry.cargo, { ...astray.attempt, errorCode: 'Wrong Shard' });
    return astray.entry.cargo;
  }

  #placeAgain(cargo: readonly Pending[], now: number): void {
    const waitMs = this.#settings.recordMaxBufferedTimeMs / 2;
    if (this.#brokenBy) this.#fail(cargo, this.#brokenBy.code, now);
    else for (const pending of cargo) this.#place(pending, waitMs, now);
  }

  /** A record waits for company no longer than half of its time to live. */
  #place(pending: Pending, waitMs: number, now: number): void {
    const latestAt = pending.arrivedAt + this.#settings.recordTtlMs / 2;
    this.#yard.place(pending, Math.min(now + waitMs, latestAt), now);
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    const bornBefore = now - this.#settings.recordTtlMs;
    this.#fail(this.#yard.expire(bornBefore), 'Expired', now);
    this.#expireAstray(bornBefore, now);
    if (!this.#isHeld && this.#watch.isToBeAsked(now)) void this.#remap();
  }

  /** An entry with a record that is too old waits no longer for the list of shards to judge it. */
  #expireAstray(bornBefore: number, now: number): void {
    const isOld = ({ entry }: Astray): boolean => entry.oldestArrivalAt < bornBefore;
    const old = this.#astray.filter(isOld);
    if (old.length === 0) return;
    this.#astray = this.#astray.filter((astray) => !isOld(astray));
    for (const { entry, attempt } of old) {
      attempted(entry.cargo, { ...attempt, errorCode: 'Wrong Shard' });
      this.#placeAgain(entry.cargo, now);
    }
    this.#fail(this.#yard.expire(bornBefore), 'Expired', now);
  }

  #break(failure: NonNullable<PutAnswer['failure']>, now: number): void {
    if (this.#brokenBy) return;
    this.#brokenBy = failure;
    this.ledger.blame(failure.cause ?? new FraudstreamError('unreachable', failure.message));
    this.#fail(this.#yard.clear(this.#map), failure.code, now);
  }

  #fail(cargo: readonly Pending[], errorCode: string, now: number): void {
    this.ledger.deliver(cargo.map((pending) => failed(pending, errorCode, now)));
  }
}
