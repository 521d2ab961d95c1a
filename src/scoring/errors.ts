import type { ErrorCode } from '../errors.ts';
import { parseJson } from '../text/parse-json.ts';
import type { ErrorKind } from '../transactions/scoring-outcome.ts';
import type { Reply } from './score-client.ts';

/**
 * Why a request brought no scores.
 *
 * `isRowFault`: the endpoint refused what a row says, so a batch is worth taking apart. `endsRun`
 * names the error that no repetition and no other row can cure. `waitMs` is asked for by the endpoint.
 */
export interface ScoringError {
  readonly kind: ErrorKind;
  readonly reason: string;
  readonly isRowFault: boolean;
  readonly endsRun: ErrorCode | undefined;
  readonly waitMs: number;
}

type Answer = Extract<Reply, { readonly status: number }>;

/** Source: error codes of API Gateway and of AWS services, "Common Errors". */
const AUTH =
  /^(AccessDenied|UnrecognizedClient|InvalidSignature|IncompleteSignature|MissingAuthenticationToken|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|Forbidden|NotAuthorized)/;
/** The endpoint has no capacity left; ModelNotReady is one that is still starting. */
const THROTTLED = /^(Throttl|TooManyRequests|LimitExceeded|ModelNotReady|RequestLimitExceeded)/;
/** Statuses by which a container refuses what a row says, not the request around it. */
const ROW_REFUSALS: ReadonlySet<number> = new Set([400, 406, 413, 415, 422]);
const REASON_LENGTH = 300;

/** The trouble of a reply; `undefined` for an answer that claims success. */
export function scoringErrorOf(reply: Reply): ScoringError | undefined {
  if ('failure' in reply) return noAnswer(reply.failure, reply.reason);
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const error = parseErrorBody(reply.body);
  const name = nameOf(reply, error);
  const message = reply.location === undefined ? error.message : redirect(reply.location);
  const reason = `HTTP ${reply.status} ${[name, message].filter(Boolean).join(': ')}`.trim();
  return { ...judged(reply.status, name, error), reason: shortened(reason), waitMs: waitOf(reply) };
}

/** The service's own name for the error of an answer; empty where it has none. */
export function errorNameOf(reply: Answer): string {
  return nameOf(reply, parseErrorBody(reply.body));
}

function redirect(location: string): string {
  return `redirect to ${location}, which is not followed; give that URL if it is the right one`;
}

/** An answer of success that is no sound list of scores. */
export function badResponse(reason: string): ScoringError {
  const short = shortened(reason);
  return { kind: 'bad_response', reason: short, isRowFault: false, endsRun: undefined, waitMs: 0 };
}

function noAnswer(kind: ErrorKind, reason: string): ScoringError {
  const endsRun = kind === 'auth' ? 'no-credentials' : kind === 'tls' ? 'unreachable' : undefined;
  return { kind, reason: shortened(reason), isRowFault: false, endsRun, waitMs: 0 };
}

type Judgement = Pick<ScoringError, 'kind' | 'isRowFault' | 'endsRun'>;

function judged(status: number, name: string, error: ErrorBody): Judgement {
  const nothing = { isRowFault: false, endsRun: undefined };
  // Throttling comes as 400 from SageMaker and as 429 from API Gateway.
  if (THROTTLED.test(name) || status === 429) return { kind: 'throttled', ...nothing };
  if (status === 401 || status === 403 || AUTH.test(name)) {
    return { kind: 'auth', isRowFault: false, endsRun: 'no-permission' };
  }
  if (status === 424 || name === 'ModelError') {
    const { originalStatus: original } = error;
    return { kind: 'model_error', ...nothing, isRowFault: original >= 400 && original < 500 };
  }
  if (status >= 500) return { kind: 'http5xx', ...nothing };
  if (status < 400) return { kind: 'bad_response', ...nothing };
  const isMissing = /^Validation/.test(name) || status === 404 || status === 405;
  const endsRun = isMissing ? 'not-found' : undefined;
  return { kind: 'http4xx', isRowFault: !isMissing && ROW_REFUSALS.has(status), endsRun };
}

interface ErrorBody {
  readonly type: string;
  readonly message: string;
  readonly originalStatus: number;
}

/** What the body of an error says: SageMaker's JSON, API Gateway's, or plain text. */
function parseErrorBody(body: Uint8Array): ErrorBody {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8').trim();
  try {
    const said = Object(parseJson(text));
    const message = said.OriginalMessage ?? said.message ?? said.Message ?? '';
    return {
      type: String(said.__type ?? said.code ?? ''),
      message: String(message ?? ''),
      originalStatus: Number(said.OriginalStatusCode ?? 0),
    };
  } catch {
    // Not JSON: the text itself is the message.
    return { type: '', message: text, originalStatus: 0 };
  }
}

/** `ModelError` of `com.amazonaws.sagemaker#ModelError:http://...`. */
function nameOf({ errorType }: Answer, { type }: ErrorBody): string {
  return (errorType || type).slice(0, REASON_LENGTH).replace(/^.*#/, '').replace(/:.*$/, '');
}

function waitOf({ retryAfterMs }: Answer): number {
  return retryAfterMs ?? 0;
}

function shortened(text: string): string {
  return text.length > REASON_LENGTH ? `${text.slice(0, REASON_LENGTH)}...` : text;
}
