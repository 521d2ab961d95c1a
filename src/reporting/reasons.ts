import type { CodeCount } from './tally.ts';

/** Counts reasons for people. Those that differ in a figure of four digits or more are one, told as it was seen first. */
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
