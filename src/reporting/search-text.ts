import { count, percent, perSecond, span } from './format.ts';
import { pairs } from './pairs.ts';
import { type Column, table } from './table.ts';

/** One rate that was tried, some times. */
export interface TrialSummary {
  readonly targetPerSecond: number;
  readonly isKept: boolean;
  /** How many of the tries said so. */
  readonly agreeing: number;
  readonly tries: number;
  readonly achievedPerSecond: number;
  readonly goodPerSecond: number;
  readonly errorsShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly isOurs: boolean;
  readonly why: string | undefined;
}

/**
 * What a search found. Rates in records a second.
 *
 * `capacity` is the highest rate that was kept, `brokenAt` the lowest that was not, `goodput` what was
 * answered in time at the capacity, `knee` the rate of the greatest power: of the highest ratio of throughput
 * to response time, beyond which more load buys mostly waiting (Kleinrock 1979). `isOurs`: this machine
 * was at its end before the target, whose capacity is higher than that. `isStopped`: from outside, before
 * the end of the search; the try that this cut off is in none of the figures.
 */
export interface SearchSummary {
  readonly capacityPerSecond: number | undefined;
  readonly brokenAtPerSecond: number | undefined;
  readonly goodputPerSecond: number | undefined;
  readonly kneePerSecond: number | undefined;
  readonly isOurs: boolean;
  readonly isStopped: boolean;
  readonly trials: readonly TrialSummary[];
}

const columns: readonly Column[] = [
  ...['rate', 'achieved', 'in time', 'errors', 'p50', 'p99', 'tries'].map((heading) => ({
    heading,
    isNumber: true,
  })),
  { heading: '' },
];

/** What a search found, in lines that a person reads. */
export function searchText(summary: SearchSummary): readonly string[] {
  const { capacityPerSecond, brokenAtPerSecond, goodputPerSecond, kneePerSecond } = summary;
  const rate = (value: number | undefined): string =>
    value === undefined ? '-' : `${count(Math.round(value))}/s`;
  const isOpen = capacityPerSecond !== undefined && brokenAtPerSecond === undefined;
  const more = isOpen ? ' or more: nothing broke' : '';
  const ours = summary.isOurs
    ? ([['', 'this machine gave in before the target did: its capacity is higher']] as const)
    : [];
  const stopped = summary.isStopped
    ? ([['Stopped', 'before its end: the try that was cut off is left out']] as const)
    : [];
  return [
    ...pairs([
      ...stopped,
      ['Capacity', `${rate(capacityPerSecond)}${more}`],
      ...ours,
      ['Breaks at', rate(brokenAtPerSecond)],
      ['Goodput', `${rate(goodputPerSecond)} in time at capacity`],
      ['Knee', `${rate(kneePerSecond)}: beyond it more load buys mostly waiting`],
    ]),
    '',
    ...table(columns, summary.trials.map(row)).map((line) => `  ${line}`),
  ];
}

/** One trial on a line, as it is shown while the search goes on. */
export function trialText(trial: TrialSummary): string {
  const { targetPerSecond, isKept, agreeing, tries, why } = trial;
  const verdict = isKept ? 'kept' : `broken${why === undefined ? '' : ` by ${why}`}`;
  return `${count(Math.round(targetPerSecond))}/s ${verdict} (${agreeing} of ${tries}), p99 ${span(trial.p99Ms)}`;
}

function row(trial: TrialSummary): readonly string[] {
  const { targetPerSecond, achievedPerSecond, goodPerSecond, errorsShare, isKept } = trial;
  return [
    `${count(Math.round(targetPerSecond))}/s`,
    perSecond(achievedPerSecond),
    perSecond(goodPerSecond),
    percent(errorsShare),
    span(trial.p50Ms),
    span(trial.p99Ms),
    `${trial.agreeing}/${trial.tries}`,
    isKept ? 'kept' : `broken: ${trial.why ?? ''}${trial.isOurs ? ' (by this machine)' : ''}`,
  ];
}
