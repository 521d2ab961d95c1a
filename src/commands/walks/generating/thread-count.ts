import { availableParallelism } from 'node:os';
import { FraudstreamError } from '../../../fraudstream-error.ts';
import { VIRTUAL_SHARDS } from '../../../generators/simulation/shard.ts';

/**
 * How many threads are meant; infinite stands for as many as the machine has cores.
 *
 * More than the cores are let be, so that a command line runs on every machine.
 * Errors: `usage` for more than a world has parts to share out.
 */
export function threadCount(asked: number): number {
  if (asked === Number.POSITIVE_INFINITY) return Math.min(availableParallelism(), VIRTUAL_SHARDS);
  if (asked <= VIRTUAL_SHARDS) return asked;
  const message = `--threads ${asked}: a world is made in ${VIRTUAL_SHARDS} parts. Give 1 to ${VIRTUAL_SHARDS}, or auto.`;
  throw new FraudstreamError('usage', message);
}
