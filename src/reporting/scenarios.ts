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
