import type { Runtime } from '../../cli/runtime.ts';
import type { Session } from '../../pipeline-test/session.ts';
import type { ProgressMoment } from '../../report/progress.ts';
import { count, perSecond, span } from '../../text/format.ts';

/** The rate of this moment, what is in flight, the latency so far, and what went wrong. */
export function momentOf(
  session: Pick<Session, 'progress'>,
  clock: Runtime['clock'],
): ProgressMoment {
  let before = { at: clock.now(), accepted: 0 };
  return () => {
    const { accepted, failed, correlation: counts, endToEnd } = session.progress();
    const at = clock.now();
    const rate = perSecond((1000 * (accepted - before.accepted)) / (at - before.at));
    before = { at, accepted };
    const errors = counts.unscored + counts.rejected + failed;
    const parts = [
      rate,
      `${count(counts.outstanding)} in flight`,
      ...(endToEnd.count > 0 ? [`p99 ${span(endToEnd.p99Ms)}`] : []),
      ...(counts.overdue > 0 ? [`${count(counts.overdue)} overdue`] : []),
      ...(counts.late > 0 ? [`${count(counts.late)} late`] : []),
      `${count(errors)} errors`,
    ];
    return { done: counts.matched + counts.late + errors, text: parts.join(', ') };
  };
}
