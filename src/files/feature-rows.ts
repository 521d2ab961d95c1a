import type { LabelledFeatures } from '../features/labelled-features.ts';
import { featureNames } from '../features/manifest.ts';
import type { Sourced } from '../scoring/candidates.ts';
import { writeFloat } from '../scoring/request/number-text.ts';
import type { Label } from '../transactions/label.ts';
import { transactionIn } from '../transactions/transaction.ts';

const COMMA = 44;
/** No feature has a longer text. */
const FEATURE_BYTES = 25;
const QUOTED = /[",\r\n]/;
const truthColumns = ['is_fraud', 'fraud_scenario'];

/** Rows of CSV: who it was, the features in the order of the model, and the truth where it is known. */
export class FeatureRows {
  count: number = 0;
  readonly #features: LabelledFeatures;
  readonly #labelOf: (id: string) => Label | undefined;
  readonly #areOthersGenuine: boolean;
  readonly #row: Float32Array;
  readonly #bytes: Buffer;
  /** 1 for a feature that some row had. */
  readonly #isFilled: Uint8Array;

  /** `areOthersGenuine`: a transaction without a label is known to be genuine. */
  constructor(
    features: LabelledFeatures,
    labelOf: (id: string) => Label | undefined,
    areOthersGenuine: boolean,
  ) {
    this.#features = features;
    this.#labelOf = labelOf;
    this.#areOthersGenuine = areOthersGenuine;
    this.#row = new Float32Array(features.width);
    this.#bytes = Buffer.alloc(features.width * FEATURE_BYTES);
    this.#isFilled = new Uint8Array(features.width);
  }

  header(): string {
    const columns = ['transaction_id', 'event_time', 'card_id', ...featureNames, ...truthColumns];
    return `${columns.join(',')}\n`;
  }

  of(records: readonly Sourced[]): string {
    return records.map((record) => this.#line(record)).join('');
  }

  /** The features that no row had. */
  get emptyColumns(): readonly string[] {
    return featureNames.filter((_, index) => this.#isFilled[index] === 0);
  }

  #line(record: Sourced): string {
    this.count += 1;
    const transaction = transactionIn(record);
    this.#features.row(transaction, record.label, this.#row, 0);
    const { transaction_id: id, event_time: time, card_id: card } = transaction;
    const filed = this.#labelOf(id);
    const label = record.label ?? filed;
    return `${cell(id)},${time},${cell(card)},${this.#cells()},${this.#truth(label)}\n`;
  }

  #cells(): string {
    const bytes = this.#bytes;
    let at = 0;
    for (const [index, value] of this.#row.entries()) {
      if (index > 0) {
        bytes[at] = COMMA;
        at += 1;
      }
      if (Number.isNaN(value)) continue;
      this.#isFilled[index] = 1;
      at = writeFloat(value, bytes, at);
    }
    return bytes.toString('latin1', 0, at);
  }

  #truth(label: Label | undefined): string {
    if (label) return `${Number(label.is_fraud)},${cell(label.fraud_scenario ?? '')}`;
    return this.#areOthersGenuine ? '0,' : ',';
  }
}

function cell(text: string): string {
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
