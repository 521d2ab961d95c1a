import { DaySums, dayRecord, windowIndex } from './day-sums.ts';
import type { EncodedTransaction } from './encoded-transaction.ts';
import { manifest } from './manifest.ts';
import type { RingBuffers } from './ring-buffers.ts';

const { frauds: PRIOR_FRAUDS, transactions: PRIOR_TRANSACTIONS } = manifest.risk_prior;

/**
 * The days of a merchant or terminal: its transactions, those of them that are old enough for their frauds to be
 * known, and the frauds that were reported.
 */
export class RiskHistory {
  readonly now: DaySums = new DaySums();
  readonly known: DaySums = new DaySums();
  readonly reports: DaySums = new DaySums();

  /** Looks at the rings of a key that were found last. */
  look(days: RingBuffers, reports: RingBuffers, { day, knownDay }: EncodedTransaction): void {
    this.now.lookAtCounts(days, day);
    this.known.lookAtCounts(days, knownDay);
    this.reports.lookAtCounts(reports, day);
  }
}

/** A feature that reads the days and reports of a key. */
export type RiskFeature = (history: RiskHistory, windowMs: number) => number;

/** The features of the days of a merchant or a terminal, by name. */
export function riskFeatures(key: 'merchant' | 'terminal'): Readonly<Record<string, RiskFeature>> {
  return Object.fromEntries(
    manifest.day_windows.flatMap((days): readonly [string, RiskFeature][] => [
      [`${key}_count_${days}d`, ({ now }, windowMs) => now.counts[windowIndex(windowMs)] ?? 0],
      [`${key}_risk_${days}d`, risk],
    ]),
  );
}

function risk({ known, reports }: RiskHistory, windowMs: number): number {
  const window = windowIndex(windowMs);
  const frauds = (reports.counts[window] as number) + PRIOR_FRAUDS;
  return frauds / ((known.counts[window] as number) + PRIOR_TRANSACTIONS);
}

/** Adds one to the day of the ring that was found last; `day` is its beginning. */
export function addToDay(rings: RingBuffers, day: number): void {
  const at = rings.upsert(day) + dayRecord.count;
  rings.numbers[at] = (rings.numbers[at] as number) + 1;
}
