import { count, percent, perSecond, span } from '../format.ts';
import type { SearchSummary, TrialSummary } from '../search.ts';
import type { Snaked } from '../snake-case.ts';
import type { KeyFigure } from './views.ts';

/** The columns of the rates that were tried; the last one holds words. */
export const trialHeadings: readonly string[] = [
  ...['rate', 'achieved', 'in time', 'errors', 'p50', 'p99', 'tries'],
  '',
];

/** A rate that was tried, in the cells of a table. */
export function trialCells(trial: Snaked<TrialSummary>): readonly string[] {
  return [
    rate(trial.target_per_second),
    perSecond(trial.achieved_per_second),
    perSecond(trial.good_per_second),
    percent(trial.errors_share),
    latency(trial.p50_ms),
    latency(trial.p99_ms),
    `${trial.agreeing}/${trial.tries}`,
    answer(trial),
  ];
}

/** Whether the rate was kept, why not, and what must be known beside it. */
function answer(trial: Snaked<TrialSummary>): string {
  const { why, samples, samples_needed: needed = 0 } = trial;
  if (!trial.is_kept) return `broken: ${why ?? ''}${trial.is_ours ? ' (by this machine)' : ''}`;
  const broke = why === undefined ? '' : `, but once broken: ${why}`;
  // One in a hundred may have failed.
  const isFew = samples !== undefined && samples < 0.99 * needed;
  const few = isFew ? `, by ${count(samples)} answers where ${count(needed)} are needed` : '';
  return `kept${broke}${few}`;
}

/** What a search found. */
export function searchFigures(search: Snaked<SearchSummary>): readonly KeyFigure[] {
  const { capacity_per_second: capacity, goodput_per_second: goodput } = search;
  const { broken_at_per_second: broken, knee_per_second: knee } = search;
  const why = search.trials.find((trial) => trial.target_per_second === broken)?.why;
  const ended = search.end_reason === undefined ? '' : `; ended: ${search.end_reason}`;
  const breaks =
    why === undefined ? `breaks at ${rate(broken)}` : `breaks at ${rate(broken)}: ${why}`;
  return [
    {
      name: 'capacity',
      value: rate(capacity),
      note: `${broken === undefined ? openNote(capacity) : breaks}${ended}`,
    },
    { name: 'goodput', value: rate(goodput), note: 'in time at capacity' },
    { name: 'knee', value: rate(knee), note: 'beyond it more load buys mostly waiting' },
  ];
}

function rate(value: number | undefined): string {
  return value === undefined ? '–' : `${count(Math.round(value))}/s`;
}

function openNote(capacity: number | undefined): string {
  return capacity === undefined ? 'no rate was tried to its end' : 'or more: nothing broke';
}

function latency(ms: number | undefined): string {
  return ms === undefined ? '–' : span(ms);
}
