import type { Due } from '../transactions/user-record.ts';
import { Latency, type LatencySummary } from './latency.ts';

/** How long after the instant they were due records left. */
export class Punctuality {
  readonly #errors = new Latency();

  add(group: readonly Due<unknown>[], now: number): void {
    for (const { dueAt } of group) this.#errors.add(now - dueAt);
  }

  summary(): LatencySummary {
    return this.#errors.summary();
  }
}
