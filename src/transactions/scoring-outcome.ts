/**
 * Why a transaction has no score: one word each, the same for every transport and endpoint.
 *
 * `throttled` the endpoint was over its limit · `timeout` no answer in time · `connect` no connection, or it
 * broke · `tls` · `auth` refused credentials · `http4xx` a refused request · `http5xx` a failing
 * service · `model_error` the container behind the endpoint failed or refused the row ·
 * `bad_response` an answer that is none · `aborted` the run was stopped · `dropped` never sent.
 */
export const errorKinds = [
  'throttled',
  'timeout',
  'connect',
  'tls',
  'auth',
  'http4xx',
  'http5xx',
  'model_error',
  'bad_response',
  'aborted',
  'dropped',
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/**
 * One request to the scoring endpoint as the report sees it.
 *
 * `attempt` counts from 1; `isSplit` marks a part of a batch that was refused as a whole.
 * `inFlight` and `limit` are requests under way and allowed at the moment of sending.
 */
export interface ScoreTrace {
  readonly sentAt: number;
  readonly durationMs: number;
  readonly rows: number;
  readonly attempt: number;
  readonly isSplit: boolean;
  readonly error: ErrorKind | undefined;
  readonly inFlight: number;
  readonly limit: number;
}

/**
 * A transaction on its way to be scored.
 *
 * `data` are its bytes as they came, one JSON object. `features` stand in the order of the model,
 * NaN where missing; absent where the endpoint computes them itself. `isFraud` is the truth where the
 * record brought it along: for the report, never for the endpoint.
 */
export interface Candidate {
  readonly id: string;
  readonly cardId: string;
  readonly eventTime: string;
  readonly data: Uint8Array;
  readonly features: Float32Array | undefined;
  readonly isFraud?: boolean | undefined;
}

/**
 * Outcome of one transaction: scored, failed (it was sent), or unscored (it was not).
 *
 * Every transaction that enters the scoring leaves as exactly one outcome; `ordinal` counts them
 * from 0 as they entered. Without `error` there is a `score`. `reason` is for people.
 * Units: instants are epoch milliseconds UTC with fractions; `sentAt` is the first attempt, NaN
 * where there was none; `dueAt` is NaN for one that was due when sent, and never was.
 */
export interface ScoringOutcome {
  readonly candidate: Candidate;
  readonly ordinal: number;
  readonly score: number;
  readonly modelVersion: string | undefined;
  readonly error: ErrorKind | undefined;
  readonly reason: string | undefined;
  readonly attempts: number;
  readonly dueAt: number;
  readonly sentAt: number;
  readonly settledAt: number;
}

/** Returns in which of the three ways a transaction ended. */
export function endOf({ error, attempts }: ScoringOutcome): 'scored' | 'failed' | 'unscored' {
  if (error === undefined) return 'scored';
  return attempts > 0 ? 'failed' : 'unscored';
}
