/**
 * Exit codes of the process.
 *
 * At the end of a run the strongest code wins: signal, then undelivered (75), then a failed
 * threshold (99), then 0. Source: sysexits.h for 65 to 78; 99 is the convention of k6.
 */
export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  badData: 65,
  noInput: 66,
  unreachable: 69,
  undelivered: 75,
  noPermission: 77,
  badConfig: 78,
  thresholdCrossed: 99,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The signals that stop a run, each with the code it ends with. A hang-up ends like SIGTERM. */
export const stopSignals: Readonly<Record<StopSignal, ExitCode>> = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.terminated,
};

/** Codes of a finished run, strongest first. */
const endings: readonly ExitCode[] = [
  exitCodes.interrupted,
  exitCodes.terminated,
  exitCodes.undelivered,
  exitCodes.thresholdCrossed,
  exitCodes.ok,
];

/** The code that wins at the end of a run; a code that stopped the run early always wins. */
export function strongest(...codes: readonly ExitCode[]): ExitCode {
  const early = codes.find((code) => !endings.includes(code));
  return early ?? endings.find((code) => codes.includes(code)) ?? exitCodes.ok;
}
