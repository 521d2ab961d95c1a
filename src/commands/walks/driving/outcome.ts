import { type ExitCode, exitCodes, strongest } from '../../../exit-codes.ts';
import { count } from '../../../reporting/format.ts';
import type { Limit } from '../../../reporting/limit.ts';
import { judged } from '../limits.ts';
import type { SessionSummary } from './session.ts';

/** The answer of a run: whether it held, what the process says to the shell, and why, in sentences. */
export interface RunOutcome {
  readonly held: boolean;
  readonly exitCode: ExitCode;
  readonly reasons: readonly string[];
}

/** Whether a drive held: nothing lost, no limit that holds, no bad line. */
export function outcomeOf(
  summary: SessionSummary,
  failIf: readonly Limit[],
  badLines: number,
  broken: { readonly by: unknown } | undefined,
): RunOutcome {
  const { missing, undelivered, unscored, rejected } = summary.correlation;
  const crossed = judged(failIf, summary).filter(({ holds }) => holds);
  const lost = [
    [missing, 'were acknowledged and never heard of again'],
    [undelivered, 'never reached the stream'],
    [unscored, 'got a verdict with an error'],
    [rejected, 'became dead letters'],
  ] as const;
  const reasons = [
    ...(broken ? [broken.by instanceof Error ? broken.by.message : String(broken.by)] : []),
    ...lost.flatMap(([times, what]) =>
      times > 0 ? [`${count(times)} transactions ${what}.`] : [],
    ),
    ...crossed.map(({ expression, told }) => `${expression} holds: ${told}.`),
    ...(badLines > 0 ? [`${count(badLines)} bad lines of the input were not sent.`] : []),
  ];
  const isLost = lost.some(([times]) => times > 0);
  const exitCode = strongest(
    isLost ? exitCodes.undelivered : exitCodes.held,
    crossed.length > 0 ? exitCodes.thresholdCrossed : exitCodes.held,
    badLines > 0 ? exitCodes.badData : exitCodes.held,
  );
  return { held: reasons.length === 0, exitCode, reasons };
}
