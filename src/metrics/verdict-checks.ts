/** Ids named for each check; the others are only counted. */
const IDS_NAMED = 10;

/**
 * How many verdicts held each condition of a contract.
 *
 * `checked` are the verdicts that were looked at, each other name is a check and the number of them for which it held.
 * `examples` are ids of transactions for whose verdicts it did not.
 */
export interface ChecksSummary {
  readonly checked: number;
  readonly [check: string]: number | Readonly<Record<string, readonly string[]>>;
  readonly examples: Readonly<Record<string, readonly string[]>>;
}

/** Counts for which verdicts the conditions of a contract hold. */
export class VerdictChecks {
  readonly #names: readonly string[];
  readonly #passedCounts: number[];
  readonly #failedIds: readonly string[][];
  #checked = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#passedCounts = names.map(() => 0);
    this.#failedIds = names.map(() => []);
  }

  /** Takes the results of one verdict, in the order of the names. */
  add(id: string, results: readonly boolean[]): void {
    this.#checked += 1;
    for (const [index, isPassed] of results.entries()) {
      const failed = this.#failedIds[index] as string[];
      if (isPassed) this.#passedCounts[index] = (this.#passedCounts[index] as number) + 1;
      else if (failed.length < IDS_NAMED) failed.push(id);
    }
  }

  /** Nothing without checks. */
  summary(): ChecksSummary | undefined {
    if (this.#names.length === 0) return undefined;
    const passed = this.#names.map((name, index) => [name, this.#passedCounts[index] as number]);
    const examples = this.#names.map((name, index) => [name, [...(this.#failedIds[index] ?? [])]]);
    return {
      checked: this.#checked,
      ...Object.fromEntries(passed),
      examples: Object.fromEntries(examples),
    };
  }
}
