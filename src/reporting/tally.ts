/** How often something named by a code happened. */
export interface CodeCount {
  readonly code: string;
  readonly count: number;
}

/** Counts by code; the summary has the most frequent first. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(code: string, count = 1): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + count);
  }

  get total(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count;
    return total;
  }

  summary(): readonly CodeCount[] {
    return [...this.#counts]
      .map(([code, count]) => ({ code, count }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }
}
