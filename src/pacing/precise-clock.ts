import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../stream/clock.ts';

/** Timers fire in whole milliseconds, and up to this much late. */
const TIMER_SLACK_MS = 1.5;

/**
 * The same clock, whose sleep ends on time: the last moment is spent turning the event loop.
 *
 * Sockets and timers have their turns meanwhile, but the thread is never idle: for pacing alone.
 */
export function preciseClock(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      const endAt = clock.now() + ms;
      if (ms > TIMER_SLACK_MS) await clock.sleep(ms - TIMER_SLACK_MS, signal);
      while (clock.now() < endAt && !signal?.aborted) await turn();
    },
  };
}
