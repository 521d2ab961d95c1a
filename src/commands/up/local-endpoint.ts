import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { type LocalEndpoint, startEndpoint } from '../../emulators/sagemaker/endpoint.ts';
import { FraudstreamError } from '../../errors.ts';
import type { TlsIdentity } from '../../http/tls-identity.ts';
import { modelBytes } from '../../model/shipped-model.ts';
import type { endpointSettings } from '../shared/flags/local-service-flags.ts';

/** The values of the flags of the endpoint. */
type EndpointValues = Values<typeof endpointSettings> & {
  readonly tls?: TlsIdentity | boolean | undefined;
};

/**
 * The local endpoint that the values ask for; nothing when they want none.
 *
 * Errors: `usage` where they want none, and say how it should be.
 */
export async function localEndpoint(
  values: EndpointValues,
  region: string,
  env: Runtime['env'],
): Promise<LocalEndpoint | undefined> {
  if (!values.endpoint) {
    const [flag] = flagsOfEndpoint(values);
    if (flag === undefined) return undefined;
    throw new FraudstreamError(
      'usage',
      `${flag} has no effect with --no-endpoint: leave out one of them.`,
    );
  }
  return startEndpoint({
    model: modelBytes(values.model),
    name: values.endpointName,
    port: values.endpointPort,
    faults: values.endpointFault,
    apiKeys: values.apiKey,
    region,
    ...(typeof values.tls === 'object' && { tls: values.tls }),
    credentials: values.endpointAuth === 'sigv4' ? [credentialOf(env)] : [],
  });
}

function flagsOfEndpoint(values: EndpointValues): readonly string[] {
  const { model, endpointPort, endpointFault, endpointAuth, apiKey } = values;
  return [
    ...(model === undefined ? [] : ['--model']),
    ...(endpointPort === 0 ? [] : ['--endpoint-port']),
    ...(endpointFault.length > 0 ? ['--endpoint-fault'] : []),
    ...(endpointAuth === 'none' ? [] : ['--endpoint-auth']),
    ...(apiKey.length > 0 ? ['--api-key'] : []),
  ];
}

/** Whether this shell has what AWS tools sign with. */
export function hasCredentials({
  AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY,
}: Runtime['env']): boolean {
  return Boolean(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY);
}

/** What the AWS tools of this shell sign with; without any, what `up` tells to export. */
function credentialOf(env: Runtime['env']): {
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

/**
 * Lines that tell how to reach it, with what it wants of a request.
 *
 * They name the variables that hold secrets, never what is in them.
 */
export function endpointUsage(
  { url, name, featureNames }: LocalEndpoint,
  { apiKey: [key], endpointAuth }: Pick<EndpointValues, 'apiKey' | 'endpointAuth'>,
  region: string,
  { AWS_SESSION_TOKEN }: Runtime['env'],
): readonly string[] {
  const row = ','.repeat(featureNames.length - 1);
  const token = `-H "x-amz-security-token: $AWS_SESSION_TOKEN"`;
  const signing = [
    `--aws-sigv4 aws:amz:${region}:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
    ...(AWS_SESSION_TOKEN ? [token] : []),
  ];
  const words = [
    ...(key === undefined ? [] : ['-H "x-api-key: $API_KEY"']),
    ...(endpointAuth === 'sigv4' ? signing : []),
    "-H 'content-type: text/csv'",
    `-d '${row}'`,
    `${url}/score`,
  ];
  return [
    `  export AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=${url}   # endpoint "${name}", ${featureNames.length} features a row`,
    `  curl ${words.join(' ')}`,
  ];
}
