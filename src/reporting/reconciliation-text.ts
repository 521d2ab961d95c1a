import { count } from './format.ts';
import type { ReconciliationSummary } from './reconciliation.ts';

/** Whether what went in came out, in a line or two. */
export function reconciliationText(summary: ReconciliationSummary): readonly string[] {
  const { produced, consumed, missing, duplicates, unknown, unreadable, missingIds } = summary;
  const isWhole = missing === 0 && unknown === 0;
  const verdict = isWhole ? 'every record came back, by id' : 'NOT all records came back';
  const lines = [
    `  ${'Reconciled'.padEnd(16)} ${count(produced)} produced = ${count(consumed)} consumed + ${count(missing)} missing: ${verdict}`,
    `  ${''.padEnd(16)} ${count(duplicates)} read twice, ${count(unknown)} not ours, ${count(unreadable)} outside their shard's range`,
  ];
  return missing === 0 ? lines : [...lines, `  ${'Missing'.padEnd(16)} ${missingIds.join(', ')}`];
}
