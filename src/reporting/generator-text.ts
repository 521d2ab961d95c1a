import { bytes, count, decimal, percent, span } from './format.ts';
import type { GeneratorSummary, LimitedBy } from './generator.ts';
import { pairs } from './pairs.ts';

/** Whose fault it is that a rate was not kept, in a sentence. */
export const advice: Readonly<Record<LimitedBy, string>> = {
  nothing: 'kept its schedule',
  generator:
    'SATURATED: this machine could not keep the rate, the figures are its own. Use a faster one, or --partition',
  target: 'was held back: the target took no more',
};

/** Whether this side kept its schedule, and what it took. */
export function generatorText(generator: GeneratorSummary): readonly string[] {
  const { coresMean, busyShareMost, memoryMostBytes, loopDelayP99Ms, slip, late } = generator;
  const isMeasured = slip.count > 0;
  return pairs([
    [
      'Generator',
      isMeasured
        ? advice[generator.limitedBy]
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
