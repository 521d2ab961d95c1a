import { deliveryText } from '../../../reporting/delivery-text.ts';
import { count, span } from '../../../reporting/format.ts';
import { generatorText, WARM_UP_DID_NOT_FIT } from '../../../reporting/generator-text.ts';
import { OUT_OF_RANGE } from '../../../reporting/intake-text.ts';
import { correlationText, parityText } from '../../../reporting/journey-text.ts';
import { latencyText } from '../../../reporting/latency-text.ts';
import { codeLines, pairs } from '../../../reporting/pairs.ts';
import { qualityText } from '../../../reporting/quality-text.ts';
import type { SessionSummary } from './session.ts';

/** A drive through a pipeline in lines that a person reads. */
export function sessionText(summary: SessionSummary): readonly string[] {
  const { delivery, correlation, latency, quality, qualityOfScored } = summary;
  return [
    ...correlationText(correlation),
    ...codeLines('Unscored', 'transactions by', summary.unscoredByKind),
    ...codeLines('Rejected', 'dead letters:', summary.rejectsByReason),
    ...codeLines('Reading', 'reads of what comes out failed by', summary.readErrors),
    ...parityText(summary.parity),
    ...pairs([['Drain', drainText(summary)]]),
    ...doubts(summary),
    ...generatorText(summary.generator),
    '',
    ...latencyText([
      ['put to verdict', latency.endToEnd],
      ['due to verdict', latency.fromDue],
      ['verdict to us', latency.reading],
    ]),
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
      : 'check --verdict-stream, and that the pipeline runs';
  const skew = span(latency.clockSkewMs);
  const said: readonly (readonly [boolean, string, string])[] = [
    [isAllWarmUp, 'Warm-up', WARM_UP_DID_NOT_FIT],
    [isSilent, 'Silence', `no score came at all: ${cause}`],
    [
      latency.clockSkewMs > SKEW_MS,
      'Clocks',
      `verdicts seem to come ${skew} before they can: the clocks differ, latencies are off by so much`,
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
    [summary.unreadVerdicts, 'Unread', 'records of the verdict stream are no verdicts'],
    [summary.repeatedRejects, 'Repeated', 'more dead letters are about the same transactions'],
    [summary.foreignRejects, 'Foreign', 'dead letters are about nothing that was sent here'],
  ];
  return counts.flatMap(([times, name, text]) =>
    times > 0 ? [[name, `${count(times)} ${text}`] as const] : [],
  );
}

/** Kinesis tells arrivals in whole milliseconds. */
const SKEW_MS = 2;
