/**
 * Why a transaction has no score: one word each, the same for every transport and endpoint.
 *
 * `throttled` the endpoint had no room · `timeout` no answer in time · `connect` no connection, or it
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
