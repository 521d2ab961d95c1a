import type { StackPlace } from './stack-outputs.ts';

/** Where the services of a stack other than Kinesis are: an endpoint that is Kinesis alone is not theirs. */
export function stackPlace(
  { region, profile, endpointUrl }: StackPlace,
  kinesisUrl: string | undefined,
): StackPlace {
  return { region, profile, endpointUrl: endpointUrl === kinesisUrl ? undefined : endpointUrl };
}
