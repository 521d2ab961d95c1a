/** What is known of a transaction that was sent, a bit each. */
export const flag = {
  acknowledged: 1,
  /** The put failed, as far as we know. */
  failed: 2,
  /** A verdict with a score came. */
  scored: 4,
  /** A verdict with an error came. */
  unscored: 8,
  rejected: 16,
  late: 32,
  /** It was put more than once: it may stand in the stream twice, or out of its place. */
  again: 64,
  outOfOrder: 128,
  truthKnown: 256,
  fraud: 512,
  /** Nothing more is expected of it. */
  over: 2048,
  /** Counted among the overdue. */
  overdue: 4096,
  /** All verdicts so far came in aggregates that a KCL reader drops. */
  outOfRange: 8192,
} as const;

/** A verdict of either kind came. */
export const JUDGED: number = flag.scored | flag.unscored;
