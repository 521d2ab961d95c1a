import type { Outside } from '../../cli/runtime.ts';
import { figuresOf } from '../../metrics/figures.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import { judge, type LimitResult } from '../../metrics/thresholds.ts';
import type { LimitValues } from './thresholds.ts';

/** What the flags say about ending a run before its end. */
export interface GuardValues extends LimitValues {
  readonly abortOnFail: boolean;
}

const EVERY_MS = 1_000;
/** A limit that has held at so many looks in a row ends the run. */
const LOOKS = 3;

/**
 * Ends a run as soon as a `--fail-if` has held for three seconds, if so wanted.
 *
 * The run has to live with `outside`, whose `stop` it aborts: nothing more is taken in, what is under
 * way is finished, and the report comes as always.
 */
export class Guard {
  readonly outside: Outside;
  readonly #values: GuardValues;
  readonly #stop = new AbortController();
  readonly #over = new AbortController();

  constructor(values: GuardValues, outside: Outside) {
    this.#values = values;
    this.outside = { ...outside, stop: AbortSignal.any([outside.stop, this.#stop.signal]) };
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
    const { clock, err } = this.outside;
    for (let held = 0; held < LOOKS; ) {
      await clock.sleep(EVERY_MS, this.#over.signal);
      if (this.#over.signal.aborted) return;
      const failed = this.#failed(figures());
      held = failed ? held + 1 : 0;
      if (held < LOOKS || !failed) continue;
      await err.print(`${failed.expression} has held (${failed.told}): the run ends here.`);
      this.#stop.abort();
    }
  }

  #failed(figures: object | undefined): LimitResult | undefined {
    if (!figures) return undefined;
    const results = judge(this.#values.failIf, figuresOf(snakeCased(figures)));
    return results.find(({ holds }) => holds);
  }
}
