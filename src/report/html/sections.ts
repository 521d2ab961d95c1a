import type { QualitySummary } from '../../metrics/quality.ts';
import type { Snaked } from '../../metrics/snake-case.ts';
import { bytes, bytesPerSecond, count, perSecond, span } from '../../text/format.ts';
import { arrivalOf, latencyHeadings, latencyRows } from '../document/latency-table.ts';
import type { ReportDocument } from '../document/report-document.ts';
import {
  findingHeadings,
  findingRows,
  isValidation,
  kindHeadings,
  kindRows,
  restText,
} from '../document/validation-view.ts';
import {
  errorCounts,
  fraction,
  qualityLine,
  ratio,
  trialCells,
  trialHeadings,
  unscoredCount,
} from '../document/views.ts';
import { pausesSentence } from '../text/pauses-text.ts';
import {
  type Chart,
  latencyOf,
  type QualityCharts,
  type SearchCharts,
  type TimeCharts,
} from './charts.ts';
import { details, escaped, figure, pair, section, table } from './elements.ts';
import { countryName, type WorldMap, worldMap } from './world-map.ts';

type QualitySection = Snaked<QualitySummary>;

/** Verdict quality: curves, a confusion matrix with a movable threshold, costs, scenarios. */
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
  const text = `${count(unscored)} transactions got no score, ${count(quality.missed_unscored)} frauds among them, which count as missed. Among those scored: ${qualityLine(scored)}.`;
  return `<p class="soft">${escaped(text)}</p>`;
}

function ranking(quality: QualitySection): string {
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

function matrix(quality: QualitySection): string {
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

/** Countries listed in the table; the map has all. */
const COUNTRIES = 12;

export function mapSection({ countries = [] }: ReportDocument, map: WorldMap): string {
  const defrauded = countries
    .filter(({ frauds }) => frauds > 0)
    .sort((a, b) => b.frauds - a.frauds);
  if (defrauded.length === 0) return '';
  const rows = defrauded
    .slice(0, COUNTRIES)
    .map(({ country, frauds, found }) => [
      countryName(country),
      ...[count(frauds), count(found), ratio(found / frauds)],
    ]);
  return section(
    'Frauds on the map',
    worldMap(defrauded, map),
    table(['Country of the merchant', 'frauds', 'found', 'recall'], rows),
  );
}

export function suspectSection({ suspects = [] }: ReportDocument): string {
  const rows = suspects.map(({ transaction_id: id, score, is_fraud: isFraud, reasons }) => [
    id,
    score.toFixed(4),
    isFraud === undefined ? '–' : isFraud ? 'fraud' : 'genuine',
    reasons.map(({ feature, value }) => `${feature} ${short(value)}`).join(', '),
  ]);
  if (rows.length === 0) return '';
  return section('Most suspicious', table(['Transaction', 'score', 'truth', 'why'], rows, [2, 3]));
}

function short(value: number | string): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}

/** Parity with the offline model. */
export function paritySection({ parity }: ReportDocument): string {
  const parts = [
    ['by the verdict’s own features', parity?.model],
    ['by features computed here', parity?.features],
  ] as const;
  const known = parts.flatMap(([name, one]) => (one ? [{ name, one }] : []));
  if (known.length === 0) return '';
  const rows = known.map(({ name, one }) => [
    name,
    ...[count(one.compared), count(one.skewed), ratio(one.skewed_share), count(one.flipped)],
    one.max_difference.toPrecision(3),
  ]);
  const worst = known.flatMap(({ one }) =>
    one.worst.map(({ transaction_id: id, score, expected, difference }) => [
      id,
      ...[score, expected, difference].map(fraction),
    ]),
  );
  return section(
    'Parity with the offline model',
    table(['Scores', 'compared', 'skewed', 'share', 'flipped', 'largest difference'], rows),
    worst.length > 0 ? table(['Worst', 'score', 'expected', 'difference'], worst) : '',
  );
}

/** Environment and configuration of the run. */
export function originSection(document: ReportDocument): string {
  const { environment, configuration = [], source, seed, merged } = document;
  const facts = Object.entries({ ...environment, ...source, ...(seed !== undefined && { seed }) });
  const shown = facts.map(([name, value]) => factOf(name, value));
  const left = merged?.left_out.length
    ? `<p class="soft">The merged reports differ in ${escaped(merged.left_out.join(', '))}.</p>`
    : '';
  const rows = configuration.map(({ name, value, source: by }) => [name, value, by]);
  const given = rows.filter(([, , by]) => by !== 'default');
  const defaults = rows.filter(([, , by]) => by === 'default');
  return section(
    'Environment and configuration',
    shown.length > 0 ? table(['Environment', 'value'], shown, [1]) : '',
    left,
    given.length > 0
      ? `<h3>Settings that differ from the defaults</h3>${table(['Setting', 'value', 'set by'], given, [1, 2])}`
      : '',
    defaults.length > 0
      ? details(
          `${defaults.length} defaults`,
          table(['Setting', 'value', 'set by'], defaults, [1, 2]),
        )
      : '',
  );
}

/** A fact in the unit that a person uses: `memory_bytes` is memory, 25.3 GB. */
function factOf(name: string, value: unknown): readonly string[] {
  const words = name.replaceAll('_', ' ');
  if (typeof value !== 'number') return [words, textOf(value)];
  const [, amount = words, unit] = /^(.*) (bytes|ms|seconds)$/.exec(words) ?? [];
  if (unit === 'bytes') return [amount, bytes(value)];
  if (unit !== undefined) return [amount, span(unit === 'ms' ? value : value * 1000)];
  // A seed is a name; everything else is counted.
  return [words, name === 'seed' || !Number.isInteger(value) ? String(value) : count(value)];
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Rate and latency: over time, by percentile, and as figures. */
export function paceSection(
  document: ReportDocument,
  time: TimeCharts | undefined,
  percentiles: Chart,
): string {
  const rows = latencyRows(document);
  const curve =
    rows.length > 0
      ? figure(percentiles, 'Latency by percentile', 'The table has the same figures.')
      : '';
  return section(
    'Rate and latency',
    time ? figure(time.rate, 'Rate over time', 'Transactions a second.') : '',
    pair(
      time && document.series
        ? figure(
            time.latency,
            `Latency over time, ${latencyOf(document.series)}`,
            'Second by second.',
          )
        : '',
      curve,
    ),
    rows.length > 0 ? table(latencyHeadings, rows) : '',
    document.arrival
      ? `<p class="soft">Arrival of verdicts: ${arrivalOf(document.arrival)}.</p>`
      : '',
    document.pauses
      ? `<p class="soft">Pauses of this process, which latencies include: ${pausesSentence(document.pauses)}.</p>`
      : '',
  );
}

/** Rates that a search tried. */
export function searchSection(
  { search }: ReportDocument,
  charts: SearchCharts | undefined,
): string {
  const rows = (search?.trials ?? []).map(trialCells);
  const headings = ['Rate', ...trialHeadings.slice(1, -1), 'result'];
  if (rows.length === 0) return '';
  const drawings = charts
    ? pair(
        figure(charts.throughput, 'Throughput by rate', 'The table has the same figures.'),
        figure(charts.latencies, 'Latency from due by rate', 'The table has the same figures.'),
      )
    : '';
  return section('Rates that were tried', drawings, table(headings, rows, [7]));
}

/** Correlation counts by id; counts of 0 are left out. */
export function matchingSection({ correlation, reconciliation }: ReportDocument): string {
  const counts = correlation ?? reconciliation;
  if (!counts) return '';
  const examples: Readonly<Record<string, readonly string[]>> = correlation
    ? { ...correlation.examples, identical: correlation.examples.duplicate }
    : { missing: reconciliation?.missing_ids ?? [] };
  const rows = Object.entries(counts).flatMap(([name, value]) =>
    typeof value === 'number' && (value > 0 || name === 'matched')
      ? [[name.replaceAll('_', ' '), count(value), (examples[name] ?? []).slice(0, 3).join(', ')]]
      : value === null
        ? [[name.replaceAll('_', ' '), 'not judged', 'the pipeline sends alerts only']]
        : [],
  );
  return section('Matching', table(['Transactions', 'count', 'for example'], rows, [2]));
}

export function errorSection(document: ReportDocument, time: TimeCharts | undefined): string {
  // A search counts its errors rate by rate, and those of a validation stand among its findings.
  if (document.search || isValidation(document)) return '';
  const found = errorCounts(document);
  const hasSome = time?.errors.lines.some(({ values }) => values.some((value) => value !== 0));
  const rows = found.map(({ of, code, count: times }) => [code, of, count(times)]);
  return section(
    'Errors',
    time && hasSome ? figure(time.errors, 'Errors over time', 'Second by second.') : '',
    rows.length > 0 ? table(['Kind', 'of', 'count'], rows, [1]) : '<p class="soft">None.</p>',
  );
}

/** What a validation found: every kind of error, and the findings line by line. */
export function findingSection(document: ReportDocument): string {
  if (!isValidation(document)) return '';
  const { rows, rest } = findingRows(document);
  const kinds = kindRows(document);
  return section(
    'Findings',
    kinds.length > 0 ? table(kindHeadings, kinds, [2]) : '',
    rows.length > 0 ? table(findingHeadings, rows, [1, 2, 3]) : '',
    rest > 0 ? `<p class="soft">${restText(rest)}</p>` : '',
    kinds.length + rows.length + rest === 0 ? '<p class="soft">None.</p>' : '',
  );
}

export function shardSection({ delivery }: ReportDocument): string {
  if (!delivery || delivery.shards.length === 0) return '';
  const rows = delivery.shards.map((shard) => [
    shard.shard_id,
    count(shard.user_records),
    count(shard.kinesis_records),
    perSecond(shard.user_records_per_second),
    bytesPerSecond(shard.bytes_per_second),
  ]);
  const headings = ['Shard', 'user records', 'Kinesis records', 'rate', 'payload'];
  return section('Shards', table(headings, rows));
}

export function stageSection({ stages = [] }: ReportDocument): string {
  if (stages.length === 0) return '';
  const rows = stages.map((stage) => [
    stage.stage,
    span(stage.duration_seconds * 1000),
    stage.target_per_second === null ? '–' : perSecond(stage.target_per_second),
    perSecond(stage.achieved_per_second),
    count(stage.sent),
    ...(stage.response.count > 0
      ? [span(stage.response.p50_ms), span(stage.response.p99_ms)]
      : ['–', '–']),
  ]);
  return section(
    'Stages',
    table(['Stage', 'for', 'target', 'achieved', 'sent', 'p50', 'p99'], rows),
  );
}
