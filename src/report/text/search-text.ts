import type { SearchSummary, TrialSummary } from '../../metrics/capacity.ts';
import { snaked } from '../../metrics/snake-case.ts';
import { count, span } from '../../text/format.ts';
import { trialCells, trialHeadings } from '../document/views.ts';
import { type Column, pairs, table } from './layout.ts';

const columns: readonly Column[] = trialHeadings.map((heading) => ({
  heading,
  ...(heading !== '' && { isNumber: true }),
}));

/** Returns the result of a search as lines. */
export function searchText(summary: SearchSummary): readonly string[] {
  const { capacityPerSecond, brokenAtPerSecond, goodputPerSecond, kneePerSecond } = summary;
  const { endReason } = summary;
  const why = summary.trials.find((trial) => trial.targetPerSecond === brokenAtPerSecond)?.why;
  const rate = (value: number | undefined): string =>
    value === undefined ? '-' : `${count(Math.round(value))}/s`;
  const isOpen = capacityPerSecond !== undefined && brokenAtPerSecond === undefined;
  const more = isOpen ? ' or more: nothing broke' : '';
  const ours = summary.isOurs
    ? ([
        ['', 'this machine was the limit, not the target: the capacity of the target is higher'],
      ] as const)
    : [];
  const stopped = summary.isStopped
    ? ([['Stopped', 'before its end: the try that was cut off is left out']] as const)
    : [];
  return [
    ...pairs([
      ...stopped,
      ...(endReason === undefined ? [] : [['Ended', endReason] as const]),
      ['Capacity', `${rate(capacityPerSecond)}${more}`],
      ...ours,
      ['Breaks at', `${rate(brokenAtPerSecond)}${why === undefined ? '' : `: ${why}`}`],
      ['Goodput', `${rate(goodputPerSecond)} in time at capacity`],
      ['Knee', `${rate(kneePerSecond)}: above it, more load mostly adds waiting time`],
    ]),
    '',
    ...table(
      columns,
      summary.trials.map((trial) => trialCells(snaked(trial))),
    ).map((line) => `  ${line}`),
  ];
}

/** Returns one trial as a line, for progress. */
export function trialText(trial: TrialSummary): string {
  const { targetPerSecond, isKept, agreeing, tries, why, p99Ms } = trial;
  const verdict = isKept ? 'kept' : `broken${why === undefined ? '' : ` by ${why}`}`;
  const p99 = p99Ms === undefined ? '' : `, p99 ${span(p99Ms)}`;
  return `${count(Math.round(targetPerSecond))}/s ${verdict} (${agreeing} of ${tries})${p99}`;
}
