import type { Runtime } from '../../cli/runtime.ts';
import type { FlinkJob } from '../../emulators/flink/flink-job.ts';
import {
  type FlinkValues,
  localFlink,
  withFlinkStreams,
} from '../../emulators/flink/local-flink.ts';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../emulators/kinesis/embedded-kinesis.ts';
import type { KinesisFault } from '../../emulators/kinesis/faults.ts';
import type { LocalEndpoint } from '../../emulators/sagemaker/endpoint.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { jsonLine } from '../../text/printable.ts';
import {
  type EndpointValues,
  endpointUsage,
  hasCredentials,
  localEndpoint,
} from './local-endpoint.ts';

/** Everything that `up` can be told. */
export interface UpValues extends EndpointValues, FlinkValues {
  readonly streams: ReadonlyMap<string, number>;
  readonly port: number;
  readonly region: string | undefined;
  readonly fault: readonly KinesisFault[];
}

interface StartedServices {
  readonly kinesis: EmbeddedKinesis;
  readonly endpoint: LocalEndpoint | undefined;
}

/** The embedded services in the foreground: one line of JSON when ready, then until a signal. */
export async function up(values: UpValues, runtime: Runtime): Promise<ExitCode> {
  const region = values.region ?? 'us-east-1';
  const streams = withFlinkStreams(Object.fromEntries(values.streams), values);
  const { port, fault: faults } = values;
  const kinesis = await startEmbeddedKinesis({ streams, region, port, faults });
  try {
    const endpoint = await localEndpoint(values, region, runtime.env);
    const scoring = endpoint && { endpoint: endpoint.url, endpoint_name: endpoint.name };
    let job: FlinkJob | undefined;
    try {
      const inputs = [...values.streams.keys()];
      job = await localFlink(values, inputs, { kinesis, endpoint }, region, runtime);
      const engine = job && { flink: 'RUNNING' };
      const ready = { kinesis: kinesis.url, region, streams, ...scoring, ...engine };
      await runtime.out.write(jsonLine(ready));
      await runtime.err.print(...usage({ kinesis, endpoint }, values, region, runtime.env));
      await Promise.race([stopped(runtime.stop), ...(job ? [endedJob(job)] : [])]);
    } finally {
      await job?.close();
      await endpoint?.close();
    }
  } finally {
    await kinesis.close();
  }
  return exitCodes.ok;
}

/** A job that ends by itself has failed. */
async function endedJob(job: FlinkJob): Promise<never> {
  const said = await job.ended;
  const message = `The Flink job ended by itself: ${said.trim()}`;
  throw new FraudstreamError('unreachable', message.split('\n'));
}

function usage(
  { kinesis: { url }, endpoint }: StartedServices,
  values: UpValues,
  region: string,
  env: Runtime['env'],
): readonly string[] {
  // An endpoint that checks signatures checks those of this shell's own keys, if it has some.
  const signsItself = values.endpointAuth === 'sigv4' && hasCredentials(env);
  return [
    'Ready; Ctrl-C ends it. In another shell, with any AWS tool:',
    `  export AWS_ENDPOINT_URL_KINESIS=${url} AWS_REGION=${region}`,
    ...(signsItself ? [] : ['  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local']),
    '  aws kinesis list-streams',
    ...(endpoint ? endpointUsage(endpoint, values, region, env) : []),
  ];
}

function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
}
