/** Our own bounds on what is under way: the adaptive limit, and the capacity that it cannot exceed. */
export type OwnBound = 'limit' | 'capacity';

/** For how long transactions that were due waited for a place under a bound of ours, and which. */
export class HeldBack {
  limitMs: number = 0;
  capacityMs: number = 0;
  #bound: OwnBound | undefined;
  #since = Number.NaN;

  /** From now on they wait for a place under this bound, or for nothing of ours. */
  look(bound: OwnBound | undefined, now: number): void {
    if (this.#bound === 'limit') this.limitMs += now - this.#since;
    if (this.#bound === 'capacity') this.capacityMs += now - this.#since;
    this.#bound = bound;
    this.#since = now;
  }
}
