import type { EndToEndParity, ParitySummary } from '../../metrics/end-to-end.ts';
import { hasPaused, type LoadGeneratorSummary } from '../../metrics/load-generator-health.ts';
import type { CorrelationCounts, CorrelationTrouble } from '../../metrics/match.ts';
import type { SessionSummary } from '../../metrics/session-summary.ts';
import { bytes, count, decimal, percent, span } from '../../text/format.ts';
import { arrivalText } from './arrival-text.ts';
import { deliveryText, OUT_OF_RANGE } from './delivery-text.ts';
import { latencyText } from './latency-text.ts';
import { codeLines, pairs } from './layout.ts';
import { advice, WARM_UP_DID_NOT_FIT } from './load-generator-text.ts';
import { pausesText } from './pauses-text.ts';
import { qualityText } from './scoring-text.ts';

/** Returns the health of the load generator as lines. */
export function loadGeneratorText(generator: LoadGeneratorSummary): readonly string[] {
  const { coresMean, busyShareMost, memoryMostBytes, loopDelayP99Ms, slip, late } = generator;
  const isMeasured = slip.count > 0;
  return pairs([
    [
      'Generator',
      isMeasured
        ? `${advice[generator.limitedBy]}${hasPaused(generator.limitedBy, slip.p99Ms) ? ', but for a pause' : ''}`
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

/** Returns the correlation counts as lines. */
export function correlationText(counts: CorrelationCounts): readonly string[] {
  const { acknowledged, matched, late, settled, identical, contradicting, oursTwice } = counts;
  const share = settled > 0 ? percent(matched / settled) : '-';
  const ours = oursTwice > 0 ? `, ${count(oursTwice)} of them of what we may have put twice` : '';
  return [
    ...pairs([
      [
        'Verdicts',
        `${count(matched)} of ${count(acknowledged)} acknowledged matched (${share}), ${count(late)} late, ${count(counts.unscored)} unscored`,
      ],
      ...silentRows(counts),
      [
        'Lost',
        `${Number.isNaN(counts.missing) ? 'missing not judged' : `${count(counts.missing)} missing`}, ${count(counts.rejected)} rejected, ${count(counts.undelivered)} never delivered${counts.outstanding > 0 ? `, ${count(counts.outstanding)} outstanding` : ''}`,
      ],
      [
        'Order',
        `${count(identical)} duplicates, ${count(contradicting)} contradicting${ours}, ${count(counts.outOfOrder)} out of order, ${count(counts.unknown)} unknown`,
      ],
    ]),
    ...examples(counts),
  ];
}

/** What a pipeline that sends alerts only says by sending none. */
function silentRows({ silent }: CorrelationCounts): readonly (readonly [string, string])[] {
  if (silent === undefined) return [];
  return [
    ['Alerts only', `${count(silent)} sent no alert and count as predicted genuine`],
    ['', 'missing: not judged, since a lost alert and no alert look the same'],
  ];
}

/** Returns for how many verdicts each condition of the contract held. */
function checksText(checks: SessionSummary['checks']): readonly string[] {
  if (!checks) return [];
  const { checked, examples, ...held } = checks;
  const rows = Object.entries(held).map(([name, passed]) => {
    const failed = examples[name] ?? [];
    const ids = failed.length === 0 ? '' : `, not ${failed.slice(0, EXAMPLES).join(', ')}`;
    return `${name} ${count(Number(passed))} of ${count(checked)}${ids}`;
  });
  return pairs(rows.map((row, index) => [index === 0 ? 'Checks' : '', row] as const));
}

const words: Readonly<Record<CorrelationTrouble, string>> = {
  missing: 'missing',
  undelivered: 'undelivered',
  late: 'late',
  unscored: 'unscored',
  rejected: 'rejected',
  duplicate: 'twice',
  contradicting: 'contradicting',
  out_of_order: 'out of order',
  unknown: 'unknown',
};

const EXAMPLES = 3;

function examples(counts: CorrelationCounts): readonly string[] {
  const rows = Object.entries(counts.examples).flatMap(([trouble, ids]) => {
    if (ids.length === 0) return [];
    const more = ids.length > EXAMPLES ? ', ...' : '';
    const word = words[trouble as CorrelationTrouble];
    return [['', `${word}: ${ids.slice(0, EXAMPLES).join(', ')}${more}`] as const];
  });
  return pairs(rows);
}

/** Returns the parity with the offline model, and the largest differences. */
export function parityText({ model, features }: EndToEndParity): readonly string[] {
  return [
    ...parityLines('Parity', 'the model on the features of the verdict', model),
    ...parityLines(model ? '' : 'Parity', 'the model of features computed here', features),
  ];
}

function parityLines(
  title: string,
  other: string,
  parity: ParitySummary | undefined,
): readonly string[] {
  if (!parity) return [];
  const { compared, skewed, flipped, maxDifference, worst } = parity;
  const far = skewed > 0 ? `, at most ${maxDifference.toPrecision(3)} apart` : '';
  const sides = flipped > 0 ? `, ${count(flipped)} on the other side of the threshold` : '';
  const examples = worst.slice(0, EXAMPLES);
  return pairs([
    [
      title,
      `${count(skewed)} of ${count(compared)} scores (${percent(skewed / compared)}) differ from ${other}${far}${sides}`,
    ],
    ...examples.map(
      ({ transactionId, score, expected }) =>
        [
          '',
          `${transactionId}: ${score.toPrecision(6)} instead of ${expected.toPrecision(6)}`,
        ] as const,
    ),
  ]);
}

/** Returns the figures of a pipeline test as lines. */
export function sessionText(summary: SessionSummary): readonly string[] {
  const { delivery, correlation, latency, quality, qualityOfScored } = summary;
  return [
    ...correlationText(correlation),
    ...checksText(summary.checks),
    ...codeLines('Unscored', 'transactions by', summary.unscoredByKind),
    ...codeLines('Rejected', 'dead letters:', summary.rejectsByReason),
    ...codeLines('Reading', 'reads of what comes out failed by', summary.readErrors),
    ...parityText(summary.parity),
    ...pairs([['Drain', drainText(summary)]]),
    ...pairs(
      (summary.unreadVerdictExamples ?? []).map(
        (text, index) => [index === 0 ? 'No verdicts' : '', text] as const,
      ),
    ),
    ...doubts(summary),
    ...loadGeneratorText(summary.generator),
    '',
    ...pairs([['Arrival', arrivalText(summary.arrival)]]),
    ...latencyText([
      ['put to verdict', latency.endToEnd],
      ['due to verdict', latency.fromDue],
      ['verdict to us', latency.reading],
    ]),
    ...pausesText(summary.pauses),
    ...(quality && qualityOfScored ? ['', ...qualityText(quality, qualityOfScored)] : []),
    '',
    ...deliveryText(delivery),
  ];
}

function drainText({ drainMs, correlation }: SessionSummary): string {
  const { matched, late, unscored } = correlation;
  if (Number.isNaN(drainMs)) {
    return matched + late + unscored > 0
      ? 'none: the run broke before its last put'
      : 'no verdict came';
  }
  return `the last verdict came ${span(drainMs)} after the last put`;
}

/** What should be known before the figures are believed. */
function doubts(summary: SessionSummary): readonly string[] {
  const { latency, correlation, readErrors, generator } = summary;
  const { matched, late } = correlation;
  const isSilent = correlation.acknowledged > 0 && matched + late === 0;
  const isAllWarmUp = correlation.sent > 0 && generator.slip.count === 0;
  const cause =
    readErrors.length > 0
      ? 'what the pipeline said could not always be read, see Reading'
      : 'check --verdict-stream or --verdicts-from, and that the pipeline runs';
  const skew = span(latency.clockSkewMs);
  const said: readonly (readonly [boolean, string, string])[] = [
    [isAllWarmUp, 'Warm-up', WARM_UP_DID_NOT_FIT],
    [isSilent, 'Silence', `nothing was scored: ${cause}`],
    [
      latency.clockSkewMs > SKEW_MS,
      'Clocks',
      `verdicts seem to come ${skew} before they can: the clocks differ, and latencies are wrong by that`,
    ],
  ];
  return pairs([
    ...said.flatMap(([is, name, text]) => (is ? [[name, text] as const] : [])),
    ...doubtfulRecords(summary),
  ]);
}

/** Records that were read and are not what they should be. */
function doubtfulRecords(summary: SessionSummary): readonly (readonly [string, string])[] {
  const counts: readonly (readonly [number, string, string])[] = [
    [summary.outOfRangeVerdicts, 'Out of range', `verdicts ${OUT_OF_RANGE}`],
    [summary.outOfRangeRejects, 'Out of range', `dead letters ${OUT_OF_RANGE}`],
    [summary.unreadVerdicts, 'Unread', 'records of the verdicts are none'],
    [
      summary.redeliveredRecords,
      'Redelivered',
      'messages were delivered again by the queue; they are not duplicates of the pipeline',
    ],
    [summary.backlogRecords, 'Backlog', 'messages were in the queue before the run'],
    [summary.repeatedRejects, 'Repeated', 'more dead letters are about the same transactions'],
    [summary.foreignRejects, 'Foreign', 'dead letters are about nothing that was sent here'],
  ];
  return counts.flatMap(([times, name, text]) =>
    times > 0 ? [[name, `${count(times)} ${text}`] as const] : [],
  );
}

/** Kinesis tells arrivals in whole milliseconds. */
const SKEW_MS = 2;
