import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { count } from '../../text/format.ts';
import type { ReportDocument, RunOutcome } from './report-document.ts';

/** One reason to fail, and its exit code. */
interface Reason {
  readonly code: ExitCode;
  readonly text: string;
}

/** Returns the outcome that follows from a report's figures, thresholds and comparison. */
export function outcomeOf(document: ReportDocument): RunOutcome {
  const reasons = [
    ...misfits(document),
    ...ended(document),
    ...unfound(document),
    ...crossed(document),
    ...lost(document),
    ...badLines(document),
  ];
  return {
    passed: reasons.length === 0,
    exit_code: strongest(exitCodes.ok, ...reasons.map(({ code }) => code)),
    reasons: reasons.map(({ text }) => text),
  };
}

/** Merged parts that are not one whole load. */
function misfits({ merged }: ReportDocument): readonly Reason[] {
  return (merged?.misfits ?? []).map((text) => ({ code: exitCodes.badData, text }));
}

function ended({ ended_by: by }: ReportDocument): readonly Reason[] {
  return by ? [{ code: by.exit_code as ExitCode, text: by.reason }] : [];
}

function unfound({ search, ended_by: endedBy }: ReportDocument): readonly Reason[] {
  if (!search || endedBy) return [];
  const { capacity_per_second: capacity, end_reason: reason } = search;
  const none = capacity === undefined ? 'the lowest rate failed too' : undefined;
  const text = reason ?? none;
  return text === undefined ? [] : [{ code: exitCodes.thresholdCrossed, text }];
}

function crossed({ thresholds = [], comparison }: ReportDocument): readonly Reason[] {
  const regressions = (comparison?.rows ?? []).flatMap(({ reason }) => reason ?? []);
  const texts = thresholds
    .filter(({ passed }) => passed === false)
    .map(({ condition, actual_text: actual }) => `${condition}: it is ${actual}`);
  return [...texts, ...regressions].map((text) => ({ code: exitCodes.thresholdCrossed, text }));
}

function lost(document: ReportDocument): readonly Reason[] {
  const { delivery, correlation, reconciliation, scoring, undelivered_verdicts } = document;
  const undelivered = correlation?.undelivered ?? 0;
  const failed = delivery?.failed ?? 0;
  const counts: readonly (readonly [number | undefined, string, CodeCounts?])[] = [
    // The undelivered transactions of a run are its failed records, and those without any receipt.
    [failed > undelivered ? failed : 0, 'records were not delivered', delivery?.failures_by_code],
    [undelivered, 'transactions were not delivered to the stream', delivery?.failures_by_code],
    [correlation?.missing, 'transactions have neither a verdict nor a dead letter'],
    [correlation?.unscored, 'verdicts have an error instead of a score', document.unscored_by_kind],
    [correlation?.rejected, 'transactions came back as dead letters', document.rejects_by_reason],
    [reconciliation?.missing, 'transactions got no verdict'],
    [reconciliation?.unknown, 'verdicts match no transaction that was sent'],
    [undelivered_verdicts, 'verdicts were not delivered'],
    [scoring?.failed, 'transactions could not be scored', scoring?.failures_by_kind],
    [scoring?.unscored, 'transactions were not scored in time', scoring?.unscored_by_kind],
  ];
  return counts
    .filter(([times = 0]) => times > 0)
    .map(([times = 0, what, codes]) => ({
      code: exitCodes.undelivered,
      text: `${count(times)} ${what}${causes(codes)}`,
    }));
}

type CodeCounts = readonly { readonly code: string; readonly count: number }[] | undefined;

/** Causes that are named in a reason; the report has all of them. */
const MOST_CAUSES = 3;

function causes(codes: CodeCounts = []): string {
  const most = [...codes].sort((a, b) => b.count - a.count);
  const named = most
    .slice(0, MOST_CAUSES)
    .map(({ code, count: times }) => `${code} ${count(times)}`);
  const more = most.length > MOST_CAUSES ? ', and others' : '';
  return named.length === 0 ? '' : ` (${named.join(', ')}${more})`;
}

function badLines({ source, invalid = 0 }: ReportDocument): readonly Reason[] {
  const lines = Number(source?.rejected_lines ?? 0);
  const unread = Number(source?.unread_records ?? 0);
  const texts = [
    ...(unread > 0 ? [`${count(unread)} records of the stream are not transactions`] : []),
    ...(lines > 0 ? [`${count(lines)} lines of the input are not transactions`] : []),
    ...(invalid > 0 ? [`${count(invalid)} records are invalid`] : []),
  ];
  return texts.map((text) => ({ code: exitCodes.badData, text }));
}
