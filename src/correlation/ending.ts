import { flag } from './flag.ts';

/** The ways a transaction counts: exactly one at every moment. */
export type Ending =
  | 'outstanding'
  | 'matched'
  | 'late'
  | 'unscored'
  | 'rejected'
  | 'undelivered'
  | 'missing';

/** Endings of which transactions are named that have no verdict, and may yet get one. */
export function isTrouble(ending: Ending): ending is 'rejected' | 'undelivered' | 'missing' {
  return ending === 'rejected' || ending === 'undelivered' || ending === 'missing';
}

/** How a transaction without a verdict counts, by its flags. */
export function endingOf(known: number): Ending {
  if (known & flag.rejected) return 'rejected';
  if (known & flag.acknowledged) return known & flag.over ? 'missing' : 'outstanding';
  return known & (flag.over | flag.failed) ? 'undelivered' : 'outstanding';
}
