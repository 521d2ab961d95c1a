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

/** Counts reasons for people. Reasons that differ only in numbers of four digits or more are one, shown as first seen. */
export class Reasons {
  readonly #byForm = new Map<string, { readonly code: string; count: number }>();

  add(reason: string, count = 1): void {
    const form = reason.replace(/\d{4,}/g, 'N');
    const known = this.#byForm.get(form);
    if (known) known.count += count;
    else this.#byForm.set(form, { code: reason, count });
  }

  /** The most frequent ones, so many at most. */
  summary(most: number): readonly CodeCount[] {
    return [...this.#byForm.values()]
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
      .slice(0, most)
      .map(({ code, count }) => ({ code, count }));
  }
}
