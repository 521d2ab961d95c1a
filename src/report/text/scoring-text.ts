import type { LatencySummary } from '../../metrics/latency.ts';
import type { QualityOfScored, QualitySummary } from '../../metrics/quality.ts';
import type { ScoringSummary } from '../../metrics/scoring.ts';
import type { CodeCount } from '../../metrics/tally.ts';
import { count, decimal, percent, perSecond, span } from '../../text/format.ts';
import { type Column, table } from './layout.ts';
import { warmUpText } from './pipeline-test-text.ts';

/** One suspicious transaction, its reasons in words of the features. */
export interface Suspect {
  readonly transactionId: string;
  readonly cardId: string;
  readonly score: number;
  /** Absent where the truth is not known. */
  readonly isFraud?: boolean | undefined;
  readonly reasons: readonly { readonly feature: string; readonly value: number | string }[];
}

/** The suspicious transactions, one a line, the truth behind those that are known. */
export function suspectsText(suspects: readonly Suspect[]): readonly string[] {
  if (suspects.length === 0) return [];
  const title = `  Most suspicious  score  truth    why`;
  return [title, ...suspects.map(line)];
}

function line({ transactionId, score, isFraud, reasons }: Suspect): string {
  const truth = isFraud === undefined ? '-' : isFraud ? 'fraud' : 'genuine';
  const why = reasons.map(({ feature, value }) => `${feature} ${short(value)}`).join(', ');
  return `  ${transactionId.slice(0, 15).padEnd(15)}  ${score.toFixed(3)}  ${truth.padEnd(7)}  ${why}`;
}

function short(value: number | string): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}

/** How good the scores are, in a few lines. */
export function qualityText(summary: QualitySummary, ofScored: QualityOfScored): readonly string[] {
  const { labelled, frauds, missedUnscored, unscoredGenuine, threshold } = summary;
  const unscored = missedUnscored + unscoredGenuine;
  const truth =
    unscored === 0
      ? 'labelled and scored'
      : `labelled; ${count(unscored)} got no score, the ${count(missedUnscored)} frauds of these count as missed`;
  return [
    ['Truth', `${count(frauds)} frauds among ${count(labelled)} ${truth}`],
    [
      'At threshold',
      `${figure(threshold)}: precision ${ratio(summary.precision)}, recall ${ratio(summary.recall)}, F1 ${figure(summary.f1)}, cost ${count(summary.cost)}`,
    ],
    [
      'Confusion',
      `${count(summary.truePositives)} caught, ${count(summary.falseNegatives)} missed, ${count(summary.falsePositives)} false alarms, ${count(summary.trueNegatives)} let through rightly`,
    ],
    [
      'Ranking',
      `average precision ${figure(summary.averagePrecision)}, ROC AUC ${figure(summary.rocAuc)}, recall at 1 % false positives ${ratio(summary.recallAt1)}`,
    ],
    ...(unscored === 0 ? [] : [['Of the scored', ofScoredText(ofScored)]]),
  ].map(([name = '', value]) => `  ${name.padEnd(16)} ${value}`);
}

/** What the scores alone are worth. */
function ofScoredText(scored: QualityOfScored): string {
  const { frauds, labelled, averagePrecision, rocAuc } = scored;
  return `${count(frauds)} frauds among ${count(labelled)}: precision ${ratio(scored.precision)}, recall ${ratio(scored.recall)}, F1 ${figure(scored.f1)}, average precision ${figure(averagePrecision)}, ROC AUC ${figure(rocAuc)}`;
}

function ratio(value: number): string {
  return Number.isNaN(value) ? '-' : percent(value);
}

function figure(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(4);
}

/** What became of a run's transactions, in lines that a person reads in ten seconds. */
export function scoringText(summary: ScoringSummary): readonly string[] {
  return [
    ...facts(summary),
    ...ownBounds(summary),
    ...troubles(summary),
    '',
    ...latencies(summary),
  ];
}

function facts(summary: ScoringSummary): readonly string[] {
  const { transactions, scored, failed, unscored, durationSeconds, limitLeast, limitMost } =
    summary;
  const warmUp = warmUpText(transactions, summary.warmUpTransactions, summary.warmUpSeconds);
  const limit = Number.isNaN(limitMost)
    ? 'no limit seen'
    : limitLeast === limitMost
      ? `limit ${limitMost}`
      : `limit between ${limitLeast} and ${limitMost}`;
  return pairs([
    [
      'Transactions',
      `${count(transactions)} = ${count(scored)} scored + ${count(failed)} failed + ${count(unscored)} unscored`,
    ],
    [
      'Throughput',
      `${perSecond(summary.transactionsPerSecond)} scored in ${span(durationSeconds * 1000)}`,
    ],
    [
      'Requests',
      `${count(summary.requests)}, ${decimal(summary.rowsPerRequest, 1)} rows in each, ${count(summary.retries)} retries${summary.splits > 0 ? `, ${count(summary.splits)} parts of refused batches` : ''}`,
    ],
    [
      'In flight',
      `${decimal(summary.inFlightMean, 1)} on average, ${count(summary.inFlightMost)} at most, ${limit}`,
    ],
    ['Schedule', `${count(summary.late)} sent late, ${count(summary.dropped)} dropped`],
    ...(warmUp === undefined ? [] : [['Warm-up', warmUp] as const]),
  ]);
}

/** From this share of the time on, a bound of ours shaped the figures. */
const TOLD_SHARE = 0.01;

/** Where what was due waited for us and not for the endpoint. */
function ownBounds({ admissionWait, durationSeconds }: ScoringSummary): readonly string[] {
  const [limit = 0, capacity = 0] = [admissionWait.limitMs, admissionWait.capacityMs].map(
    (ms) => ms / (1000 * durationSeconds),
  );
  const told = [
    ...(limit >= TOLD_SHARE ? [`${percent(limit)} of the time for the adaptive limit`] : []),
    ...(capacity >= TOLD_SHARE ? [`${percent(capacity)} of the time for --capacity`] : []),
  ];
  if (told.length === 0) return [];
  return pairs([
    ['Admission wait', `due transactions waited ${told.join(', ')}`],
    ['', 'compare with --concurrency-limit fixed and a larger --capacity'],
  ]);
}

function troubles({
  requestErrors,
  failuresByKind,
  unscoredByKind,
  breaker,
  reasons,
}: ScoringSummary): readonly string[] {
  const opened =
    breaker.opens > 0
      ? pairs([['Breaker', `opened ${count(breaker.opens)} times, ${span(breaker.openMs)} in all`]])
      : [];
  return [
    ...opened,
    ...codes('Refused', 'requests by', requestErrors),
    ...codes('Failed', 'transactions by', failuresByKind),
    ...codes('Unscored', 'transactions by', unscoredByKind),
    ...codes('Why', 'times', reasons),
  ];
}

function codes(title: string, what: string, counts: readonly CodeCount[]): readonly string[] {
  return pairs(
    counts.map(({ code, count: times }, place) => [
      place === 0 ? title : '',
      `${count(times)} ${what} ${code}`,
    ]),
  );
}

function pairs(rows: readonly (readonly [string, string])[]): readonly string[] {
  return rows.map(([name, value]) => `  ${name.padEnd(16)} ${value}`);
}

const columns: readonly Column[] = [
  { heading: 'Latency' },
  ...['mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'].map((heading) => ({
    heading,
    isNumber: true,
  })),
];

function latencies({ service, response, slip }: ScoringSummary): readonly string[] {
  const rows = [row('due to score', response), row('request', service), row('due to sent', slip)];
  return table(columns, rows).map((line) => `  ${line}`);
}

function row(name: string, latency: LatencySummary): readonly string[] {
  if (latency.count === 0) return [name, ...columns.slice(1).map(() => '-')];
  const { meanMs, p50Ms, p90Ms, p95Ms, p99Ms, p999Ms, maxMs } = latency;
  return [name, ...[meanMs, p50Ms, p90Ms, p95Ms, p99Ms, p999Ms, maxMs].map(span)];
}
