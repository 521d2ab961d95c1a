import type { LatencySummary } from '../../metrics/latency.ts';
import type { QualityOfScored, QualitySummary } from '../../metrics/quality.ts';
import type { ScoringSummary } from '../../metrics/scoring.ts';
import { count, decimal, percent, perSecond, span } from '../../text/format.ts';
import type { Suspect } from '../document/report-document.ts';
import { fraction, ratio } from '../document/views.ts';
import { ARRIVAL_TO_READING } from './delivery-text.ts';
import { latencyText } from './latency-text.ts';
import { codeLines, pairs } from './layout.ts';
import { warmUpText } from './load-generator-text.ts';

/** Returns the most suspicious transactions, one a line, with their truth where known. */
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

/** Returns verdict quality as a few lines. */
export function qualityText(summary: QualitySummary, ofScored: QualityOfScored): readonly string[] {
  const { labelled, frauds, missedUnscored, unscoredGenuine, threshold } = summary;
  const { decidedAlone = { frauds: 0, genuine: 0 } } = summary;
  const unscored = missedUnscored + unscoredGenuine;
  const truth =
    unscored === 0
      ? 'labelled and scored'
      : `labelled; ${count(unscored)} got no score, the ${count(missedUnscored)} frauds of these count as missed`;
  return pairs([
    ['Truth', `${count(frauds)} frauds among ${count(labelled)} ${truth}`],
    [
      summary.judgedBy === 'decisions' ? 'By decision' : 'At threshold',
      `${summary.judgedBy === 'decisions' ? '' : `${fraction(threshold)}: `}precision ${ratio(summary.precision)}, recall ${ratio(summary.recall)}, F1 ${fraction(summary.f1)}, cost ${count(summary.cost)}`,
    ],
    [
      'Confusion',
      `${count(summary.truePositives)} caught, ${count(summary.falseNegatives)} missed, ${count(summary.falsePositives)} false alarms, ${count(summary.trueNegatives)} let through rightly`,
    ],
    [
      'Ranking',
      decidedAlone.frauds + decidedAlone.genuine > 0
        ? 'NOT MEASURED: ranking needs scores, and there are only decisions'
        : `average precision ${fraction(summary.averagePrecision)}, ROC AUC ${fraction(summary.rocAuc)}, recall at 1 % false positives ${ratio(summary.recallAt1)}`,
    ],
    ...(unscored === 0 ? [] : [['Of the scored', ofScoredText(ofScored)] as const]),
  ]);
}

/** Quality of scored transactions alone. */
function ofScoredText(scored: QualityOfScored): string {
  const { frauds, labelled, averagePrecision, rocAuc } = scored;
  return `${count(frauds)} frauds among ${count(labelled)}: precision ${ratio(scored.precision)}, recall ${ratio(scored.recall)}, F1 ${fraction(scored.f1)}, average precision ${fraction(averagePrecision)}, ROC AUC ${fraction(rocAuc)}`;
}

/** Returns the scoring of a run's transactions as lines. */
export function scoringText(summary: ScoringSummary, reading?: LatencySummary): readonly string[] {
  return [
    ...facts(summary),
    ...admissionWaitText(summary),
    ...troubles(summary),
    '',
    ...latencyText([
      ['due to score', summary.response],
      ['request', summary.service],
      ['due to sent', summary.slip],
      ...(reading ? [[ARRIVAL_TO_READING, reading] as const] : []),
    ]),
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

/** Shares of the time below this are not shown. */
const MIN_WAIT_SHARE = 0.01;

/** The time in which due transactions waited for a free slot, not for the endpoint. */
function admissionWaitText({ admissionWait, durationSeconds }: ScoringSummary): readonly string[] {
  const [limit = 0, capacity = 0] = [admissionWait.limitMs, admissionWait.capacityMs].map(
    (ms) => ms / (1000 * durationSeconds),
  );
  const causes = [
    ...(limit >= MIN_WAIT_SHARE ? [`${percent(limit)} of the time for the adaptive limit`] : []),
    ...(capacity >= MIN_WAIT_SHARE ? [`${percent(capacity)} of the time for --capacity`] : []),
  ];
  if (causes.length === 0) return [];
  return pairs([
    ['Admission wait', `due transactions waited ${causes.join(', ')}`],
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
    ...codeLines('Refused', 'requests by', requestErrors),
    ...codeLines('Failed', 'transactions by', failuresByKind),
    ...codeLines('Unscored', 'transactions by', unscoredByKind),
    ...codeLines('Why', 'times', reasons),
  ];
}
