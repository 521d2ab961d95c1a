import { count, decimal, percent, perSecond, span } from './format.ts';
import { warmUpText } from './generator-text.ts';
import type { LatencySummary } from './latency.ts';
import type { ScoringSummary } from './scoring.ts';
import { type Column, table } from './table.ts';
import type { CodeCount } from './tally.ts';

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
function ownBounds({ heldBack, durationSeconds }: ScoringSummary): readonly string[] {
  const [limit = 0, capacity = 0] = [heldBack.limitMs, heldBack.capacityMs].map(
    (ms) => ms / (1000 * durationSeconds),
  );
  const told = [
    ...(limit >= TOLD_SHARE ? [`${percent(limit)} of the time for the adaptive limit`] : []),
    ...(capacity >= TOLD_SHARE ? [`${percent(capacity)} of the time for --capacity`] : []),
  ];
  if (told.length === 0) return [];
  return pairs([
    ['Held back', `what was due waited ${told.join(', ')}`],
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
