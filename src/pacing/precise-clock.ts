import { Worker } from 'node:worker_threads';
import type { Clock } from '../stream/clock.ts';
import type { AlarmMemory } from './alarm-thread.ts';

/** Instants that are nearer share a wake-up, each of which takes 40 us of processor time. */
const LEAST_MS = 0.4;
/** A shorter sleep is not ended by its signal: listening costs more than the rest of it. */
const INTERRUPTED_MS = 20;

interface Sleeper {
  readonly endAt: number;
  readonly wake: () => void;
}

/**
 * The same time, with a sleep that ends within about 0.1 ms of its instant and never before it.
 *
 * A timer of the event loop counts whole milliseconds and ends up to 2 ms late; turning the loop
 * until the instant takes a whole core, and garbage. Here a thread waits, and wakes the event loop by
 * a message. It starts with the first sleep; until it runs, and if it cannot, timers do.
 * A sleep lasts at least 0.4 ms. For pacing.
 */
export class PreciseClock implements Clock {
  readonly #clock: Clock;
  readonly #started: () => void;
  readonly #order = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #waitMs = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  #sleepers: readonly Sleeper[] = [];
  #thread: Worker | undefined;
  #isRunning = false;
  #orderedFor = Number.POSITIVE_INFINITY;

  /** `started` is called once, before the first sleep. */
  constructor(clock: Clock, started: () => void = () => undefined) {
    this.#clock = clock;
    this.#started = started;
  }

  now(): number {
    return this.#clock.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#thread ??= this.#start();
    if (!this.#isRunning) return this.#clock.sleep(ms, signal);
    if (signal?.aborted) return Promise.resolve();
    const endAt = this.#clock.now() + Math.max(LEAST_MS, ms);
    return new Promise((resolve) => {
      const isInterrupted = signal !== undefined && ms > INTERRUPTED_MS;
      const wake = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        if (this.#sleepers.length === 0) this.#thread?.unref();
        if (isInterrupted) signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { endAt, wake };
      this.#sleepers = [...this.#sleepers, sleeper];
      if (isInterrupted) signal.addEventListener('abort', wake);
      this.#thread?.ref();
      if (endAt < this.#orderedFor) this.#orderFor(endAt);
    });
  }

  #start(): Worker {
    this.#started();
    const workerData: AlarmMemory = { order: this.#order, waitMs: this.#waitMs };
    const thread = new Worker(new URL('./alarm-thread.js', import.meta.url), { workerData });
    // A sleep keeps the process alive, not the thread.
    thread.unref();
    thread.on('message', (order: number) => {
      this.#isRunning = true;
      if (order === this.#order[0]) this.#wake();
    });
    // Without the thread whoever sleeps is woken at once, and looks at the clock.
    thread.on('error', () => {
      this.#isRunning = false;
      for (const { wake } of this.#sleepers) wake();
    });
    return thread;
  }

  /** Wakes whoever's time has come; the thread waits for the next one. */
  #wake(): void {
    this.#orderedFor = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { endAt, wake } of this.#sleepers) {
      if (endAt <= now) wake();
      else next = Math.min(next, endAt);
    }
    if (Number.isFinite(next)) this.#orderFor(next);
  }

  #orderFor(endAt: number): void {
    this.#orderedFor = endAt;
    this.#waitMs[0] = endAt - this.#clock.now();
    Atomics.add(this.#order, 0, 1);
    Atomics.notify(this.#order, 0);
  }
}
