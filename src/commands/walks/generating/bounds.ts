/** What the flags say about where a world ends; `days` of event time. */
export interface BoundValues {
  readonly count: number | undefined;
  readonly days: number | undefined;
}

const DAY_MS = 86_400_000;
/** Transactions where nobody said how many. */
const DEFAULT_COUNT = 1000;

/** Where a world ends: the number of transactions and the span of event time, whichever comes first. */
export function boundsOf({ count, days }: BoundValues): {
  readonly count: number;
  readonly durationMs: number;
} {
  if (days === undefined) {
    return { count: count ?? DEFAULT_COUNT, durationMs: Number.POSITIVE_INFINITY };
  }
  return { count: count ?? Number.POSITIVE_INFINITY, durationMs: days * DAY_MS };
}
