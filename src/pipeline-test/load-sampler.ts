import type { Load } from '../metrics/load-generator-health.ts';
import type { Clock } from '../stream/clock.ts';

/** Watches how hard this process works; `read` gives the load since it was last read. */
export interface LoadMeter {
  read(): Load;
  stop(): void;
}

/** Takes the loads; `tick` comes as often as they do, about once a second. */
export interface LoadReceiver {
  addLoad(load: Load): void;
  tick?(now: number): void;
}

/** Samples the load until it is stopped; it counts from `begin` to `end`. */
export interface LoadSampler {
  begin(): void;
  end(): void;
  stop(): void;
}

const INTERVAL_MS = 1_000;
/** Over less time there is no load to speak of. */
const MIN_SECONDS = 0.1;

/** Starts to read the load of this process once a second. */
export function sampleLoad(
  receiver: LoadReceiver,
  { clock, meter: start }: { readonly clock: Clock; readonly meter: () => LoadMeter },
): LoadSampler {
  const over = new AbortController();
  const meter = start();
  let isCounting = false;
  const read = (): void => {
    const load = meter.read();
    if (isCounting && load.seconds >= MIN_SECONDS) receiver.addLoad(load);
  };
  void (async () => {
    while (!over.signal.aborted) {
      await clock.sleep(INTERVAL_MS, over.signal);
      read();
      receiver.tick?.(clock.now());
    }
  })();
  return {
    begin: () => {
      meter.read();
      isCounting = true;
    },
    end: () => {
      read();
      isCounting = false;
    },
    stop: () => {
      over.abort();
      meter.stop();
    },
  };
}
