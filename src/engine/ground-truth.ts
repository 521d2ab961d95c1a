import type { Labels } from '../files/labels.ts';
import type { Label } from '../transactions/label.ts';
import type { Candidate } from '../transactions/scoring-outcome.ts';

/** Whether a transaction is a fraud, as far as it is known. */
export interface GroundTruth {
  isFraud(candidate: Candidate): boolean | undefined;
}

/** What the records bring along themselves. */
export const inlineTruth: GroundTruth = { isFraud: ({ isFraud }) => isFraud };

/** Frauds added one by one, as a generated world has them; all others are genuine. */
export class GeneratedTruth implements GroundTruth {
  readonly #frauds = new Set<string>();

  add({ transaction_id }: Label): void {
    this.#frauds.add(transaction_id);
  }

  isFraud({ id }: Candidate): boolean {
    return this.#frauds.delete(id);
  }
}

/** The labels of a file; a transaction without one is genuine where they name frauds alone, else unknown. */
export function labelledTruth(labels: Labels): GroundTruth {
  const others = labels.areOthersGenuine ? false : undefined;
  return { isFraud: ({ id }) => labels.of(id)?.is_fraud ?? others };
}
