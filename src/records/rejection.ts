import { endOf, type Outcome } from './outcome.ts';

/**
 * One input that got no score, with the reason and its own text, so that it can be tried again.
 *
 * `error` is the kind of a verdict, or `bad_data` for a line that is no transaction, whose other
 * fields are null. Units: `rejected_at` RFC 3339 UTC with milliseconds.
 */
export interface Rejection {
  readonly transaction_id: string | null;
  readonly card_id: string | null;
  readonly event_time: string | null;
  readonly rejected_at: string;
  readonly end: 'failed' | 'unscored' | 'unread';
  readonly error: string;
  readonly reason: string;
  readonly attempts: number;
  readonly transaction: string;
}

export function rejectionOf(outcome: Outcome): Rejection {
  const { candidate, error, reason, attempts, settledAt } = outcome;
  const end = endOf(outcome) === 'failed' ? 'failed' : 'unscored';
  return {
    transaction_id: candidate.id,
    card_id: candidate.cardId,
    event_time: candidate.eventTime,
    rejected_at: new Date(settledAt).toISOString(),
    end,
    error: error ?? 'bad_response',
    reason: reason ?? '',
    attempts,
    transaction: textOf(candidate.data),
  };
}

/** A line or a record that is no transaction at all. */
export function unreadable(bytes: Uint8Array, reason: string, at: number): Rejection {
  return {
    transaction_id: null,
    card_id: null,
    event_time: null,
    rejected_at: new Date(at).toISOString(),
    end: 'unread',
    error: 'bad_data',
    reason,
    attempts: 0,
    transaction: textOf(bytes),
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

/** The rejection as one line of JSON without its newline. */
export function rejectionLine(rejection: Rejection): string {
  return JSON.stringify(rejection);
}
