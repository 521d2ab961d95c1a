import { SMALL_ANSWER_BYTES } from '../http/bounded-handler.ts';
import { type AwsLocation, sdkSettings } from '../http/sdk-client.ts';

/** The AWS account and region of a stack; what is absent is found as the AWS command line does. */
export interface StackLocation extends AwsLocation {
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** Tries of a call, made by the SDK. */
const TRIES = 3;
/** What the SDK waits between tries is random, and less than this. Source: its standard retry mode. */
const LONGEST_PAUSE_MS = 20_000;

/** How a client of the SDK reaches a service of the stack; each try has an end. */
export function clientConfig(location: StackLocation): ReturnType<typeof sdkSettings> {
  const { requestTimeoutMs, connectTimeoutMs } = location;
  const maxAnswerBytes = (): number => SMALL_ANSWER_BYTES;
  const bounds = { requestTimeoutMs, connectTimeoutMs, maxConnections: 1, maxAnswerBytes };
  return sdkSettings(location, TRIES, bounds);
}

/** The longest that a call may take with all its tries. */
export function callTimeoutMs({ requestTimeoutMs }: StackLocation): number {
  return TRIES * requestTimeoutMs + (TRIES - 1) * LONGEST_PAUSE_MS;
}
