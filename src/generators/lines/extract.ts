import { scenarios } from '../fraud/scenarios.ts';
import { atMsOf, type LineBlock } from './block.ts';

/** What is known of the transactions in some blocks; instants in epoch milliseconds. */
export interface ExtractSummary {
  readonly count: number;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  /** Fraudulent transactions by scenario, in the order of the scenarios. */
  readonly frauds: Readonly<Record<string, number>>;
}

/** Counts the transactions of blocks. */
export class Extract {
  #count = 0;
  #firstKey: number | undefined;
  #lastKey: number | undefined;
  readonly #byScenario = new Uint32Array(256);

  get count(): number {
    return this.#count;
  }

  add({ count, keys, scenarios: kinds }: LineBlock): void {
    this.#firstKey ??= keys[0];
    this.#lastKey = keys[count - 1];
    this.#count += count;
    for (let place = 0; place < count; place += 1) {
      const kind = kinds[place] as number;
      this.#byScenario[kind] = (this.#byScenario[kind] as number) + 1;
    }
  }

  summary(): ExtractSummary {
    const frauds = scenarios.map(({ name }, place) => [name, this.#byScenario[place + 1] ?? 0]);
    return {
      count: this.#count,
      firstAt: this.#firstKey === undefined ? undefined : atMsOf(this.#firstKey),
      lastAt: this.#lastKey === undefined ? undefined : atMsOf(this.#lastKey),
      frauds: Object.fromEntries(frauds),
    };
  }
}
