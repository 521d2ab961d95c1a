import { FraudstreamError } from '../errors.ts';
import { orStopped } from '../stream/async-iterables.ts';
import type { Clock } from '../stream/clock.ts';
import { isSilent, isWrongAddress } from './client/service-error.ts';
import type { Shard } from './put-client.ts';

/** After so many failures in a row (more than a minute) the stream counts as unreachable. */
export const FAILURES_TO_GIVE_UP = 20;
const FIRST_PAUSE_MS = 200;
/** An address that has never answered anything, as one that drops packets, is given up after so long. */
const FIRST_ANSWER_MS = 30_000;
const LONGEST_PAUSE_MS = 5_000;

/** Returns the backoff after consecutive failures: `baseMs`, doubled by each, up to 5 s. */
export function pauseAfter(failures: number, baseMs: number = FIRST_PAUSE_MS): number {
  return Math.min(LONGEST_PAUSE_MS, baseMs * 2 ** failures);
}

/** How often a call is retried, and what ends it early. */
export interface RetryPolicy {
  readonly clock: Clock;
  readonly stop?: AbortSignal | undefined;
  readonly tries?: number;
  /** The first call to this address: where nothing listens, it is given up at once; where nothing answers, after 30 s. */
  readonly isFirstCall?: boolean;
}

/**
 * Returns the answer to a call, which is retried while it fails with `unreachable`.
 *
 * Errors: others than `unreachable`, at once; `unreachable` when failures last; `stopped`.
 */
export async function withRetries<T>(
  name: string,
  call: () => Promise<T>,
  policy: RetryPolicy,
): Promise<T> {
  const { clock, stop } = policy;
  const startedAt = clock.now();
  for (let tried = 1; ; tried += 1) {
    try {
      return await answerOf(name, call, stop);
    } catch (error) {
      if (!isPassing(error, policy)) throw error;
      const isLast = isLastTry(error, tried, clock.now() - startedAt, policy);
      if (isLast) throw lastError(error, name, tried);
      await clock.sleep(pauseAfter(tried - 1), stop);
    }
  }
}

/** True for a failure that a repetition may cure. */
function isPassing(error: unknown, { isFirstCall }: RetryPolicy): error is FraudstreamError {
  if (!(error instanceof FraudstreamError) || error.code !== 'unreachable') return false;
  return !(isFirstCall && isWrongAddress(error));
}

/** True when a call has been tried often enough, or when nothing has come back for so long that nobody seems to be there. */
function isLastTry(
  error: FraudstreamError,
  tried: number,
  forMs: number,
  { tries = FAILURES_TO_GIVE_UP, isFirstCall }: RetryPolicy,
): boolean {
  if (tried >= tries) return true;
  return isFirstCall === true && forMs >= FIRST_ANSWER_MS && isSilent(error);
}

/** One answer. Errors: `stopped` on `stop`, even while the call is pending. */
async function answerOf<T>(
  name: string,
  call: () => Promise<T>,
  stop = new AbortController().signal,
): Promise<T> {
  const pending = call().then((value) => ({ value }));
  const answer = await orStopped(pending, stop);
  if (answer) return answer.value;
  throw new FraudstreamError('stopped', `Stopped before ${name} was answered.`);
}

/**
 * Returns the shards of a stream, with all `wanted` ones: a list without them is out of date.
 *
 * Errors: those of `withRetries`.
 */
export function listedShards(
  client: { listShards(): Promise<readonly Shard[]> },
  policy: RetryPolicy,
  wanted: readonly string[] = [],
): Promise<readonly Shard[]> {
  const list = async (): Promise<readonly Shard[]> => {
    const shards = await client.listShards();
    const absent = wanted.find((id) => !shards.some(({ shardId }) => shardId === id));
    if (absent === undefined) return shards;
    const message = `ListShards does not list ${absent}, which GetRecords named as a child shard.`;
    throw new FraudstreamError('unreachable', message);
  };
  return withRetries('ListShards', list, policy);
}

function lastError(cause: FraudstreamError, name: string, tries: number): FraudstreamError {
  const message = `${cause.message} ${name} failed ${tries} times in a row.`;
  return new FraudstreamError(cause.code, message, { cause });
}
