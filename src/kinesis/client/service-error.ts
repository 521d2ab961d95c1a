import { type ErrorCode, FraudstreamError } from '../../errors.ts';
import { CERTIFICATE_ADVICE } from '../../http/outside-network.ts';
import { isExpiry, isSkew } from '../../http/recovering-calls.ts';
import { noCredentials } from '../../http/sdk-client.ts';

/** The stream and endpoint of a call, for error messages. */
export interface CallTarget {
  readonly stream: string;
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly flags?: Flags | undefined;
  /** What the role needs, where it is not what putting and polling need. */
  readonly permissions?: string;
}

/** The flags that named the stream and its endpoint, so that a message names the right ones. */
export interface Flags {
  readonly stream: string;
  readonly endpointUrl: string;
}

const usualFlags: Flags = { stream: '--stream', endpointUrl: '--kinesis-endpoint-url' };

/** An error of the SDK or of a socket, in the two words that decide: its code and its text. */
interface Trouble {
  readonly code: string;
  readonly message: string;
}

const usualPermissions =
  'kinesis:PutRecords, kinesis:ListShards, kinesis:GetShardIterator and kinesis:GetRecords';

const PERMISSION = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationTokenException',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'ExpiredTokenException',
  'ExpiredToken',
  'KMSAccessDeniedException',
]);
const CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError']);
const REFUSED = new Set([
  'ValidationException',
  'InvalidArgumentException',
  'SerializationException',
]);
/** How the SDK names an error whose answer names no type. */
const UNTYPED = /^Unknown(Error)?$/;
const CONNECTION = /^(E[A-Z]+|EAI_AGAIN|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

/** Returns the code that an error is counted under: the service's own, or `Timeout` or `Connection`. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Error)) return { code: 'Unknown', message: String(error) };
  const socketCode = socketCodeOf(error);
  if (CREDENTIALS.has(error.name)) return { code: error.name, message: error.message };
  // The SDK calls broken connections a timeout as well: those have the code of their socket.
  if (socketCode) {
    const text = error.message.includes(socketCode) ? '' : `${socketCode} `;
    return { code: 'Connection', message: `${text}${error.message}`.trim() };
  }
  if (error.name === 'TimeoutError') {
    const code = /establish/.test(error.message) ? 'Connection' : 'Timeout';
    return { code, message: error.message };
  }
  if (isUnreadable(error)) return { code: 'InvalidResponse', message: unreadable(error) };
  return { code: error.name, message: error.message };
}

/** An answer that is no HTTP, or that the SDK could not parse: it then puts the answer beside the error. */
interface Unreadable extends Error {
  readonly code?: unknown;
  readonly $response?: { readonly statusCode?: number };
}

function isUnreadable(error: Unreadable): boolean {
  const isHttp = typeof error.code !== 'string' || !error.code.startsWith('HPE_');
  return !isHttp || ('$response' in error && !('$fault' in error));
}

function unreadable({ message, $response }: Unreadable): string {
  const [reason = ''] = message.split('\n');
  const status = $response?.statusCode;
  return `HTTP ${status === undefined ? 'answer' : status} that cannot be read: ${reason}`;
}

/** Returns true if a retry cannot help. */
export function isFatal({ code }: Trouble): boolean {
  return runError(code) !== undefined;
}

/** Names and certificates that are wrong, and addresses where nothing listens. */
const WRONG_ADDRESS =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EPROXY|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

/**
 * True when the address itself is wrong, as far as a first call can know.
 *
 * Whoever refuses with an answer that is not of Kinesis (a proxy's 403, a web server's 404) is not Kinesis.
 */
export function isWrongAddress(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return WRONG_ADDRESS.test(socketCodeOf(error) ?? '') || isForeignRefusal(error.cause);
}

/** Sockets to where nobody is, as far as the network says. */
const NOBODY_THERE = /^(ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;

/** True when a call failed since nothing came back: no connection, or no answer in time. */
export function isSilent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (NOBODY_THERE.test(socketCodeOf(error) ?? '')) return true;
  return error.cause instanceof Error && error.cause.name === 'TimeoutError';
}

function isForeignRefusal(cause: unknown): boolean {
  const status = foreignStatusOf(cause) ?? 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** The status of an error that is not of Kinesis, whose errors are JSON and name their type. */
function foreignStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  if (!(error instanceof SyntaxError) && !UNTYPED.test(error.name)) return undefined;
  return Object(error.$metadata).httpStatusCode;
}

/** The result of a call. Errors: `serviceError` of what it throws. */
export async function orServiceError<T>(call: Promise<T>, target: CallTarget): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw serviceError(error, target);
  }
}

/** Makes the error that ends a run, with advice. */
export function serviceError(error: unknown, target: CallTarget): FraudstreamError {
  if (error instanceof FraudstreamError) return error;
  const trouble = troubleOf(error);
  const code = runError(trouble.code) ?? 'unreachable';
  const status = UNTYPED.test(trouble.code) ? foreignStatusOf(error) : undefined;
  const shown = status === undefined ? trouble : { ...trouble, code: `HTTP ${status}` };
  return new FraudstreamError(code, advice(code, shown, target), { cause: error });
}

function runError(code: string): ErrorCode | undefined {
  if (code === 'ResourceNotFoundException') return 'not-found';
  if (PERMISSION.has(code)) return 'no-permission';
  if (CREDENTIALS.has(code)) return 'no-credentials';
  if (REFUSED.has(code)) return 'usage';
  return undefined;
}

function advice(code: ErrorCode, { code: name, message }: Trouble, target: CallTarget): string {
  const location = target.endpointUrl ?? (target.region ? `region ${target.region}` : 'AWS');
  const said = message ? `${name}: ${message}` : name;
  const flags = target.flags ?? usualFlags;
  switch (code) {
    case 'no-permission':
      return refusedAdvice(name, said, location, target.permissions ?? usualPermissions);
    case 'not-found':
      return `Stream "${target.stream}" was not found at ${location}. Check ${flags.stream} and --region, or start one here with "fraudstream up --streams ${target.stream}:4".`;
    case 'no-credentials':
      return noCredentials(said);
    case 'usage':
      return `Kinesis at ${location} refused the request (${said}). Check ${flags.stream} and the sizes asked for.`;
    default:
      return `Kinesis could not be reached at ${location} (${said}). ${reachAdvice(name, message, flags)}`;
  }
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_/;

function reachAdvice(name: string, message: string, { endpointUrl }: Flags): string {
  if (name === 'Timeout') return 'Raise --request-timeout, or check the network.';
  if (CERTIFICATE.test(message)) return CERTIFICATE_ADVICE;
  if (/EPROXY|ETIMEDOUT|establish/.test(message)) {
    return `Check ${endpointUrl}, --region, the network and the proxy, or raise --connect-timeout.`;
  }
  return `Check ${endpointUrl}, --region and the network.`;
}

/** What to do about refused credentials, by the reason that the service gives. */
function refusedAdvice(name: string, said: string, location: string, permissions: string): string {
  const refused = `${location} refused these credentials (${said}).`;
  if (isExpiry(name)) {
    return `${refused} They were read again, and are not taken either: renew them (aws sso login, or the program of credential_process), or check --profile.`;
  }
  if (isSkew(name)) {
    return `${refused} Check the secret key and --profile; a clock that is off by more than 5 minutes is corrected before.`;
  }
  return `${refused} Check --profile, or give the role ${permissions} on the stream.`;
}

/** The code of the socket error, wherever the SDK wrapped it. */
function socketCodeOf(error: Error): string | undefined {
  for (let inner: unknown = error, depth = 0; inner instanceof Error && depth < 4; depth += 1) {
    const code: unknown = 'code' in inner ? inner.code : undefined;
    if (typeof code === 'string' && CONNECTION.test(code)) return code;
    inner =
      inner.cause ??
      ('errors' in inner && Array.isArray(inner.errors) ? inner.errors[0] : undefined);
  }
  return undefined;
}
