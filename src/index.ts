/** The library: the rooms that other programs use, under the names the command line uses. */
export { type ExitCode, exitCodes } from './exit-codes.ts';
export { type ErrorCode, FraudstreamError } from './fraudstream-error.ts';
export { systemClock } from './outside.ts';
export type { Attempt, Receipt } from './records/receipt.ts';
export type { UserRecord } from './records/user-record.ts';
export type { Clock } from './stream/clock.ts';
