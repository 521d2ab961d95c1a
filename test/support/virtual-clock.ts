import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../../dist/stream/clock.js';

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/** Turns of the real event loop after which everything that can run at an instant has run. */
const BREATHS = 3;

/** A clock that stands still while anything can run, then jumps to the next sleeper's instant. */
export class VirtualClock implements Clock {
  #now = 1_700_000_000_000;
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { wakeAt: this.#now + Math.max(0, ms), wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', wake);
    });
  }

  /** Lets time pass until the promise is settled; rejects as it does. */
  async pass<T>(until: Promise<T>, limitMs: number = 3_600_000): Promise<T> {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    until.then(over, over);
    const endAt = this.#now + limitMs;
    for (;;) {
      for (let breath = 0; breath < BREATHS && !isOver; breath += 1) await breathe();
      if (isOver) return until;
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (first, sleeper) => (first && first.wakeAt <= sleeper.wakeAt ? first : sleeper),
        undefined,
      );
      if (!next) continue;
      if (next.wakeAt > endAt) throw new Error(`nothing came of it in ${limitMs} ms`);
      this.#now = Math.max(this.#now, next.wakeAt);
      next.wake();
    }
  }
}
