import { createReadStream } from 'node:fs';
import { lines } from '../../../files/lines.ts';
import { FraudstreamError } from '../../../fraudstream-error.ts';
import type { Candidate } from '../../../records/candidate.ts';
import { type Label, parseLabel } from '../../../records/label.ts';

/** The truth about transactions, as far as it is known. */
export interface Truth {
  isFraud(candidate: Candidate): boolean | undefined;
}

/** What the records bring along themselves. */
export const inlineTruth: Truth = { isFraud: ({ isFraud }) => isFraud };

/** Frauds told one by one; all others are genuine. */
export class ToldTruth implements Truth {
  readonly #frauds = new Set<string>();

  tell({ transaction_id }: Label): void {
    this.#frauds.add(transaction_id);
  }

  isFraud({ id }: Candidate): boolean {
    return this.#frauds.delete(id);
  }
}

const LONGEST_LABEL_BYTES = 4_096;

/** The truth of a file of labels; what it does not name stays unknown. Errors: those of `labelsOf`. */
export async function labelFile(path: string): Promise<Truth> {
  const labels = await labelsOf(path);
  return { isFraud: ({ id }) => labels.get(id)?.is_fraud };
}

/**
 * Labels of a file, one JSON object a line, by the transaction they are about.
 *
 * Errors: `no-input` when it cannot be read, `bad-data` for a line that is no label.
 */
export async function labelsOf(path: string): Promise<ReadonlyMap<string, Label>> {
  const labels = new Map<string, Label>();
  try {
    for await (const group of lines(createReadStream(path), LONGEST_LABEL_BYTES)) {
      for (const { bytes, number } of group) {
        if (bytes.length === 0) continue;
        const label = labelOf(bytes, `${path}:${number}`);
        labels.set(label.transaction_id, label);
      }
    }
  } catch (cause) {
    if (cause instanceof FraudstreamError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `--labels ${path} cannot be read: ${reason}.`;
    throw new FraudstreamError('no-input', message, { cause });
  }
  return labels;
}

function labelOf(bytes: Uint8Array, place: string): Label {
  let reason = 'is not JSON';
  try {
    const result = parseLabel(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if ('label' in result) return result.label;
    reason = `${result.problem.field} ${result.problem.reason}`;
  } catch {
    // Not JSON: the reason says so.
  }
  const message = `${place}: ${reason}. --labels wants NDJSON as "generate --labels sidecar" writes it.`;
  throw new FraudstreamError('bad-data', message);
}
