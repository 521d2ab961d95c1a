import type { Verdict } from '../transactions/verdict.ts';

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

/** How many frauds of one kind there were, and how many of them reached the threshold. */
export interface ScenarioSummary {
  readonly scenario: string;
  readonly frauds: number;
  readonly found: number;
  readonly recall: number;
}

/** Folds frauds into their kinds; the summary has the most frequent first. */
export class Scenarios {
  readonly #scenarios = new Map<string, { frauds: number; found: number }>();

  add(scenario: string, isFound: boolean): void {
    this.addParts({ scenario, frauds: 1, found: isFound ? 1 : 0 });
  }

  addParts({ scenario, frauds, found }: Omit<ScenarioSummary, 'recall'>): void {
    const known = this.#scenarios.get(scenario) ?? { frauds: 0, found: 0 };
    known.frauds += frauds;
    known.found += found;
    this.#scenarios.set(scenario, known);
  }

  summary(): readonly ScenarioSummary[] {
    return [...this.#scenarios]
      .map(([scenario, { frauds, found }]) => ({ scenario, frauds, found, recall: found / frauds }))
      .sort((a, b) => b.frauds - a.frauds || (a.scenario < b.scenario ? -1 : 1));
  }
}

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
