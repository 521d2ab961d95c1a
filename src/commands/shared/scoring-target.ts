import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError } from '../../errors.ts';
import { sageMakerClient, urlClient } from '../../scoring/clients/open-client.ts';
import type { ScoreClient } from '../../scoring/score-client.ts';
import type { Clock } from '../../stream/clock.ts';
import type { asyncSettings, formSettings } from './flags/score-flags.ts';
import type { targetSettings } from './flags/target-flags.ts';

/** The flags that say which endpoint scores, and how it is connected. */
export type TargetValues = Values<typeof targetSettings> &
  Pick<Values<typeof asyncSettings>, 'capacity'> &
  Pick<Values<typeof formSettings>, 'contentType' | 'accept'>;

/** Opens the endpoint of the flags. Errors: `usage` without one, `no-credentials`, `bad-config`. */
export async function openTarget(
  values: TargetValues,
  { clock, err }: Pick<Runtime, 'clock' | 'err'>,
): Promise<ScoreClient> {
  const { endpointName, url, transport } = values;
  const connection = {
    connections: values.capacity,
    connectTimeoutMs: values.connectTimeout,
    notify: (text: string) => void err.print(text),
  };
  if (values.local) return openLocalTarget(values, connection, clock);
  if (url !== undefined) {
    if (transport === 'sdk') throw sdkNeedsName();
    return urlClient({ ...values, ...connection, url }, clock);
  }
  if (endpointName === undefined) {
    const message = 'No scoring endpoint is given. Give --endpoint-name, --url or --local.';
    throw new FraudstreamError('usage', message);
  }
  const endpointUrl = values.sagemakerEndpointUrl;
  return sageMakerClient({ ...values, ...connection, endpointName, endpointUrl }, clock);
}

/** A client of an embedded endpoint, which closes with it. */
async function openLocalTarget(
  values: TargetValues,
  connection: { readonly connections: number; readonly connectTimeoutMs: number },
  clock: Clock,
): Promise<ScoreClient> {
  if (values.url !== undefined || values.endpointName !== undefined) {
    const message = '--local brings its own endpoint: leave --endpoint-name and --url out.';
    throw new FraudstreamError('usage', message);
  }
  const { startEndpoint } = await import('../../emulators/sagemaker/endpoint.ts');
  const { modelBytes } = await import('../../model/shipped-model.ts');
  const {
    name: endpointName,
    url: endpointUrl,
    close,
  } = await startEndpoint({
    model: modelBytes(values.model),
    faults: values.endpointFault,
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const where = { endpointName, endpointUrl, region: 'us-east-1', credentials };
  const client = await sageMakerClient({ ...values, ...connection, ...where }, clock);
  return {
    ...client,
    place: 'an endpoint on this machine',
    close: async () => {
      await client.close();
      await close();
    },
  };
}

function sdkNeedsName(): FraudstreamError {
  const message =
    '--transport sdk works only with SageMaker: give --endpoint-name instead of --url, or leave it out.';
  return new FraudstreamError('usage', message);
}
