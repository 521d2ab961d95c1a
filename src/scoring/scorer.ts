import type { Candidate } from '../transactions/scoring-outcome.ts';
import type { Due } from '../transactions/user-record.ts';
import type { Limiter } from './adaptive-limit.ts';
import { Gate, HeldBack } from './admission.ts';
import { type Batch, batchOf, type GivenUp, outcomesOf, unscored, Waiting } from './batch-queue.ts';
import type { Breaker } from './circuit-breaker.ts';
import { badResponse, type Trouble, troubleOf } from './errors.ts';
import { departed, type Flight, timeOut, traceOf } from './in-flight-request.ts';
import { Ledger } from './outcome-ledger.ts';
import type { ScoreForm } from './request/request-body.ts';
import { isRetried, RetryBudget, retryWaitMs, SplitBudget } from './retry-policy.ts';
import { Ending } from './run-end.ts';
import type { Endpoint, Reply } from './score-client.ts';
import type { ScoreMeans, ScoreSettings } from './score-settings.ts';

/** How often deadlines are looked at. */
const SWEEP_MS = 5;

/**
 * The engine of `score`: admits transactions, sends them in batches, settles what comes back.
 *
 * Every admitted transaction leaves as one outcome. A request needs a place under the limit and a
 * closed breaker; a batch to be repeated keeps its place in the capacity, so nothing piles up.
 */
export class Scorer {
  readonly ledger: Ledger;
  readonly heldBack: HeldBack = new HeldBack();
  readonly #endpoint: Endpoint;
  readonly #form: ScoreForm;
  readonly #gate: Gate;
  readonly #means: ScoreMeans;
  readonly #settings: ScoreSettings;
  readonly #waiting: Waiting;
  readonly #flights = new Set<Flight>();
  readonly #budget = new RetryBudget();
  readonly #splits = new SplitBudget();
  readonly #ending: Ending;
  #sweptAt = 0;
  #scoredAt = Number.NEGATIVE_INFINITY;

  constructor(
    endpoint: Endpoint,
    form: ScoreForm,
    limiter: Limiter,
    means: ScoreMeans,
    settings: ScoreSettings,
  ) {
    this.#endpoint = endpoint;
    this.#form = form;
    this.#gate = new Gate(limiter, settings.capacity);
    this.#means = means;
    this.#settings = settings;
    this.#waiting = new Waiting(form, settings);
    this.#ending = new Ending(settings.timeoutMs);
    this.ledger = new Ledger(settings.capacity * settings.batchRows, settings.isOrdered);
  }

  get breaker(): Breaker {
    return this.#gate.breaker;
  }

  /** True once nothing can be scored any more. */
  get isBroken(): boolean {
    return this.#ending.error !== undefined;
  }

  /** The error of a run that is over and of which no request was ever answered. */
  get silence(): unknown {
    return this.#ending.silent();
  }

  /** One more, which came at `cameAt` and for which there is room now. */
  add({ record, dueAt }: Due<Candidate>, cameAt: number, admittedAt: number): void {
    const ordinal = this.ledger.admit();
    const { isPaced, timeoutMs } = this.#settings;
    // Unpaced, who waits for room waits for the others to be scored: time counts once they are not.
    const countsFrom = isPaced ? dueAt : Math.min(admittedAt, Math.max(cameAt, this.#scoredAt));
    const deadlineAt = countsFrom + timeoutMs;
    const fresh = { attempts: 0, sentAt: Number.NaN };
    this.#waiting.add({ candidate: record, ordinal, dueAt, admittedAt, deadlineAt, ...fresh });
  }

  /** No more will be added: what waits for company goes at once. */
  finish(error?: unknown): void {
    this.ledger.close(error);
    this.pump();
  }

  /** Sends whatever may go now: called after admissions, after answers, and at every tick. */
  pump(): void {
    const now = this.#means.clock.now();
    if (now - this.#sweptAt >= SWEEP_MS || this.#waiting.isOverdue(now)) this.#sweep(now);
    while (this.#gate.lets(this.#flights.size, now)) {
      const batch = this.#waiting.next(now, this.#flights.size, this.ledger.isClosed);
      if (!batch) break;
      this.#send(batch, now);
    }
    const isDue = this.#settings.isPaced && (this.#waiting.hasFresh || this.ledger.isAwaited);
    this.heldBack.look(isDue ? this.#gate.boundReached(this.#flights.size, now) : undefined, now);
  }

  #send(batch: Batch, now: number): void {
    departed(batch, now);
    batch.body ??= this.#form.body(batch.rows.map(({ candidate }) => candidate));
    this.#ending.sent(now);
    this.#gate.sent();
    const flight: Flight = {
      batch,
      call: this.#endpoint.invoke(batch.body),
      sentAt: now,
      timeoutAt: Math.min(now + this.#settings.requestTimeoutMs, batch.deadlineAt),
      limit: this.#gate.limit,
      inFlight: this.#flights.size + 1,
    };
    this.#flights.add(flight);
    flight.call.reply
      .then((reply) => this.#answered(flight, reply))
      .catch((error: unknown) => this.#break(error, this.#means.clock.now()));
  }

  #answered(flight: Flight, reply: Reply): void {
    const now = this.#means.clock.now();
    this.#flights.delete(flight);
    this.#ending.heard(reply);
    const { batch } = flight;
    const trouble = troubleOf(reply) ?? this.#take(batch, reply, now);
    this.#waiting.heard(trouble);
    this.#gate.answered(flight, trouble, this.#flights.size, now);
    this.#means.observe?.(traceOf(flight, trouble, now));
    if (trouble) this.#troubled(batch, trouble, now);
    this.pump();
  }

  /** Delivers the scores of an answer, unless it is none. */
  #take({ rows }: Batch, reply: Reply, now: number): Trouble | undefined {
    if ('failure' in reply) return undefined;
    const reading = this.#form.scores(reply.contentType, reply.body, rows.length);
    if ('problem' in reading) return badResponse(reading.problem);
    this.#ending.isScored = true;
    this.#scoredAt = now;
    this.#budget.earn();
    this.#splits.earn(rows.length);
    this.ledger.deliver(outcomesOf(rows, reading, reply.modelVersion, now));
    return undefined;
  }

  #troubled(batch: Batch, trouble: Trouble, now: number): void {
    batch.trouble = trouble;
    batch.notBefore = now + retryWaitMs(batch.attempts, trouble.waitMs, this.#means.random);
    if (this.#ending.isFatal(trouble)) {
      this.#giveUp([{ rows: batch.rows, trouble }], now);
      this.#break(this.#ending.errorOf(trouble), now);
    } else if (trouble.isRowFault && batch.rows.length > 1 && this.#splits.take()) {
      this.#split(batch);
    } else if (batch.notBefore < batch.deadlineAt && this.#mayRepeat(batch, trouble)) {
      this.#waiting.putBack(batch);
    } else this.#giveUp([{ rows: batch.rows, trouble }], now);
  }

  /** An open breaker and a limit that gives way bound the load; else each repetition must be paid. */
  #mayRepeat({ attempts }: Batch, trouble: Trouble): boolean {
    if (this.isBroken || !isRetried(trouble, attempts)) return false;
    const isAdapting = trouble.kind === 'throttled' && this.#settings.concurrency === 'adaptive';
    return isAdapting || this.breaker.isOpen || this.#budget.take();
  }

  #split({ rows, deadlineAt }: Batch): void {
    const middle = Math.ceil(rows.length / 2);
    for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
      this.#waiting.putBack(batchOf(half, deadlineAt, true));
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
    this.#giveUp(this.#waiting.overdue(now), now);
    const lost = this.isBroken ? undefined : this.#ending.lost(now);
    if (lost) this.#break(lost, now);
  }

  #break(error: unknown, now: number): void {
    if (this.isBroken) return;
    this.#ending.error = error;
    this.#giveUp(this.#waiting.clear({ kind: 'aborted', reason: 'the run was ended' }), now);
    this.ledger.close(error);
  }
}
