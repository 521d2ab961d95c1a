import type { Outside } from '../../outside.ts';
import { judged, type LimitValues } from '../limits.ts';
import type { Session } from './session.ts';

/** What the flags say about ending a run before its end. */
export interface WatchValues extends LimitValues {
  readonly abortOnFail: boolean;
  readonly warmUp: number;
}

/** Looks after a session while it runs, until stopped. */
export interface Watch {
  stop(): void;
}

const EVERY_MS = 1_000;
/** A limit that has held at so many looks in a row ends the run. */
const LOOKS = 3;

/**
 * Once a second: reads the load, ages what is outstanding, and with `--abort-on-fail` judges.
 *
 * `stop` is aborted when the run is to put no more: by a signal, or by a limit that holds.
 */
export function watch(
  session: Session,
  values: WatchValues,
  outside: Outside,
  stop: AbortController,
): Watch {
  const { clock, err } = outside;
  const over = new AbortController();
  const onStop = (): void => stop.abort();
  outside.stop.addEventListener('abort', onStop);
  if (outside.stop.aborted) stop.abort();
  const meter = outside.meter();
  let held = 0;
  const look = async (): Promise<void> => {
    const now = clock.now();
    session.correlation.tick(now);
    const load = meter.read();
    if (Number.isNaN(session.startedAt)) return;
    if (Number.isNaN(session.putAt)) session.generator.addLoad(load);
    if (!values.abortOnFail || now < session.startedAt + values.warmUp) return;
    const results = judged(values.failIf, session.summary(now, true));
    const failed = results.find(({ holds }) => holds);
    held = failed ? held + 1 : 0;
    if (!failed || held < LOOKS || stop.signal.aborted) return;
    await err.write(`${failed.expression} has held (${failed.told}): putting no more.\n`);
    stop.abort();
  };
  void (async () => {
    while (!over.signal.aborted) {
      await clock.sleep(EVERY_MS, over.signal);
      await look();
    }
  })();
  return {
    stop: () => {
      over.abort();
      meter.stop();
      outside.stop.removeEventListener('abort', onStop);
    },
  };
}
