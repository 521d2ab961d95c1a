import type { PausesSummary } from '../../metrics/pauses.ts';
import type { Snaked } from '../../metrics/snake-case.ts';
import { count, span } from '../../text/format.ts';
import { pairs } from './layout.ts';

/** Returns the pauses as a sentence. */
export function pausesSentence(pauses: Snaked<PausesSummary>): string {
  const { gc_count: times, gc_ms: ms, gc_max_ms: most } = pauses;
  const garbage =
    times === 0
      ? 'no garbage collection'
      : `${count(times)} garbage collections, ${span(ms)} in all, ${span(most)} at most`;
  return `event loop ${span(pauses.loop_delay_p99_ms)} late in p99, ${span(pauses.loop_delay_max_ms)} at most; ${garbage}`;
}

/** Returns the pauses as lines of a report. */
export function pausesText(pauses: PausesSummary): readonly string[] {
  const sentence = pausesSentence({
    loop_delay_p99_ms: pauses.loopDelayP99Ms,
    loop_delay_max_ms: pauses.loopDelayMaxMs,
    gc_count: pauses.gcCount,
    gc_ms: pauses.gcMs,
    gc_max_ms: pauses.gcMaxMs,
  });
  return pairs([
    ['Own pauses', sentence],
    ['', 'of this process; latencies include them'],
  ]);
}
