import { type ExitCode, exitCodes } from './exit-codes.ts';

/** The kinds of error that end a run. */
export type ErrorCode =
  | 'usage'
  | 'bad-data'
  | 'no-input'
  | 'unreachable'
  | 'not-found'
  | 'no-credentials'
  | 'no-permission'
  | 'bad-config'
  | 'record-too-large'
  | 'stopped'
  | 'internal';

const exitCodeOf: Readonly<Record<ErrorCode, ExitCode>> = {
  usage: exitCodes.usage,
  'bad-data': exitCodes.badData,
  'no-input': exitCodes.noInput,
  unreachable: exitCodes.unreachable,
  'not-found': exitCodes.unreachable,
  'no-credentials': exitCodes.noPermission,
  'no-permission': exitCodes.noPermission,
  'bad-config': exitCodes.badConfig,
  'record-too-large': exitCodes.badData,
  // The signal that stopped the run gives the exit code.
  stopped: exitCodes.ok,
  internal: exitCodes.bug,
};

/** Returns the message of a thrown value, which need not be an error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

const readFailures: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a folder of its path is a file',
  EISDIR: 'it is a directory',
  EACCES: 'permission is denied',
};

/** Why a file cannot be read, without the call of the system that failed. */
export function readFailureOf(thrown: unknown): string {
  const { code = '' } = thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : {};
  return readFailures[code] ?? messageOf(thrown);
}

/**
 * The one error class: this run cannot go on.
 *
 * A failed record is not an error but a value (see `Receipt`). The message says what was wrong,
 * the value seen, and what to do about it.
 */
export class FraudstreamError extends Error {
  override readonly name = 'FraudstreamError';
  readonly code: ErrorCode;

  /** The message line by line: a line feed within one of them comes from outside. */
  readonly lines: readonly string[];

  constructor(code: ErrorCode, message: string | readonly string[], options?: ErrorOptions) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'), options);
    this.code = code;
    this.lines = lines;
  }

  get exitCode(): ExitCode {
    return exitCodeOf[this.code];
  }
}
