import {
  type CorrelationCounts,
  type CorrelationTrouble,
  correlationTroubles,
} from '../../metrics/match.ts';

/** Ids named for each trouble; the others are only counted. */
const IDS_NAMED = 10;

type Count = Exclude<keyof CorrelationCounts, 'examples' | 'settled' | 'silent'> | 'silent';

const zero: Readonly<Record<Count, number>> = {
  sent: 0,
  acknowledged: 0,
  matched: 0,
  late: 0,
  unscored: 0,
  rejected: 0,
  undelivered: 0,
  missing: 0,
  silent: 0,
  outstanding: 0,
  overdue: 0,
  identical: 0,
  contradicting: 0,
  oursTwice: 0,
  outOfOrder: 0,
  unknown: 0,
  repeatedIds: 0,
};

/** The counts of a correlation, and the first ids of each trouble. */
export class TroubleCounts {
  readonly counts: Record<Count, number> = { ...zero };
  readonly #isAlertsOnly: boolean;
  readonly #examples = Object.fromEntries(
    correlationTroubles.map((trouble) => [trouble, [] as string[]]),
  ) as Record<CorrelationTrouble, string[]>;

  /** With `isAlertsOnly` nobody can tell what is missing. */
  constructor(isAlertsOnly: boolean) {
    this.#isAlertsOnly = isAlertsOnly;
  }

  /** Names a transaction for a trouble, up to a number of them. */
  name(trouble: CorrelationTrouble, id: string): void {
    const named = this.#examples[trouble];
    if (named.length < IDS_NAMED && !named.includes(id)) named.push(id);
  }

  /** The trouble with a transaction was none: it counts in another way now. */
  unname(trouble: CorrelationTrouble, id: string): void {
    this.#examples[trouble] = this.#examples[trouble].filter((named) => named !== id);
  }

  /** A verdict about nothing that was sent, where the settings allow that. */
  unknown(id: string, isCounted: boolean): void {
    if (!isCounted) return;
    this.counts.unknown += 1;
    this.name('unknown', id);
  }

  /** True while more would be named. */
  hasSpaceFor(trouble: CorrelationTrouble): boolean {
    return this.#examples[trouble].length < IDS_NAMED;
  }

  summary(): CorrelationCounts {
    const examples = Object.fromEntries(
      Object.entries(this.#examples).map(([trouble, ids]) => [trouble, [...ids]]),
    ) as unknown as CorrelationCounts['examples'];
    const { matched, late, unscored, rejected, missing, overdue } = this.counts;
    const { silent, ...counts } = this.counts;
    const settled = matched + late + unscored + rejected + missing + overdue + silent;
    if (!this.#isAlertsOnly) return { ...counts, settled, examples };
    return { ...counts, missing: Number.NaN, silent, settled, examples };
  }
}
