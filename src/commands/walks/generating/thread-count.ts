import { availableParallelism } from 'node:os';
import { FraudstreamError } from '../../../fraudstream-error.ts';

/**
 * How many threads are meant; infinite stands for as many as the machine has cores.
 *
 * Errors: `usage` for more than that.
 */
export function threadCount(asked: number): number {
  const cores = availableParallelism();
  if (asked === Number.POSITIVE_INFINITY) return cores;
  if (asked <= cores) return asked;
  const message = `--threads ${asked}: this machine has ${cores} cores. Give 1 to ${cores}, or auto.`;
  throw new FraudstreamError('usage', message);
}
