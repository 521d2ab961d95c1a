import type { Candidate } from '../transactions/scoring-outcome.ts';
import type { Due } from '../transactions/user-record.ts';
import { Admission, HeldBack } from './admission.ts';
import {
  type Batch,
  BatchQueue,
  batchOf,
  type GivenUp,
  outcomesOf,
  unscored,
} from './batch-queue.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';
import { badResponse, type ScoringError, scoringErrorOf } from './errors.ts';
import {
  departed,
  Flights,
  type InFlightRequest,
  isOwnTimeout,
  timeOut,
  traceOf,
} from './in-flight-request.ts';
import { OutcomeLedger } from './outcome-ledger.ts';
import type { ScoreForm } from './request/request-body.ts';
import { isRetried, RetryBudget, retryWaitMs, SplitBudget } from './retry-policy.ts';
import { RunEnd } from './run-end.ts';
import type { Endpoint, Reply } from './score-client.ts';
import type { ScoreDependencies, ScoreSettings } from './score-settings.ts';

/** How often deadlines are looked at. */
const SWEEP_MS = 5;

/**
 * The engine of `score`: admits transactions, sends them in batches, settles what comes back.
 *
 * Every admitted transaction leaves as one outcome. A request needs a place under the limit and a
 * closed breaker; a batch to be repeated keeps its place in the capacity, so nothing piles up.
 */
export class Scorer {
  readonly ledger: OutcomeLedger;
  readonly heldBack: HeldBack = new HeldBack();
  readonly #endpoint: Endpoint;
  readonly #form: ScoreForm;
  readonly #gate: Admission;
  readonly #dependencies: ScoreDependencies;
  readonly #settings: ScoreSettings;
  readonly #queue: BatchQueue;
  readonly #flights = new Flights();
  readonly #budget = new RetryBudget();
  readonly #splits = new SplitBudget();
  readonly #runEnd: RunEnd;
  #sweptAt = 0;
  #scoredAt = Number.NEGATIVE_INFINITY;

  constructor(
    endpoint: Endpoint,
    form: ScoreForm,
    limiter: ConcurrencyLimit,
    dependencies: ScoreDependencies,
    settings: ScoreSettings,
  ) {
    this.#endpoint = endpoint;
    this.#form = form;
    this.#gate = new Admission(limiter, settings.capacity);
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#queue = new BatchQueue(form, settings);
    this.#runEnd = new RunEnd(settings.timeoutMs);
    this.ledger = new OutcomeLedger(settings.capacity * settings.batchRows, settings.isOrdered);
  }

  get breaker(): CircuitBreaker {
    return this.#gate.breaker;
  }

  /** True once nothing can be scored any more. */
  get isBroken(): boolean {
    return this.#runEnd.error !== undefined;
  }

  /** The error of a run that is over and of which no request was ever answered. */
  get silence(): unknown {
    return this.#runEnd.silent();
  }

  /** One more, which came at `cameAt` and for which there is room now. */
  add({ record, dueAt }: Due<Candidate>, cameAt: number, admittedAt: number): void {
    const ordinal = this.ledger.admit();
    const { isPaced, timeoutMs } = this.#settings;
    // Unpaced, who waits for room waits for the others to be scored: time counts once they are not.
    const countsFrom = isPaced ? dueAt : Math.min(admittedAt, Math.max(cameAt, this.#scoredAt));
    const deadlineAt = countsFrom + timeoutMs;
    this.#queue.add({
      candidate: record,
      ordinal,
      dueAt,
      admittedAt,
      deadlineAt,
      attempts: 0,
      sentAt: Number.NaN,
    });
  }

  /** No more will be added: what waits for company goes at once. */
  finish(error?: unknown): void {
    this.ledger.close(error);
    this.pump();
  }

  /** Sends whatever may go now: called after admissions, after answers, and at every tick. */
  pump(): void {
    const now = this.#dependencies.clock.now();
    if (now - this.#sweptAt >= SWEEP_MS || this.#queue.isOverdue(now)) this.#sweep(now);
    while (this.#gate.lets(this.#flights.size, now)) {
      const batch = this.#queue.next(now, this.#flights.size, this.ledger.isClosed);
      if (!batch) break;
      this.#send(batch, now);
    }
    const isDue = this.#settings.isPaced && (this.#queue.hasFresh || this.ledger.isAwaited);
    this.heldBack.look(isDue ? this.#gate.boundReached(this.#flights.size, now) : undefined, now);
  }

  #send(batch: Batch, now: number): void {
    departed(batch, now);
    batch.body ??= this.#form.body(batch.rows.map(({ candidate }) => candidate));
    this.#runEnd.sent(now);
    this.#gate.sent();
    const requestEndAt = now + this.#settings.requestTimeoutMs;
    const request_: InFlightRequest = {
      batch,
      call: this.#endpoint.invoke(batch.body),
      sentAt: now,
      timeoutAt: Math.min(requestEndAt, batch.deadlineAt),
      isCutShort: batch.deadlineAt < requestEndAt,
      limit: this.#gate.limit,
      inFlight: this.#flights.size + 1,
    };
    this.#flights.add(request_);
    request_.call.reply
      .then((reply) => this.#answered(request_, reply))
      .catch((error: unknown) => this.#break(error, this.#dependencies.clock.now()));
  }

  #answered(request_: InFlightRequest, reply: Reply): void {
    const now = this.#dependencies.clock.now();
    this.#flights.delete(request_);
    this.#runEnd.heard(reply);
    const { batch } = request_;
    const trouble = scoringErrorOf(reply) ?? this.#take(batch, reply, now);
    this.#queue.heard(trouble, now - request_.sentAt, isOwnTimeout(request_, trouble));
    this.#gate.answered(request_, trouble, this.#flights.size, now);
    this.#dependencies.observe?.(traceOf(request_, trouble, now));
    if (trouble) this.#troubled(batch, trouble, now);
    this.pump();
  }

  /** Delivers the scores of an answer, unless it is none. */
  #take({ rows }: Batch, reply: Reply, now: number): ScoringError | undefined {
    if ('failure' in reply) return undefined;
    const reading = this.#form.scores(reply.contentType, reply.body, rows.length);
    if ('problem' in reading) return badResponse(reading.problem);
    this.#runEnd.isScored = true;
    this.#scoredAt = now;
    this.#budget.earn();
    this.#splits.earn(rows.length);
    this.ledger.deliver(outcomesOf(rows, reading, reply.modelVersion, now));
    return undefined;
  }

  #troubled(batch: Batch, trouble: ScoringError, now: number): void {
    batch.trouble = trouble;
    batch.notBefore = now + retryWaitMs(batch.attempts, trouble.waitMs, this.#dependencies.random);
    if (this.#runEnd.isFatal(trouble)) {
      this.#giveUp([{ rows: batch.rows, trouble }], now);
      this.#break(this.#runEnd.errorOf(trouble), now);
    } else if (trouble.isRowFault && batch.rows.length > 1 && this.#splits.take()) {
      this.#bisect(batch);
    } else if (this.#queue.isInTime(batch, batch.notBefore) && this.#mayRepeat(batch, trouble)) {
      this.#queue.putBack(batch);
    } else this.#giveUp([{ rows: batch.rows, trouble }], now);
  }

  /** An open breaker and a limit that gives way bound the load; else each repetition must be paid. */
  #mayRepeat({ attempts }: Batch, trouble: ScoringError): boolean {
    if (this.isBroken || !isRetried(trouble, attempts)) return false;
    const isAdapting = trouble.kind === 'throttled' && this.#settings.concurrency === 'adaptive';
    return isAdapting || this.breaker.isOpen || this.#budget.take();
  }

  /** Bisects a bad batch, one that was refused as a whole: both halves are sent again. */
  #bisect({ rows, deadlineAt }: Batch): void {
    const middle = Math.ceil(rows.length / 2);
    for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
      this.#queue.putBack(batchOf(half, deadlineAt, true));
    }
  }

  #giveUp(given: readonly GivenUp[], now: number): void {
    for (const { rows, trouble } of given) {
      this.ledger.deliver(rows.map((row) => unscored(row, trouble, now)));
    }
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    timeOut(this.#flights, now);
    this.#giveUp(this.#queue.overdue(now, this.#gate.isShut(now)), now);
    const lost = this.isBroken ? undefined : this.#runEnd.lost(now);
    if (lost) this.#break(lost, now);
  }

  #break(error: unknown, now: number): void {
    if (this.isBroken) return;
    this.#runEnd.error = error;
    this.#giveUp(this.#queue.clear({ kind: 'aborted', reason: 'the run was ended' }), now);
    this.ledger.close(error);
  }
}
