import type { Candidate } from '../../records/candidate.ts';
import type { Outcome } from '../../records/outcome.ts';
import type { Reading } from '../request/answer.ts';
import { badResponse, type Trouble } from '../trouble.ts';

type Scores = Extract<Reading, { readonly scores: readonly number[] }>;

/**
 * A transaction in the scoring. Instants are epoch milliseconds; `sentAt` is the first attempt.
 *
 * `dueAt` is NaN until then for one that is due as soon as it can be sent.
 */
export interface Pending {
  readonly candidate: Candidate;
  readonly ordinal: number;
  dueAt: number;
  readonly admittedAt: number;
  /** The end of its timeout. */
  readonly deadlineAt: number;
  attempts: number;
  sentAt: number;
}

/** Transactions that share a request, and share it again when it is repeated. */
export interface Batch {
  readonly rows: readonly Pending[];
  /** After this instant none of them is sent any more. */
  readonly deadlineAt: number;
  /** A part of a batch that was refused as a whole. */
  readonly isSplit: boolean;
  body: Uint8Array | undefined;
  attempts: number;
  notBefore: number;
  trouble: Trouble | undefined;
}

export function batchOf(rows: readonly Pending[], deadlineAt: number, isSplit: boolean): Batch {
  const fresh = { body: undefined, attempts: 0, notBefore: 0, trouble: undefined };
  return { rows, deadlineAt, isSplit, ...fresh };
}

/** The outcomes of rows that were answered: scored, but for those whose scores are none. */
export function outcomesOf(
  rows: readonly Pending[],
  { scores, problems }: Scores,
  modelVersion: string | undefined,
  settledAt: number,
): readonly Outcome[] {
  return rows.map((row, place) => {
    const problem = problems?.get(place);
    return problem === undefined
      ? scored(row, scores[place] ?? Number.NaN, modelVersion, settledAt)
      : unscored(row, badResponse(problem), settledAt);
  });
}

function scored(
  { candidate, ordinal, dueAt, attempts, sentAt }: Pending,
  score: number,
  modelVersion: string | undefined,
  settledAt: number,
): Outcome {
  return {
    candidate,
    ordinal,
    score,
    modelVersion,
    error: undefined,
    reason: undefined,
    attempts,
    dueAt,
    sentAt,
    settledAt,
  };
}

/** The outcome of one that got no score; what was never sent says so by its attempts. */
export function unscored(
  { candidate, ordinal, dueAt, attempts, sentAt }: Pending,
  { kind, reason }: Pick<Trouble, 'kind' | 'reason'>,
  settledAt: number,
): Outcome {
  return {
    candidate,
    ordinal,
    score: Number.NaN,
    modelVersion: undefined,
    error: kind,
    reason,
    attempts,
    dueAt,
    sentAt,
    settledAt,
  };
}
