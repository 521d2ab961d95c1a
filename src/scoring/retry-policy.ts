import type { ErrorKind } from '../transactions/scoring-outcome.ts';
import type { ScoringError } from './errors.ts';

const SPLIT_RESERVE = 256;
const EARNED_PER_ROW = 4;
const MOST_SPLITS_SAVED = 100_000;

/**
 * Budget for the bisection of refused batches: they are halved while rows get through at all.
 *
 * Finding one bad row among n takes up to 2 log2(n) requests; where every row is refused, because
 * the request itself is wrong, that would double the load for nothing.
 */
export class SplitBudget {
  #tokens = SPLIT_RESERVE;

  earn(rows: number): void {
    this.#tokens = Math.min(MOST_SPLITS_SAVED, this.#tokens + rows * EARNED_PER_ROW);
  }

  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** How one kind of error is met. `attempts` counts the first one; `isOutage` moves the breaker. */
interface Rule {
  readonly attempts: number;
  readonly isOutage: boolean;
}

const never: Rule = { attempts: 1, isOutage: false };

/**
 * The retry table.
 *
 * Throttled requests and those of an outage are sent again until their deadline. A failing container (424 with a 5xx or 0
 * inside) may have died of this very request: it gets one more try. The SDK would never repeat 424
 * and 530. There are no hedged requests: a second copy of a slow request would add load where there is too much.
 */
export const retryTable: Readonly<Record<ErrorKind, Rule>> = {
  throttled: { attempts: Number.POSITIVE_INFINITY, isOutage: false },
  timeout: { attempts: Number.POSITIVE_INFINITY, isOutage: true },
  connect: { attempts: Number.POSITIVE_INFINITY, isOutage: true },
  tls: { attempts: 1, isOutage: true },
  auth: { attempts: 1, isOutage: true },
  http4xx: never,
  http5xx: { attempts: Number.POSITIVE_INFINITY, isOutage: true },
  model_error: { attempts: 2, isOutage: true },
  bad_response: { attempts: 2, isOutage: true },
  aborted: never,
  dropped: never,
};

/** True when the table allows one more attempt after so many. */
export function isRetried({ kind, isRowFault }: ScoringError, attempts: number): boolean {
  return !isRowFault && attempts < retryTable[kind].attempts;
}

/** True for what says that the endpoint is ill, not that it is busy or that a row is bad. */
export function isOutage({ kind, isRowFault }: ScoringError): boolean {
  return !isRowFault && retryTable[kind].isOutage;
}

const FIRST_CEILING_MS = 50;
const LAST_CEILING_MS = 2_000;

/**
 * How long to wait before the next attempt: at random up to a ceiling that doubles, at least as long
 * as the endpoint asked for. A wait beyond the deadline of a batch ends it at once.
 *
 * Source: full jitter, AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export function retryWaitMs(attempts: number, askedMs: number, random: () => number): number {
  const ceilingMs = Math.min(LAST_CEILING_MS, FIRST_CEILING_MS * 2 ** (attempts - 1));
  return Math.max(askedMs, random() * ceilingMs);
}

/** Tokens that a first run of failures may use before anything has succeeded. */
const RETRY_RESERVE = 10;
/** What a success adds: so retries are at most a tenth of what succeeds. */
const EARNED = 0.1;
const MOST_RETRIES_SAVED = 100;

/** Keeps retries from adding to the load of an endpoint that fails: they are paid by successes. */
export class RetryBudget {
  #tokens = RETRY_RESERVE;

  earn(): void {
    this.#tokens = Math.min(MOST_RETRIES_SAVED, this.#tokens + EARNED);
  }

  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
