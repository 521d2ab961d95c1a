import { type ExitCode, exitCodes } from '../../../exit-codes.ts';
import { FraudstreamError } from '../../../fraudstream-error.ts';

/** What ended a run before its end, as its report says it. */
export interface RunEnd {
  readonly exitCode: ExitCode;
  readonly reason: string;
}

/** The end of a run that could not go on. */
export function brokenBy(error: unknown): RunEnd {
  const exitCode = error instanceof FraudstreamError ? error.exitCode : exitCodes.bug;
  return { exitCode, reason: error instanceof Error ? error.message : String(error) };
}

/** The end of a run that a signal stopped. */
export function stoppedBy(exitCode: ExitCode | undefined): RunEnd | undefined {
  if (exitCode === undefined) return undefined;
  const signal = exitCode === exitCodes.interrupted ? 'Ctrl-C (SIGINT)' : 'SIGTERM';
  return { exitCode, reason: `stopped by ${signal}` };
}
