import { type ExitCode, strongest } from '../../exit-codes.ts';
import type { EndedBy } from '../document/facts.ts';

/** What ended some of the parts before their end; the strongest claim is that of all. */
export function endings(parts: readonly EndedBy[]): EndedBy {
  const codes = parts.map(({ exit_code: code }) => code as ExitCode);
  const reasons = new Set(parts.map(({ reason }) => reason));
  return { exit_code: strongest(...codes), reason: [...reasons].join('; ') };
}
