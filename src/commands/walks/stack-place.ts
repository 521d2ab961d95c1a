import type { StackPlace } from '../../stack/stack-outputs.ts';
import type { Outside } from '../outside.ts';

/** Where the services of a stack other than Kinesis are: an endpoint that is Kinesis alone is not theirs. */
export function stackPlace(
  { region, profile, endpointUrl }: StackPlace,
  { env }: Pick<Outside, 'env'>,
): StackPlace {
  const isOfKinesis = endpointUrl === env.AWS_ENDPOINT_URL_KINESIS;
  return { region, profile, endpointUrl: isOfKinesis ? undefined : endpointUrl };
}
