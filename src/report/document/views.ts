import type { SearchSummary, TrialSummary } from '../../metrics/capacity.ts';
import { hasPaused } from '../../metrics/load-generator-health.ts';
import type { QualityOfScored } from '../../metrics/quality.ts';
import type { Snaked } from '../../metrics/snake-case.ts';
import type { CodeCount } from '../../metrics/tally.ts';
import { count, decimal, percent, perSecond, span } from '../../text/format.ts';
import { OUT_OF_RANGE } from '../text/delivery-text.ts';
import { advice, WARM_UP_DID_NOT_FIT, warmUpText } from '../text/load-generator-text.ts';
import type { KeyFigure, ReportDocument } from './report-document.ts';
import { validationFigures } from './validation-view.ts';

/** Returns the title of a report. */
export function titleOf(document: ReportDocument): string {
  const { command, pipeline, stream, endpoint, merged } = document;
  const target = pipeline?.location ?? stream?.name ?? endpoint?.location ?? document.target;
  const misfits = merged?.misfits ?? [];
  const is = misfits.length > 0 ? `, NOT ONE WHOLE LOAD (${misfits.join('; ')})` : '';
  const many = merged ? `, merged from ${merged.reports}${is}` : '';
  return `fraudstream ${command}${target === undefined ? '' : `: ${target}`}${many}`;
}

/** Returns the duration of a run in seconds. */
export function secondsOf({ delivery, scoring, duration_seconds: other }: ReportDocument): number {
  return delivery?.duration_seconds ?? scoring?.duration_seconds ?? other ?? 0;
}

/** Returns the caution of a report: why its figures are not, or not only, the target's. */
export function cautionOf(document: ReportDocument): string | undefined {
  const cautions = [
    ...generatorCautions(document),
    ...warmUpCautions(document),
    ...outOfRangeCautions(document),
    ...comparisonCautions(document),
  ];
  return cautions.length === 0 ? undefined : cautions.join('; ');
}

function comparisonCautions({ comparison }: ReportDocument): readonly string[] {
  const different = comparison?.different_settings ?? [];
  if (different.length === 0) return [];
  return [`The settings differ from those of the baseline: ${different.join(', ')}`];
}

function generatorCautions({ generator, search }: ReportDocument): readonly string[] {
  if (search?.is_ours)
    return ['This machine was the limit, not the target: the capacity of the target is higher'];
  if (!generator) return [];
  const { limited_by: by, slip } = generator;
  if (hasPaused(by, slip.p99_ms)) {
    return [
      `This machine paused for a moment: records left ${span(slip.p99_ms)} after due in p99, which is in the latencies from due`,
    ];
  }
  const isFault = by === 'generator' || by === 'target';
  return isFault ? [`Generator ${advice[by]}`] : [];
}

/** Something was sent, but nothing was due after the warm-up. */
function warmUpCautions({
  outcome,
  correlation,
  generator,
  scoring,
}: ReportDocument): readonly string[] {
  // While a run goes on nobody knows how long it will be.
  if (!outcome) return [];
  const isRun = (correlation?.sent ?? 0) > 0 && generator?.slip.count === 0;
  const ofScoring =
    scoring &&
    warmUpText(scoring.transactions, scoring.warm_up_transactions, scoring.warm_up_seconds);
  const text = isRun ? WARM_UP_DID_NOT_FIT : ofScoring;
  return text === undefined ? [] : [text];
}

/** The KCL drops an aggregate whole as soon as one of its sub-records lies outside the shard's range. */
function outOfRangeCautions(document: ReportDocument): readonly string[] {
  const { out_of_range_verdicts, out_of_range_rejects, source, intake } = document;
  const counts: readonly (readonly [number | undefined, string])[] = [
    [out_of_range_verdicts, 'verdicts'],
    [out_of_range_rejects, 'dead letters'],
    [intake?.out_of_range, 'records'],
    [Number(source?.out_of_range_records ?? 0), 'transactions'],
  ];
  return counts.flatMap(([times = 0, what]) =>
    times > 0 ? [`${count(times)} ${what} ${OUT_OF_RANGE}`] : [],
  );
}

/** Returns the errors of a report by kind. */
export function errorCounts(document: ReportDocument): readonly (CodeCount & { of: string })[] {
  const { delivery, scoring, unscored_by_kind: unscored, rejects_by_reason: rejects } = document;
  const of = (name: string, counts: readonly CodeCount[] = []) =>
    counts.map((one) => ({ ...one, of: name }));
  return [
    ...of('undelivered', delivery?.failures_by_code),
    ...of('put again', delivery?.retries_by_code),
    ...of('PutRecords call', delivery?.request_errors),
    ...of('failed', scoring?.failures_by_kind),
    ...of('unscored', scoring?.unscored_by_kind),
    ...of('request', scoring?.request_errors),
    ...of('unscored verdict', unscored),
    ...of('dead letter', rejects),
  ];
}

/** Returns the five or six figures that are read first. */
export function keyFigures(document: ReportDocument): readonly KeyFigure[] {
  const { delivery, scoring, correlation, latency, quality, search } = document;
  const response = latency?.end_to_end ?? scoring?.response ?? delivery?.response;
  return [
    ...(search ? searchFigures(search) : []),
    ...validationFigures(document),
    ...loadFigures(document),
    ...(correlation
      ? [
          {
            name: 'matched',
            value: count(correlation.matched),
            note: `of ${count(correlation.sent)}`,
          },
        ]
      : []),
    ...(response && response.count > 0
      ? [
          {
            name: `${responseName(document)}, p99`,
            value: span(response.p99_ms),
            note: `median ${span(response.p50_ms)}`,
          },
        ]
      : []),
    ...(quality
      ? [
          {
            name: 'recall',
            value: ratio(quality.recall),
            note: `precision ${ratio(quality.precision)}`,
          },
          { name: 'average precision', value: fraction(quality.average_precision) },
          ...ofScoredFigures(document),
        ]
      : []),
  ];
}

/** Which latency is the key figure, by the names of the latency table. */
function responseName({ latency, scoring }: ReportDocument): string {
  if (latency) return 'put to verdict';
  return scoring ? 'due to score' : 'due to receipt';
}

/** Returns how many transactions got no score; 0 in reports of earlier versions, which left them out. */
export function unscoredCount({ quality }: ReportDocument): number {
  return (quality?.missed_unscored ?? 0) + (quality?.unscored_genuine ?? 0);
}

/** What the scores alone are worth, where some transactions got none. */
function ofScoredFigures(document: ReportDocument): readonly KeyFigure[] {
  const { quality, quality_of_scored: scored } = document;
  if (!quality || !scored || unscoredCount(document) === 0) return [];
  return [
    {
      name: 'recall of scored',
      value: ratio(scored.recall),
      note: `${count(quality.missed_unscored)} of ${count(quality.frauds)} frauds got no score`,
    },
  ];
}

function loadFigures({ delivery, scoring, rates }: ReportDocument): readonly KeyFigure[] {
  const target = rates?.target_per_second;
  const note = target ? { note: `target ${perSecond(target)}` } : {};
  if (delivery) {
    return [
      { name: 'put', value: count(delivery.accepted), note: `of ${count(delivery.sent)}` },
      { name: 'rate', value: perSecond(delivery.records_per_second), ...note },
    ];
  }
  if (!scoring) return [];
  return [
    { name: 'scored', value: count(scoring.scored), note: `of ${count(scoring.transactions)}` },
    { name: 'rate', value: perSecond(scoring.transactions_per_second), ...note },
  ];
}

/** Returns a share as a percentage, or a dash. */
export function ratio(value: number | null | undefined): string {
  return percent(value);
}

/** Returns a number from 0 to 1 with four digits, or a dash. */
export function fraction(value: number | null | undefined): string {
  return decimal(value, 4);
}

/** Returns quality at the threshold and of the ranking, in one line. */
export function qualityLine(quality: Snaked<QualityOfScored>): string {
  return `precision ${ratio(quality.precision)}, recall ${ratio(quality.recall)}, F1 ${fraction(quality.f1)}; average precision ${fraction(quality.average_precision)}, ROC AUC ${fraction(quality.roc_auc)}, cost ${count(quality.cost)}`;
}

/** The columns of the rates that were tried; the last one holds words. */
export const trialHeadings: readonly string[] = [
  ...['rate', 'achieved', 'in time', 'errors', 'p50', 'p99', 'tries'],
  '',
];

/** Returns the table cells of a rate that was tried. */
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
  const broke = why === undefined ? '' : `, but one trial failed: ${why}`;
  // One in a hundred may have failed.
  const isFew = samples !== undefined && samples < 0.99 * needed;
  const few = isFew ? `, by ${count(samples)} answers where ${count(needed)} are needed` : '';
  return `kept${broke}${few}`;
}

/** Returns the key figures of a search. */
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
    { name: 'knee', value: rate(knee), note: 'above it, more load mostly adds waiting time' },
  ];
}

function rate(value: number | undefined): string {
  return value === undefined ? '–' : `${count(Math.round(value))}/s`;
}

function openNote(capacity: number | undefined): string {
  return capacity === undefined ? 'no trial of a rate was completed' : 'or more: nothing broke';
}

function latency(ms: number | undefined): string {
  return ms === undefined ? '–' : span(ms);
}
