import { type ErrorCode, FraudstreamError } from '../../errors.ts';
import { SMALL_ANSWER_BYTES } from '../../http/bounded-handler.ts';
import { type AwsLocation, sdkSettings } from '../../http/sdk-client.ts';
import { troubleOf } from '../../kinesis/client/service-error.ts';
import { withRetries } from '../../kinesis/retries.ts';
import type { SourceDependencies } from './verdict-source.ts';

/** How a service is reached. */
export interface ServiceLocation extends AwsLocation {
  /** The flag that names what is read, for messages: `--verdicts-from`. */
  readonly flag: string;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** Bounds of the calls of one client. `waitMs` is what the service may take its time for. */
interface CallBounds {
  readonly maxConnections: number;
  readonly waitMs?: number;
  readonly maxAnswerBytes?: number;
}

/** How a client of the SDK reaches a service: one try a call, each with an end. */
export function clientSettings(
  location: ServiceLocation,
  { maxConnections, waitMs = 0, maxAnswerBytes = SMALL_ANSWER_BYTES }: CallBounds,
): ReturnType<typeof sdkSettings> {
  return sdkSettings(location, 1, {
    maxConnections,
    connectTimeoutMs: location.connectTimeoutMs,
    requestTimeoutMs: location.requestTimeoutMs + waitMs,
    maxAnswerBytes: () => maxAnswerBytes,
  });
}

/** The longest that a call may take, with what it waits for credentials. */
export function longestCallMs(
  { requestTimeoutMs, connectTimeoutMs }: ServiceLocation,
  waitMs: number = 0,
): number {
  return connectTimeoutMs + requestTimeoutMs + waitMs;
}

/** What is called, for error messages: `Queue "decisions"` of SQS, and the permissions that reading takes. */
export interface CalledService {
  readonly service: string;
  readonly subject: string;
  readonly location: Pick<ServiceLocation, 'region' | 'endpointUrl' | 'flag'>;
  readonly permissions: string;
}

const NOT_FOUND =
  /^(ResourceNotFoundException|QueueDoesNotExist|QueueDeletedRecently|AWS\.SimpleQueueService\.NonExistentQueue|NoSuchBucket|NotFound)$/;
const PERMISSION =
  /^(AccessDenied|UnrecognizedClient|InvalidAccessKeyId|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|ExpiredToken|InvalidToken|InvalidSecurity|KmsAccessDenied|AllAccessDisabled|Forbidden|403)/;
const CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;
const REFUSED =
  /^(ValidationException|SerializationException|InvalidAddress|InvalidBucketName|UnsupportedOperation|PermanentRedirect|AuthorizationHeaderMalformed)$/;

/** Makes the error of a call that failed: `unreachable` where a retry may help. */
export function callError(error: unknown, called: CalledService): FraudstreamError {
  if (error instanceof FraudstreamError) return error;
  const { code: name, message } = troubleOf(error);
  const said = message ? `${name}: ${message}` : name;
  const [code, text] = adviceOf(name, said, called);
  return new FraudstreamError(code, text, { cause: error });
}

function adviceOf(
  name: string,
  said: string,
  { service, subject, location, permissions }: CalledService,
): readonly [ErrorCode, string] {
  const { endpointUrl, region, flag } = location;
  const where = endpointUrl ?? (region === undefined ? service : `${service} in ${region}`);
  if (/region is missing/i.test(said)) {
    return ['bad-config', 'No AWS region is set. Give --region, or set AWS_REGION.'];
  }
  if (NOT_FOUND.test(name)) {
    const advice = `Check ${flag} and --region.`;
    return ['not-found', `${subject} was not found at ${where} (${said}). ${advice}`];
  }
  if (CREDENTIALS.test(name)) {
    const advice = 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a --profile.';
    return ['no-credentials', `No AWS credentials were found (${said}). ${advice}`];
  }
  if (PERMISSION.test(name)) {
    const advice = `Check --profile, or give the role ${permissions}.`;
    return ['no-permission', `${where} refused these credentials (${said}). ${advice}`];
  }
  if (REFUSED.test(name)) {
    const advice = `Check ${flag} and --region.`;
    return ['usage', `${where} refused the request for ${subject} (${said}). ${advice}`];
  }
  return ['unreachable', `${subject} could not be read at ${where} (${said}).`];
}

/** Makes one call and repeats it while it fails in passing; each failure is counted. */
export type Call = <T>(
  name: string,
  send: (abort: { readonly abortSignal: AbortSignal }) => Promise<T>,
  isFirstCall?: boolean,
) => Promise<T>;

/** The calls of a source. Errors: those of `withRetries`. */
export function callsOf(
  called: CalledService,
  { clock, stop, events }: Pick<SourceDependencies, 'clock' | 'stop' | 'events'>,
): Call {
  return (name, send, isFirstCall = false) =>
    withRetries(
      name,
      async () => {
        try {
          return await send({ abortSignal: stop });
        } catch (error) {
          if (!stop.aborted) events.readFailed(troubleOf(error).code);
          throw callError(error, called);
        }
      },
      { clock, stop, isFirstCall },
    );
}
