import { labelFields, truthFields } from '../../transactions/label.ts';
import { transactionFields } from '../../transactions/transaction.ts';
import { scenarios } from '../fraud/scenarios.ts';
import { atMsOf, type LineBlock } from './line-block.ts';

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
    for (let index = 0; index < count; index += 1) {
      const kind = kinds[index] as number;
      this.#byScenario[kind] = (this.#byScenario[kind] as number) + 1;
    }
  }

  summary(): ExtractSummary {
    const frauds = scenarios.map(({ name }, index) => [name, this.#byScenario[index + 1] ?? 0]);
    return {
      count: this.#count,
      firstAt: this.#firstKey === undefined ? undefined : atMsOf(this.#firstKey),
      lastAt: this.#lastKey === undefined ? undefined : atMsOf(this.#lastKey),
      frauds: Object.fromEntries(frauds),
    };
  }
}

/** How transactions and their labels stand in text: `sidecar` gives the labels a track of their own. */
export interface LineForm {
  readonly format: 'ndjson' | 'csv';
  readonly labels: 'none' | 'inline' | 'sidecar';
}

/** The fields of each track, in order. */
export function fieldsOf({ labels }: Pick<LineForm, 'labels'>): readonly (readonly string[])[] {
  if (labels === 'none') return [transactionFields];
  if (labels === 'inline') return [[...transactionFields, ...truthFields]];
  return [transactionFields, labelFields];
}

/** What each track begins with, before the first transaction. */
export function headersOf(form: LineForm): readonly string[] {
  return fieldsOf(form).map((fields) => (form.format === 'csv' ? `${fields.join(',')}\r\n` : ''));
}
