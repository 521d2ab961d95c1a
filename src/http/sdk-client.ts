import type { MiddlewareStack } from '@smithy/types';
import { BoundedHandler, limitCalls, type RequestBounds } from './bounded-handler.ts';
import { freshSharedFiles, type Notify, recoverCalls } from './recovering-calls.ts';

/** What to do without a region. */
export const NO_REGION =
  'No AWS region is set. Give --region, or set AWS_REGION. "fraudstream doctor" checks all settings, and "fraudstream demo" needs none.';

/** What to do without credentials; `said` is what their provider said. */
export function noCredentials(said: string): string {
  return `No AWS credentials were found (${said}). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a --profile, or use --local. "fraudstream doctor" checks all settings.`;
}

/** How a service of AWS is reached; what is absent is found as the AWS command line does. */
export interface AwsLocation {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Instead of the endpoint of AWS. */
  readonly endpointUrl?: string | undefined;
}

/** Returns the settings of a client of the AWS SDK each of whose tries has an end. */
export function sdkSettings(
  { region, profile, endpointUrl }: AwsLocation,
  maxAttempts: number,
  bounds: Omit<RequestBounds, 'profile'>,
): {
  readonly maxAttempts: number;
  readonly requestHandler: BoundedHandler;
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
} {
  return {
    ...freshSharedFiles,
    maxAttempts,
    requestHandler: new BoundedHandler({ ...bounds, profile }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
  };
}

/**
 * Ends every call of a client after `timeoutMs`, whatever it waits for, and repeats one that was refused for its
 * credentials or its clock.
 */
export function guardCalls<Input extends object, Output extends object>(
  client: Parameters<typeof recoverCalls<Input, Output>>[0] & {
    readonly middlewareStack: Pick<MiddlewareStack<Input, Output>, 'add'>;
  },
  timeoutMs: number,
  notify?: Notify,
): void {
  limitCalls(client.middlewareStack, timeoutMs);
  recoverCalls(client, notify);
}
