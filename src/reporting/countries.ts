/** Transactions by country of the merchant; `found` frauds have a score that reaches the threshold. */
export interface CountrySummary {
  readonly country: string;
  readonly transactions: number;
  readonly frauds: number;
  readonly found: number;
}

/** Folds transactions into countries; the summary has those with the most frauds first. */
export class Countries {
  readonly #countries = new Map<string, { transactions: number; frauds: number; found: number }>();

  add(country: string, isFraud: boolean, isFound: boolean): void {
    const known = this.#countries.get(country) ?? { transactions: 0, frauds: 0, found: 0 };
    known.transactions += 1;
    if (isFraud) known.frauds += 1;
    if (isFraud && isFound) known.found += 1;
    this.#countries.set(country, known);
  }

  summary(): readonly CountrySummary[] {
    return [...this.#countries]
      .map(([country, counts]) => ({ country, ...counts }))
      .sort((a, b) => b.frauds - a.frauds || (a.country < b.country ? -1 : 1));
  }
}
