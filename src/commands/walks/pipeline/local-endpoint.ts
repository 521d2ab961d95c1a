import { type LocalEndpoint, startEndpoint } from '../../../local/endpoint/endpoint.ts';
import type { EndpointFault } from '../../../local/endpoint/faults/fault.ts';
import { modelBytes } from '../../../local/endpoint/shipped-model.ts';
import type { Outside } from '../../outside.ts';

/** Everything that a local endpoint can be told on the command line. */
export interface EndpointValues {
  readonly endpoint: boolean;
  readonly model: string | undefined;
  readonly endpointName: string;
  readonly endpointPort: number;
  readonly endpointFaults: readonly EndpointFault[];
  readonly endpointAuth: 'none' | 'sigv4';
  readonly apiKey: readonly string[];
}

/** The local endpoint that the values ask for; nothing when they want none. */
export async function localEndpoint(
  values: EndpointValues,
  region: string,
  env: Outside['env'],
): Promise<LocalEndpoint | undefined> {
  if (!values.endpoint) return undefined;
  return startEndpoint({
    model: modelBytes(values.model),
    name: values.endpointName,
    port: values.endpointPort,
    faults: values.endpointFaults,
    apiKeys: values.apiKey,
    region,
    credentials: values.endpointAuth === 'sigv4' ? [credentialOf(env)] : [],
  });
}

/** What the AWS tools of this shell sign with; without any, what `up` tells to export. */
function credentialOf(env: Outside['env']): {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
} {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    return { accessKeyId: 'local', secretAccessKey: 'local' };
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
}

/** Lines that tell how to reach it. */
export function endpointUsage({ url, name, featureNames }: LocalEndpoint): readonly string[] {
  const row = ','.repeat(featureNames.length - 1);
  return [
    `  export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=${url}   # endpoint "${name}", ${featureNames.length} features a row`,
    `  curl -H 'content-type: text/csv' -d '${row}' ${url}/score`,
  ];
}
