import { asTheyCame, type Face, isServiceError } from './face.ts';

/** The container alone, as `docker run` would show it: its own statuses, nothing in front. */
export const containerFace: Face = {
  service: undefined,
  patienceMs: Number.POSITIVE_INFINITY,
  refuse: () => undefined,
  invocation: asTheyCame,
  answer(outcome) {
    if (isServiceError(outcome)) {
      const headers = ['Content-Type', 'text/html; charset=utf-8'];
      return { status: outcome.status, headers, body: outcome.message ?? outcome.type };
    }
    // Without an answer of the container a proxy in front of it would say 504.
    const status = outcome.status === 0 ? 504 : outcome.status;
    return { status, headers: ['Content-Type', outcome.type], body: outcome.body };
  },
};
