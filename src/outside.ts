import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './stream/clock.ts';

/** The machine's own time: monotonic, anchored once to the wall clock. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: async (ms, signal) => {
    // An aborted sleep is a sleep that ended early, not a failure.
    await wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
  },
};
