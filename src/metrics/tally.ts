/** How often something named by a code happened. */
export interface CodeCount {
  readonly code: string;
  readonly count: number;
}

/** Codes of other systems are open-ended, and one that names each record would fill the memory. */
const MOST_CODES = 1_000;
const OTHER = 'other';

/** Counts by code, of 1,000 codes at most, all others as `other`; the summary has the most frequent first. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(code: string, count = 1): void {
    const known = this.#counts.get(code);
    if (known !== undefined || this.#counts.size < MOST_CODES) {
      this.#counts.set(code, (known ?? 0) + count);
    } else this.#counts.set(OTHER, (this.#counts.get(OTHER) ?? 0) + count);
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
