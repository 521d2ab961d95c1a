import type { MiddlewareStack } from '@smithy/types';
import { BoundedHandler, limitCalls, type RequestBounds } from './bounded-handler.ts';
import { freshSharedFiles, type Notify, recoverCalls } from './recovering-calls.ts';

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
