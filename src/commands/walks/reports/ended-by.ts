import { type ExitCode, exitCodes, type StopSignal, stopSignals } from '../../../exit-codes.ts';
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
export function stoppedBy(signal: StopSignal | undefined): RunEnd | undefined {
  if (signal === undefined) return undefined;
  const name = signal === 'SIGINT' ? 'Ctrl-C (SIGINT)' : signal;
  return { exitCode: stopSignals[signal], reason: `stopped by ${name}` };
}
