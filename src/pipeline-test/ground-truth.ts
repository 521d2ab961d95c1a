import type { Labels } from '../files/labels.ts';
import type { Sourced } from '../scoring/candidates.ts';
import type { Label } from '../transactions/label.ts';

/** What is known of a transaction on this side, and never sent. */
export interface KnownTruth {
  readonly isFraud: boolean | undefined;
  readonly scenario: string | undefined;
}

const genuine: KnownTruth = { isFraud: false, scenario: undefined };
const unknown: KnownTruth = { isFraud: undefined, scenario: undefined };

/** The truth about transactions: told one by one, of a file of labels, or from the records themselves. */
export class PipelineGroundTruth {
  readonly #told = new Map<string, Label>();
  readonly #file: Labels | undefined;
  readonly #areOthersGenuine: boolean;

  /** `areOthersGenuine`: whatever nobody told of is known to be genuine, as in a generated world. */
  constructor(file: Labels | undefined, areOthersGenuine: boolean) {
    this.#file = file;
    this.#areOthersGenuine = areOthersGenuine;
  }

  readonly tell = (label: Label): void => {
    this.#told.set(label.transaction_id, label);
  };

  of({ id, label }: Sourced): KnownTruth {
    const filed = this.#file?.of(id);
    const known = label ?? filed ?? this.#told.get(id);
    this.#told.delete(id);
    if (!known) return this.#areOthersGenuine ? genuine : unknown;
    return { isFraud: known.is_fraud, scenario: known.fraud_scenario ?? undefined };
  }
}
