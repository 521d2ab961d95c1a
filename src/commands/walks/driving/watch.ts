import type { Outside } from '../../outside.ts';
import type { Session } from './session.ts';

/** Looks after a session while it runs, until stopped. */
export interface Watch {
  stop(): void;
}

const EVERY_MS = 1_000;

/** Once a second: reads the load of this process, and ages what is outstanding. */
export function watch(session: Session, { clock, meter: start }: Outside): Watch {
  const over = new AbortController();
  const meter = start();
  void (async () => {
    while (!over.signal.aborted) {
      await clock.sleep(EVERY_MS, over.signal);
      const load = meter.read();
      const isPutting = !Number.isNaN(session.startedAt) && Number.isNaN(session.putAt);
      // Of the second in which the putting began, not all is its own.
      if (isPutting && clock.now() - session.startedAt >= EVERY_MS) session.generator.addLoad(load);
      session.correlation.tick(clock.now());
    }
  })();
  return {
    stop: () => {
      over.abort();
      meter.stop();
    },
  };
}
