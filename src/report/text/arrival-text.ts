import type { ArrivalTime } from '../../metrics/session-summary.ts';
import { span } from '../../text/format.ts';

const sentences: Readonly<Record<ArrivalTime['of'], string>> = {
  service: 'the time at which the service took the verdict',
  field: 'a field of the verdict',
  read: 'the time of reading: what reading took is in each latency',
};

/** Returns where the arrival of verdicts, with which latencies end, is taken from. */
export function arrivalText({ of, resolutionMs }: ArrivalTime): string {
  if (resolutionMs <= 1) return sentences[of];
  return `${sentences[of]}, to ${span(resolutionMs)}: the latest possible instant counts, at most that of reading`;
}
