import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  type Check,
  checker,
  type Field,
  instant,
  oneOf,
  optional,
  type Problem,
  required,
  text,
  wholeNumber,
  yesOrNo,
} from './field-checks.ts';
import { type ErrorKind, endOf, errorKinds, type ScoringOutcome } from './scoring-outcome.ts';

/**
 * Dead letter: an input that got no score, with the reason and its text, so that it can be retried.
 *
 * `error` is the kind of a verdict, or `bad_data` for a line that is no transaction, whose other
 * fields are null. Units: `rejected_at` RFC 3339 UTC with milliseconds.
 */
export interface Rejection {
  readonly transaction_id: string | null;
  readonly card_id: string | null;
  readonly event_time: string | null;
  readonly rejected_at: string;
  /** `unwritten`: the Flink job has a verdict that its stream does not take. */
  readonly end: 'failed' | 'unscored' | 'unread' | 'unwritten';
  readonly error: string;
  readonly reason: string;
  readonly attempts: number;
  /** UTF-8 as text, other bytes in Base64 behind `base64:`. */
  readonly transaction: Uint8Array;
}

/** What a rejection carries of an input that does not fit; Base64 of it needs no padding. */
const HEAD_BYTES = 65_535;
const REASON_CHARACTERS = 2_000;

export function rejectionOf(outcome: ScoringOutcome): Rejection {
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
    transaction: candidate.data,
  };
}

/** Returns the rejection of a line or record that is no transaction. */
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
    transaction: bytes,
  };
}

/**
 * Returns the rejection as one line of JSON without its newline, of so many bytes at most.
 *
 * Of an input that does not fit it has the head, the length and the SHA-256. The same as the
 * Flink job writes: `fixtures/rejections`.
 */
export function rejectionLine(
  rejection: Rejection,
  limitBytes: number = Number.POSITIVE_INFINITY,
): string {
  const { transaction, reason } = rejection;
  const bytes = Buffer.from(transaction.buffer, transaction.byteOffset, transaction.length);
  const isText = isUtf8(bytes);
  const fields = { ...rejection, reason: shortenedReason(reason) };
  if (bytes.length <= limitBytes) {
    const whole = JSON.stringify({ ...fields, transaction: textOf(bytes, isText) });
    if (Buffer.byteLength(whole) <= limitBytes) return whole;
  }
  return JSON.stringify({
    ...fields,
    transaction: textOf(headOf(bytes, isText), isText),
    transaction_bytes: bytes.length,
    transaction_sha256: createHash('sha256').update(bytes).digest('hex'),
  });
}

function textOf(bytes: Buffer, isText: boolean): string {
  return isText ? bytes.toString('utf8') : `base64:${bytes.toString('base64')}`;
}

/** The first bytes; of text as many as are whole characters. */
function headOf(bytes: Buffer, isText: boolean): Buffer {
  let length = Math.min(HEAD_BYTES, bytes.length);
  while (isText && length < bytes.length && ((bytes[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  return bytes.subarray(0, length);
}

/** The record of a rejection as text: whole, or no more than its first 65,535 bytes. */
export function rejectedText(record: Uint8Array, isWhole: boolean): string {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.length);
  const isText = isUtf8(bytes);
  return textOf(isWhole ? bytes : headOf(bytes, isText), isText);
}

/** The reason as a rejection has it: 2,000 characters at most. */
export function shortenedReason(reason: string): string {
  if (reason.length <= REASON_CHARACTERS) return reason;
  const last = reason.charCodeAt(REASON_CHARACTERS - 1);
  const isPair = last >= 0xd800 && last <= 0xdbff;
  return reason.slice(0, isPair ? REASON_CHARACTERS - 1 : REASON_CHARACTERS);
}

/**
 * Verdict on one transaction: a score, or the reason why there is none.
 *
 * `score` is a probability, `is_fraud_predicted` whether it reaches the threshold; both are null
 * exactly when there is an `error`. `features` stand in the order of the model, null where missing.
 * `attempts` counts requests that carried the transaction; 0 for one that was never sent.
 * Units: `scored_at`, when the answer came or was given up, RFC 3339 UTC with milliseconds.
 */
export interface Verdict {
  readonly transaction_id: string;
  readonly card_id: string;
  readonly event_time: string;
  readonly scored_at: string;
  readonly score?: number | null;
  readonly is_fraud_predicted?: boolean | null;
  readonly threshold: number;
  readonly model_version?: string | null;
  readonly features?: readonly (number | null)[] | null;
  readonly error?: ErrorKind | null;
  readonly attempts: number;
}

const probability: Check = (value) =>
  typeof value === 'number' && value >= 0 && value <= 1
    ? undefined
    : 'must be a number from 0 to 1';

const numbersOrNulls: Check = (value) =>
  Array.isArray(value) && value.every((item) => item === null || Number.isFinite(item))
    ? undefined
    : 'must be an array of numbers and nulls';

/** The fields in the order of the wire, each with its check. */
const fields: Readonly<Record<keyof Verdict, Field>> = {
  transaction_id: required(text(64)),
  card_id: required(text(256)),
  event_time: required(instant),
  scored_at: required(instant),
  score: optional(probability),
  is_fraud_predicted: optional(yesOrNo),
  threshold: required(probability),
  model_version: optional(text(128)),
  features: optional(numbersOrNulls),
  error: optional(oneOf(errorKinds)),
  attempts: required(wholeNumber),
};

const checked = checker(fields);

/** The names of the fields, in the order of the wire. */
export const verdictFields: readonly (keyof Verdict)[] = Object.keys(fields) as (keyof Verdict)[];

/** Returns the verdict as one line of JSON without its newline. */
export function verdictLine(verdict: Verdict): string {
  return JSON.stringify(verdict, verdictFields as string[]);
}

/** Returns the verdict in a parsed JSON value, or the first reason why it is none. */
export function parseVerdict(
  value: unknown,
): { readonly verdict: Verdict } | { readonly problem: Problem } {
  const result = checked(value);
  if ('problem' in result) return result;
  // Every field of the record has passed its check.
  const verdict = result.record as unknown as Verdict;
  const problem = contradiction(verdict);
  return problem ? { problem } : { verdict };
}

/** A verdict has a score and its class, or an error, and never both. */
function contradiction({ score, is_fraud_predicted, error }: Verdict): Problem | undefined {
  const hasError = error !== undefined && error !== null;
  for (const [field, value] of Object.entries({ score, is_fraud_predicted })) {
    const hasValue = value !== undefined && value !== null;
    if (hasValue && hasError) return { field, value, reason: 'must be null beside an error' };
    if (!hasValue && !hasError) return { field, value, reason: 'is required without an error' };
  }
  return undefined;
}
