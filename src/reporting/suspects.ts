import type { Verdict } from '../records/verdict.ts';

/** Keeps the verdicts with the highest scores; of equal ones those that came first. */
export class Suspects {
  readonly #most: number;
  #verdicts: readonly Verdict[] = [];
  #least = Number.NEGATIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  add(verdict: Verdict): void {
    const { score } = verdict;
    if (typeof score !== 'number' || score <= this.#least) return;
    const all = [
      ...this.#verdicts.filter((one) => one.transaction_id !== verdict.transaction_id),
      verdict,
    ];
    this.#verdicts = all.sort((a, b) => (b.score ?? 0) - (a.score ?? 0)).slice(0, this.#most);
    if (this.#verdicts.length === this.#most) this.#least = this.#verdicts.at(-1)?.score ?? 0;
  }

  /** The most suspicious first. */
  top(): readonly Verdict[] {
    return this.#verdicts;
  }
}
