import { availableParallelism } from 'node:os';
import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import type { Extract } from '../../generators/lines/line-fields.ts';
import { VIRTUAL_SHARDS } from '../../generators/simulation/card-statuses.ts';
import { completeSettings, type WorldSettings } from '../../generators/world.ts';
import { type Progress, progress } from '../../report/progress.ts';
import { count, perSecond } from '../../text/format.ts';
import type { GenerateValues } from './flags.ts';

/** Shows how many transactions have been made, and how many a second. */
export function generationProgress(
  made: Pick<Extract, 'count'>,
  settings: WorldSettings,
  most: number,
  values: Pick<GenerateValues, 'progress'>,
  { clock, err }: Pick<Runtime, 'clock' | 'err'>,
): Progress {
  let before = { at: clock.now(), count: 0 };
  const moment = (): { readonly done: number; readonly text: string } => {
    const at = clock.now();
    const rate = perSecond((1000 * (made.count - before.count)) / (at - before.at));
    before = { at, count: made.count };
    return { done: made.count, text: `${count(made.count)} transactions, ${rate}` };
  };
  return progress(values.progress, expected(settings, most), moment, err, clock);
}

/** About as many transactions as there will be. */
function expected(settings: WorldSettings, most: number): number {
  const { transactionsPerSecond, durationMs, partition } = completeSettings(settings);
  return Math.min(most, Math.ceil((transactionsPerSecond * durationMs) / 1000 / partition.of));
}

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

const DAY_MS = 86_400_000;
/** Transactions where nobody said how many. */
const DEFAULT_COUNT = 1000;

/** Where a world ends: the number of transactions and the span of event time, whichever comes first. */
export function boundsOf({ count, days }: Pick<GenerateValues, 'count' | 'days'>): {
  readonly count: number;
  readonly durationMs: number;
} {
  if (days === undefined) {
    return { count: count ?? DEFAULT_COUNT, durationMs: Number.POSITIVE_INFINITY };
  }
  return { count: count ?? Number.POSITIVE_INFINITY, durationMs: days * DAY_MS };
}
