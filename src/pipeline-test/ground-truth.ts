import type { Sourced } from '../scoring/candidates.ts';
import type { Label } from '../transactions/label.ts';

/** What is known of a transaction on this side, and never sent. */
export interface KnownTruth {
  readonly isFraud: boolean | undefined;
  readonly scenario: string | undefined;
}

const genuine: KnownTruth = { isFraud: false, scenario: undefined };
const unknown: KnownTruth = { isFraud: undefined, scenario: undefined };

/** Where the truth comes from, beside the labels that are added one by one. */
export interface GroundTruthSettings {
  /** Labels by transaction, such as those of a file. */
  readonly labels?: { of(id: string): Label | undefined; all?(): Iterable<Label> } | undefined;
  /** A transaction without a label is known to be genuine, as in a generated world. */
  readonly areOthersGenuine: boolean;
}

/**
 * The truth about transactions: from their own records, from a file, or added one by one.
 *
 * A label that was added is forgotten when its transaction has asked for it.
 */
export class PipelineGroundTruth {
  readonly #added = new Map<string, Label>();
  readonly #settings: GroundTruthSettings;
  #untaken: Label[];

  constructor(settings: GroundTruthSettings) {
    this.#settings = settings;
    this.#untaken = [...(settings.labels?.all?.() ?? [])].filter(isReported);
  }

  /** Takes the label of a transaction before the transaction leaves; a function to hand on. */
  readonly add = (label: Label): void => {
    this.#added.set(label.transaction_id, label);
    if (isReported(label)) this.#untaken.push(label);
  };

  /** The reported frauds that were not taken yet: of the file, added, or inside these records. */
  takeReported(records: readonly Sourced[]): readonly Label[] {
    const inside = records.flatMap(({ label }) => (label && isReported(label) ? [label] : []));
    const taken = [...this.#untaken, ...inside];
    this.#untaken = [];
    return taken;
  }

  of({ id, label }: Sourced): KnownTruth {
    const { labels, areOthersGenuine } = this.#settings;
    const fromFile = labels?.of(id);
    const known = label ?? fromFile ?? this.#added.get(id);
    this.#added.delete(id);
    if (!known) return areOthersGenuine ? genuine : unknown;
    return { isFraud: known.is_fraud, scenario: known.fraud_scenario ?? undefined };
  }
}

function isReported({ is_fraud: isFraud, reported_at: reportedAt }: Label): boolean {
  return isFraud && typeof reportedAt === 'string';
}
