import type { Due } from '../transactions/user-record.ts';
import { Latency, type LatencySummary } from './latency.ts';

/** Folds how late records left after they were due. */
export class Punctuality {
  readonly #errors = new Latency();

  add(group: readonly Due<unknown>[], now: number): void {
    for (const { dueAt } of group) this.#errors.add(now - dueAt);
  }

  summary(): LatencySummary {
    return this.#errors.summary();
  }
}
