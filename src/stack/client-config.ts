import { BoundedHandler, SMALL_ANSWER_BYTES } from '../http/bounded-handler.ts';
import { freshSharedFiles } from '../http/recovering-calls.ts';

/** The AWS account and region of a stack; what is absent is found as the AWS command line does. */
export interface StackLocation {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Instead of the endpoint of AWS. */
  readonly endpointUrl?: string | undefined;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** Tries of a call, made by the SDK. */
const TRIES = 3;
/** What the SDK waits between tries is random, and less than this. Source: its standard retry mode. */
const LONGEST_PAUSE_MS = 20_000;

/** How a client of the SDK reaches a service of the stack; each try has an end. */
export function clientConfig(location: StackLocation): {
  readonly maxAttempts: number;
  readonly requestHandler: BoundedHandler;
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
} {
  const { region, profile, endpointUrl, requestTimeoutMs, connectTimeoutMs } = location;
  return {
    ...freshSharedFiles,
    maxAttempts: TRIES,
    requestHandler: new BoundedHandler({
      profile,
      requestTimeoutMs,
      connectTimeoutMs,
      maxConnections: 1,
      maxAnswerBytes: () => SMALL_ANSWER_BYTES,
    }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  };
}

/** The longest that a call may take with all its tries. */
export function callTimeoutMs({ requestTimeoutMs }: StackLocation): number {
  return TRIES * requestTimeoutMs + (TRIES - 1) * LONGEST_PAUSE_MS;
}
