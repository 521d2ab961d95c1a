import type { Runtime } from '../cli/runtime.ts';
import type { Session } from './session.ts';

/** What is looked after: the load of this side, and what ages where transactions are correlated. */
type SampledSession = Pick<Session, 'generator'> & Partial<Pick<Session, 'correlation' | 'pauses'>>;

/** Looks after a session while it runs, until stopped. The load counts from `begin` to `end`. */
export interface LoadSampler {
  begin(): void;
  end(): void;
  stop(): void;
}

const EVERY_MS = 1_000;
/** Of less time there is no load to speak of. */
const LEAST_SECONDS = 0.1;

/** Once a second: reads the load of this process, and ages what is outstanding. */
export function sampleLoad(
  session: SampledSession,
  { clock, meter: start }: Pick<Runtime, 'clock' | 'meter'>,
): LoadSampler {
  const over = new AbortController();
  const meter = start();
  let isPutting = false;
  const read = (): void => {
    const load = meter.read();
    if (!isPutting || load.seconds < LEAST_SECONDS) return;
    session.generator.addLoad(load);
    session.pauses?.add(load);
  };
  void (async () => {
    while (!over.signal.aborted) {
      await clock.sleep(EVERY_MS, over.signal);
      read();
      session.correlation?.tick(clock.now());
    }
  })();
  return {
    begin: () => {
      meter.read();
      isPutting = true;
    },
    end: () => {
      read();
      isPutting = false;
    },
    stop: () => {
      over.abort();
      meter.stop();
    },
  };
}
