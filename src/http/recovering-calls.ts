import type { AwsCredentialIdentity, MiddlewareStack } from '@smithy/types';
import { messageOf } from '../errors.ts';

/** Says something to the person who waits for the run. */
export type Notify = (text: string) => void;

/**
 * A setting of every SDK client: shared config files are read again, not kept from the first time.
 *
 * `aws sso login` or a script may have written new keys since.
 */
export const freshSharedFiles: object = { ignoreCache: true };

/** Keys that are no longer taken: expired, or replaced by others. Source: AWS, "Common Errors". */
const EXPIRED =
  /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired|UnrecognizedClientException|InvalidClientTokenId)$/;
/** Source: the SDK's own list of errors of clocks. */
const SKEWED =
  /^(AuthFailure|InvalidSignatureException|RequestExpired|RequestInTheFuture|RequestTimeTooSkewed|SignatureDoesNotMatch)$/;
/** A signature is good for five minutes; smaller offsets are not why it is refused. */
const SKEW_MS = 240_000;

/** True for an error by which a service refuses expired or replaced credentials. */
export function isExpiry(name: string): boolean {
  return EXPIRED.test(name);
}

/** True for an error by which a service refuses the time of a signature, among other reasons. */
export function isSkew(name: string): boolean {
  return SKEWED.test(name);
}

/** True when clocks are so far apart that signatures are refused. */
export function isSkewed(offsetMs: number): boolean {
  return Math.abs(offsetMs) >= SKEW_MS;
}

/** What a client says once after it has corrected its clock by `offsetMs`. */
export function clockNotice(offsetMs: number): string {
  const minutes = (Math.abs(offsetMs) / 60_000).toFixed(0);
  const side = offsetMs > 0 ? 'behind' : 'ahead of';
  return `The clock of this machine is ${minutes} min ${side} that of AWS. Requests are signed with the time of AWS; synchronise the clock (NTP), or latencies will be wrong.`;
}

/** As much of a client of the SDK as is needed to repair its calls. */
interface SdkClient<Input extends object, Output extends object> {
  readonly middlewareStack: Pick<MiddlewareStack<Input, Output>, 'add'>;
  readonly config: {
    readonly credentials: (options?: {
      readonly forceRefresh?: boolean;
    }) => Promise<Pick<AwsCredentialIdentity, 'accessKeyId' | 'sessionToken'>>;
    readonly systemClockOffset: number;
  };
}

/**
 * Makes every call of a client that is refused for its credentials or its clock once more.
 *
 * Expired or replaced credentials are read again from their provider; the call is repeated if there are others now.
 * A clock that is off is corrected by the `Date` of the answer, which the SDK does; then the call is repeated.
 */
export function recoverCalls<Input extends object, Output extends object>(
  { middlewareStack, config }: SdkClient<Input, Output>,
  notify?: Notify,
): void {
  const hasNewKeys = async (used: string, error: Error): Promise<boolean> => {
    try {
      return keyOf(await config.credentials({ forceRefresh: true })) !== used;
    } catch (cause) {
      error.message += `; reading the credentials again failed: ${messageOf(cause)}`;
      return false;
    }
  };
  let isReported = false;
  const isClockCorrected = (error: Error): boolean => {
    if (!isSkew(error.name) || !isSkewed(config.systemClockOffset)) return false;
    if (!isReported) notify?.(clockNotice(config.systemClockOffset));
    isReported = true;
    return true;
  };
  const isRepaired = async (error: unknown, used: string): Promise<boolean> => {
    if (!(error instanceof Error)) return false;
    return isClockCorrected(error) || (isExpiry(error.name) && hasNewKeys(used, error));
  };
  middlewareStack.add(
    (next) => async (args) => {
      const used = keyOf(await config.credentials());
      try {
        return await next(args);
      } catch (error) {
        if (await isRepaired(error, used)) return next(args);
        throw error;
      }
    },
    { step: 'initialize', name: 'recoverCalls' },
  );
}

function keyOf(keys: Pick<AwsCredentialIdentity, 'accessKeyId' | 'sessionToken'>): string {
  return `${keys.accessKeyId} ${keys.sessionToken ?? ''}`;
}
