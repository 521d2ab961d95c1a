import { bytes, count, decimal, percent, span } from './format.ts';
import { type GeneratorSummary, hasPaused, type LimitedBy } from './generator.ts';
import { pairs } from './pairs.ts';

/** Whose fault it is that a rate was not kept, in a sentence. */
export const advice: Readonly<Record<LimitedBy, string>> = {
  nothing: 'kept its schedule',
  generator:
    'SATURATED: this machine could not keep the rate, the figures are its own. Use a faster one, or --partition',
  target: 'was held back: the target took no more',
  unknown: 'was not judged: no record was due after the warm-up',
};

/** Why a run has no latencies, and what to do: nothing of it was due after its warm-up. */
export const WARM_UP_DID_NOT_FIT =
  'the run was not longer than --warm-up, so no latency was measured: run longer, or give a shorter --warm-up';

/** Of a run without a rate, which may always be shorter than its warm-up. */
const WARM_UP_INCLUDED =
  'the run was not longer than --warm-up, so its latencies include the start: run longer, or give a shorter --warm-up';

/** What became of the warm-up of a scoring that was over before it; nothing of a longer one. */
export function warmUpText(
  transactions: number,
  inWarmUp: number | undefined,
  warmUpSeconds: number,
): string | undefined {
  if (transactions === 0 || inWarmUp !== transactions) return undefined;
  return warmUpSeconds === 0 ? WARM_UP_INCLUDED : WARM_UP_DID_NOT_FIT;
}

/** Whether this side kept its schedule, and what it took. */
export function generatorText(generator: GeneratorSummary): readonly string[] {
  const { coresMean, busyShareMost, memoryMostBytes, loopDelayP99Ms, slip, late } = generator;
  const isMeasured = slip.count > 0;
  return pairs([
    [
      'Generator',
      isMeasured
        ? `${advice[generator.limitedBy]}${hasPaused(generator.limitedBy, slip.p99Ms) ? ', but for a pause' : ''}`
        : 'NOT MEASURED: no record was due after the warm-up',
    ],
    [
      '',
      `${decimal(coresMean, 2)} cores, event loop busy ${percent(busyShareMost)} of its busiest second and ${span(loopDelayP99Ms)} late, ${bytes(memoryMostBytes)}`,
    ],
    ...(isMeasured
      ? [['', `left ${span(slip.p99Ms)} after due in p99, ${count(late)} more than 10 ms`] as const]
      : []),
  ]);
}
