import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { figuresOf } from '../../metrics/figures.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import { evaluateThresholds, type ThresholdResult } from '../../metrics/thresholds.ts';
import type { abortSettings } from './flags/report-flags.ts';
import { thresholdsOf } from './thresholds.ts';

/** The flags that say when a run has failed, and ends before its end. */
export type AbortValues = Values<ReturnType<typeof abortSettings>>;

const EVERY_MS = 1_000;
/** Consecutive evaluations that fail before the run is ended. */
const LOOKS = 3;

/**
 * Ends a run once a threshold has failed for three seconds, with `--abort-on-fail`.
 *
 * The run has to use `runtime`, whose `stop` it aborts: nothing more is taken in, what is under
 * way is finished, and the report comes as always.
 */
export class AbortOnThreshold {
  readonly runtime: Runtime;
  readonly #values: AbortValues;
  readonly #stop = new AbortController();
  readonly #over = new AbortController();

  constructor(values: AbortValues, runtime: Runtime) {
    this.#values = values;
    this.runtime = { ...runtime, stop: AbortSignal.any([runtime.stop, this.#stop.signal]) };
  }

  /** Looks at the figures of each second from now on; undefined are those that it is too early for. */
  watch(figures: () => object | undefined): void {
    if (this.#values.abortOnFail) void this.#look(figures);
  }

  /** The run is over. */
  end(): void {
    this.#over.abort();
  }

  async #look(figures: () => object | undefined): Promise<void> {
    const { clock, err } = this.runtime;
    for (let failures = 0; failures < LOOKS; ) {
      await clock.sleep(EVERY_MS, this.#over.signal);
      if (this.#over.signal.aborted) return;
      const failed = this.#failed(figures());
      failures = failed ? failures + 1 : 0;
      if (failures < LOOKS || !failed) continue;
      const { condition, actualText } = failed;
      await err.print(`Threshold failed for 3 s: ${condition} (${actualText}). The run ends here.`);
      this.#stop.abort();
    }
  }

  #failed(figures: object | undefined): ThresholdResult | undefined {
    if (!figures) return undefined;
    const results = evaluateThresholds(thresholdsOf(this.#values), figuresOf(snakeCased(figures)));
    return results.find(({ passed }) => passed === false);
  }
}
