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

/** How a transaction without a verdict counts, by its flags. */
export function endingOf(known: number): Ending {
  if (known & flag.rejected) return 'rejected';
  if (known & flag.acknowledged) return known & flag.over ? 'missing' : 'outstanding';
  return known & (flag.over | flag.failed) ? 'undelivered' : 'outstanding';
}
