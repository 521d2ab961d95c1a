import type { StackPlace } from './stack-outputs.ts';

/** Where the services of a stack other than Kinesis are: an endpoint that is Kinesis alone is not theirs. */
export function stackPlace(
  { region, profile, endpointUrl, requestTimeoutMs, connectTimeoutMs }: StackPlace,
  kinesisUrl: string | undefined,
): StackPlace {
  const timeouts = { requestTimeoutMs, connectTimeoutMs };
  const isKinesis = endpointUrl === kinesisUrl;
  return { region, profile, endpointUrl: isKinesis ? undefined : endpointUrl, ...timeouts };
}
