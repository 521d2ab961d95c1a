import type { ReportDocument } from '../document/report-document.ts';
import { fraction, qualityLine, ratio, unscoredCount } from '../document/views.ts';
import { count } from '../format.ts';
import type { QualitySummary } from '../quality.ts';
import type { Snaked } from '../snake-case.ts';
import type { Chart } from './chart.ts';
import { figure, pair, section, table } from './elements.ts';
import type { QualityCharts } from './quality-charts.ts';
import { escaped } from './shell.ts';

type Quality = Snaked<QualitySummary>;

/** How good the verdicts were: curves, a matrix whose threshold moves, costs, scenarios. */
export function qualitySection(
  document: ReportDocument,
  charts: QualityCharts | undefined,
): string {
  const { quality, scenarios = [] } = document;
  if (!quality) return '';
  const { precisionRecall, roc, histogram, cost } = charts ?? {};
  return section(
    'Verdicts',
    ranking(quality),
    matrix(quality),
    ofScored(document),
    pair(
      drawn(histogram, 'Scores by truth', 'The dashed line is the threshold.'),
      drawn(cost, 'Cost by threshold', 'The dashed line is the threshold.'),
    ),
    pair(
      drawn(precisionRecall, 'Precision and recall', 'The point is the threshold.'),
      drawn(roc, 'Receiver operating characteristic', 'The point is the threshold.'),
    ),
    scenarioTable(scenarios),
  );
}

/** Without a score there is nothing to draw. */
function drawn(chart: Chart | undefined, title: string, note: string): string {
  return chart ? figure(chart, title, note) : '';
}

/** What the scores alone are worth, where some transactions got none. */
function ofScored(document: ReportDocument): string {
  const { quality, quality_of_scored: scored } = document;
  const unscored = unscoredCount(document);
  if (!quality || !scored || unscored === 0) return '';
  const text = `${count(unscored)} transactions got no score, ${count(quality.missed_unscored)} frauds among them, which count as missed. Of the scored: ${qualityLine(scored)}.`;
  return `<p class="soft">${escaped(text)}</p>`;
}

function ranking(quality: Quality): string {
  const { cards } = quality;
  const facts = [
    ['average precision', fraction(quality.average_precision)],
    ['ROC AUC', fraction(quality.roc_auc)],
    ['recall at 1 % false positives', ratio(quality.recall_at1)],
    ...(cards ? [[`card precision@${cards.cards_a_day}`, ratio(cards.precision)]] : []),
    ['frauds', `${count(quality.frauds)} of ${count(quality.labelled)}`],
  ];
  const rows = facts.map(
    ([name = '', value = '']) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`,
  );
  return `<dl class="figures">${rows.join('')}</dl>`;
}

function matrix(quality: Quality): string {
  // A report may come from outside: what stands in an attribute is a number.
  const [threshold, best] = [
    Number(quality.threshold),
    Number(quality.best_threshold ?? Number.NaN),
  ];
  const counts = `data-tp="${Number(quality.true_positives)}" data-fp="${Number(quality.false_positives)}" data-fn="${Number(quality.false_negatives)}" data-tn="${Number(quality.true_negatives)}"`;
  const toBest = Number.isFinite(best)
    ? `<button type="button" data-threshold="${best}">Cheapest, ${best.toFixed(3)}: ${count(quality.best_cost)}</button>`
    : '';
  const cell = (at: string, name: string, value: number): string =>
    `<td><span data-at="${at}">${count(value)}</span><small>${name}</small></td>`;
  return `<h3 id="matrix-title">Confusion matrix at a threshold</h3>
<div class="slider"><label for="threshold">Threshold</label>
<input type="range" id="threshold" min="0" max="1" step="0.0005" value="${threshold}" ${counts}>
<output for="threshold" data-at="threshold">${threshold}</output>
<button type="button" data-threshold="${threshold}">Of the run, ${Number(threshold.toFixed(4))}</button>${toBest}</div>
<div class="table"><table class="matrix" aria-labelledby="matrix-title"><thead><tr><td></td><th scope="col">Alarm</th><th scope="col">Let through</th></tr></thead>
<tbody><tr><th scope="row">Fraud</th>${cell('tp', 'caught', quality.true_positives)}${cell('fn', 'missed', quality.false_negatives)}</tr>
<tr><th scope="row">Genuine</th>${cell('fp', 'false alarms', quality.false_positives)}${cell('tn', 'rightly', quality.true_negatives)}</tr></tbody></table></div>
<p aria-live="polite">Precision <b data-at="precision">${ratio(quality.precision)}</b>, recall <b data-at="recall">${ratio(quality.recall)}</b>, F1 <b data-at="f1">${fraction(quality.f1)}</b>, cost <b data-at="cost">${count(quality.cost)}</b> <span class="soft">(${count(quality.costs.missed_fraud)} a missed fraud, ${count(quality.costs.false_alarm)} a false alarm)</span></p>`;
}

function scenarioTable(scenarios: NonNullable<ReportDocument['scenarios']>): string {
  if (scenarios.length === 0) return '';
  const rows = scenarios.map(({ scenario, frauds, found, recall }) => [
    scenario.replaceAll('_', ' '),
    ...[count(frauds), count(found), ratio(recall)],
  ]);
  return table(['Scenario', 'frauds', 'found', 'recall'], rows);
}
