import type { Labels } from '../files/labels.ts';
import type { Label } from '../transactions/label.ts';
import type { Candidate } from '../transactions/scoring-outcome.ts';

/** The truth about transactions, as far as it is known. */
export interface GroundTruth {
  isFraud(candidate: Candidate): boolean | undefined;
}

/** What the records bring along themselves. */
export const inlineTruth: GroundTruth = { isFraud: ({ isFraud }) => isFraud };

/** Frauds told one by one; all others are genuine. */
export class GeneratedTruth implements GroundTruth {
  readonly #frauds = new Set<string>();

  tell({ transaction_id }: Label): void {
    this.#frauds.add(transaction_id);
  }

  isFraud({ id }: Candidate): boolean {
    return this.#frauds.delete(id);
  }
}

/** The truth of a file of labels; what it does not name stays unknown. */
export function labelledTruth(labels: Labels): GroundTruth {
  return { isFraud: ({ id }) => labels.of(id)?.is_fraud };
}
