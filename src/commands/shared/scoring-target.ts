import type { EndpointFault } from '../../emulators/sagemaker/faults/fault.ts';
import { FraudstreamError } from '../../errors.ts';
import type { ContentType } from '../../scoring/request/request-body.ts';
import type { ScoreClient } from '../../scoring/score-client.ts';
import type { Clock } from '../../stream/clock.ts';

/** What the flags say about the endpoint. */
export interface TargetValues {
  readonly endpointName: string | undefined;
  readonly targetVariant: string | undefined;
  readonly inferenceComponent: string | undefined;
  readonly url: string | undefined;
  readonly local: boolean;
  /** Trouble of a local endpoint. */
  readonly endpointFaults: readonly EndpointFault[];
  readonly header: ReadonlyMap<string, string>;
  readonly auth: 'auto' | 'none' | 'sigv4';
  readonly transport: 'fast' | 'sdk';
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly connectTimeout: number;
  readonly capacity: number;
  readonly contentType: ContentType;
  readonly accept: string;
  /** Those of the SDK unless given. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Opens the endpoint of the flags. Errors: `usage` without one, `no-credentials`, `bad-config`. */
export async function openTarget(values: TargetValues, clock: Clock): Promise<ScoreClient> {
  const { endpointName, url, transport } = values;
  if (values.local) return openLocalTarget(values, clock);
  const connection = { connections: values.capacity, connectTimeoutMs: values.connectTimeout };
  if (url !== undefined) {
    if (transport === 'sdk') throw sdkNeedsName();
    const { gatewayTarget } = await import('../../scoring/clients/request-targets.ts');
    const { fastClient } = await import('../../scoring/clients/fast-client.ts');
    return fastClient(await gatewayTarget({ ...values, url }, clock), connection, clock);
  }
  if (endpointName === undefined) {
    const message = 'There is no endpoint to score with. Give --endpoint-name, --url or --local.';
    throw new FraudstreamError('usage', message);
  }
  const runtime = { ...values, endpointName, ...connection };
  if (transport === 'sdk') {
    const { sdkClient } = await import('../../scoring/clients/sdk-client.ts');
    return sdkClient(runtime);
  }
  const { runtimeTarget } = await import('../../scoring/clients/request-targets.ts');
  const { fastClient } = await import('../../scoring/clients/fast-client.ts');
  return fastClient(await runtimeTarget(runtime, clock), connection, clock);
}

/** A client of an endpoint that ends with it. */
async function openLocalTarget(values: TargetValues, clock: Clock): Promise<ScoreClient> {
  if (values.url !== undefined || values.endpointName !== undefined) {
    const message = '--local brings its own endpoint: leave --endpoint-name and --url out.';
    throw new FraudstreamError('usage', message);
  }
  const { startEndpoint } = await import('../../emulators/sagemaker/endpoint.ts');
  const endpoint = await startEndpoint({ faults: values.endpointFaults });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const place = { endpointName: endpoint.name, endpointUrl: endpoint.url, region: 'us-east-1' };
  const client = await openTarget({ ...values, ...place, credentials, local: false }, clock);
  const close = async (): Promise<void> => {
    await client.close();
    await endpoint.close();
  };
  return { ...client, place: 'an endpoint on this machine', close };
}

function sdkNeedsName(): FraudstreamError {
  const message =
    '--transport sdk speaks to SageMaker alone: give --endpoint-name instead of --url, or leave it out.';
  return new FraudstreamError('usage', message);
}
