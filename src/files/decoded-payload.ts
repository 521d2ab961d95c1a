import type { Contract } from '../contract/contract.ts';
import { transactionLine } from '../transactions/transaction.ts';

/**
 * The payload of a record as a line of JSON in our form: a transaction, else a verdict of the contract.
 *
 * `undefined` for what is neither, which stays as it came.
 */
export function decodedPayload(
  { transactions, verdicts }: Contract,
  data: Uint8Array,
): Uint8Array | undefined {
  const found = transactions?.decode(data);
  if (found && !('problem' in found) && found.transaction) {
    return Buffer.from(transactionLine(found.transaction));
  }
  const verdict = verdicts?.decode(data);
  if (!verdict || 'problem' in verdict) return undefined;
  const { transactionId, cardId, eventAt, score, isFraud, error } = verdict;
  return Buffer.from(
    JSON.stringify({
      transaction_id: transactionId,
      card_id: cardId,
      event_time: eventAt === undefined ? undefined : new Date(eventAt).toISOString(),
      score,
      is_fraud_predicted: isFraud,
      error,
    }),
  );
}
