import type { LabelledFeatures } from '../features/labelled-features.ts';
import { featureNames } from '../features/manifest.ts';
import type { Sourced } from '../scoring/candidates.ts';
import { writeFloat } from '../scoring/request/number-text.ts';
import type { Label } from '../transactions/label.ts';
import { type Transaction, transactionIn } from '../transactions/transaction.ts';

/** The forms that rows are written in: by the ending of the file's name. */
export type FeatureForm = 'csv' | 'ndjson';

const COMMA = 44;
/** No feature has a longer text. */
const FEATURE_BYTES = 25;
const GENUINE: Pick<Label, 'is_fraud' | 'fraud_scenario'> = { is_fraud: false };
const QUOTED = /[",\r\n]/;
/** The columns that identify a transaction. */
export const identityColumns: readonly string[] = ['transaction_id', 'event_time', 'card_id'];
const truthColumns = ['is_fraud', 'fraud_scenario'];

/** The columns of a row: what identifies it, the features in the order of the model, and the truth. */
export const rowColumns: readonly string[] = [...identityColumns, ...featureNames, ...truthColumns];

/** True for a column that is no feature. */
export function isFeatureColumn(name: string): boolean {
  return !identityColumns.includes(name) && !truthColumns.includes(name);
}

/** Rows of CSV or NDJSON with the columns of `rowColumns`; what is not known is empty, or null. */
export class FeatureRows {
  count: number = 0;
  readonly #features: LabelledFeatures;
  readonly #labelOf: (id: string) => Label | undefined;
  readonly #areOthersGenuine: boolean;
  readonly #form: FeatureForm;
  readonly #row: Float32Array;
  readonly #bytes: Buffer;
  /** 1 for a feature that some row had. */
  readonly #isFilled: Uint8Array;

  /** `areOthersGenuine`: a transaction without a label is known to be genuine. */
  constructor(
    features: LabelledFeatures,
    labelOf: (id: string) => Label | undefined,
    areOthersGenuine: boolean,
    form: FeatureForm = 'csv',
  ) {
    this.#features = features;
    this.#labelOf = labelOf;
    this.#areOthersGenuine = areOthersGenuine;
    this.#form = form;
    this.#row = new Float32Array(features.width);
    this.#bytes = Buffer.alloc(features.width * FEATURE_BYTES);
    this.#isFilled = new Uint8Array(features.width);
  }

  /** What stands before the first row. */
  header(): string {
    return this.#form === 'csv' ? `${rowColumns.join(',')}\n` : '';
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
    if (this.#form === 'ndjson') return this.#object(transaction, label);
    return `${cell(id)},${time},${cell(card)},${this.#cells()},${this.#truth(label)}\n`;
  }

  #object({ transaction_id, event_time, card_id }: Transaction, label: Label | undefined): string {
    const known = label ?? (this.#areOthersGenuine ? GENUINE : undefined);
    const features = Array.from(this.#row, (value, index) => {
      if (Number.isNaN(value)) return `"${featureNames[index]}":null`;
      this.#isFilled[index] = 1;
      const bytes = writeFloat(value, this.#bytes, 0);
      return `"${featureNames[index]}":${this.#bytes.toString('latin1', 0, bytes)}`;
    });
    const { is_fraud = null, fraud_scenario = null } = known ?? {};
    const [identity, truth] = [
      { transaction_id, event_time, card_id },
      { is_fraud, fraud_scenario },
    ];
    const parts = [JSON.stringify(identity).slice(1, -1), ...features];
    return `{${parts.join(',')},${JSON.stringify(truth).slice(1)}\n`;
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
