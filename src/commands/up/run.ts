import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import type { FlinkJob } from '../../emulators/flink/flink-job.ts';
import { startLocalFlink, withFlinkStreams } from '../../emulators/flink/local-flink.ts';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../emulators/kinesis/embedded-kinesis.ts';
import type { LocalEndpoint } from '../../emulators/sagemaker/endpoint.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { jsonLine } from '../../text/printable.ts';
import { type CertificateFile, certificateFile } from './certificate-file.ts';
import type { upFlags } from './flags.ts';
import { endpointUsage, hasCredentials, localEndpoint } from './local-endpoint.ts';

/** The values of the flags of `up`. */
type UpValues = Values<typeof upFlags>;

interface StartedServices {
  readonly kinesis: EmbeddedKinesis;
  readonly endpoint: LocalEndpoint | undefined;
  readonly certificate?: CertificateFile | undefined;
}

/** The embedded services in the foreground: one line of JSON when ready, then until a signal. */
export async function up(values: UpValues, runtime: Runtime): Promise<ExitCode> {
  const region = values.region ?? 'us-east-1';
  const own = Object.fromEntries(values.streams);
  const streams = values.flink ? withFlinkStreams(own) : own;
  const { port, fault: faults, account, shardLimits, retainedBytes } = values;
  const certificate = values.tls ? await certificateFile(runtime.clock) : undefined;
  const tls = certificate && { tls: certificate.identity };
  const settings = { streams, region, port, faults, account, shardLimits, retainedBytes };
  const kinesis = await startEmbeddedKinesis({ ...settings, ...tls });
  try {
    const endpoint = await localEndpoint({ ...values, ...tls }, region, runtime.env);
    const scoring = endpoint && { endpoint: endpoint.url, endpoint_name: endpoint.name };
    let job: FlinkJob | undefined;
    try {
      if (values.flink) job = await startFlink({ kinesis, endpoint }, values, region, runtime);
      const engine = job && { flink: 'RUNNING' };
      const bundle = certificate && { certificate: certificate.path };
      const ready = { kinesis: kinesis.url, region, streams, ...scoring, ...engine, ...bundle };
      await runtime.out.write(jsonLine(ready));
      const services = { kinesis, endpoint, certificate };
      await runtime.err.print(...usage(services, values, region, runtime.env));
      await Promise.race([stopped(runtime.stop), ...(job ? [endedJob(job)] : [])]);
    } finally {
      await job?.close();
      await endpoint?.close();
    }
  } finally {
    await kinesis.close();
    await certificate?.remove();
  }
  return exitCodes.ok;
}

/** The Flink job from the first stream to verdicts and rejects. */
function startFlink(
  services: StartedServices,
  { streams, flinkOption: options }: UpValues,
  region: string,
  { env, err }: Runtime,
): Promise<FlinkJob> {
  const [inputStream = 'transactions'] = streams.keys();
  return startLocalFlink(
    { ...services, inputStream, region, options },
    { env, notify: (text) => err.print(text) },
  );
}

/** A job that ends by itself has failed. */
async function endedJob(job: FlinkJob): Promise<never> {
  const said = await job.ended;
  const message = `The Flink job ended by itself: ${said.trim()}`;
  throw new FraudstreamError('unreachable', message.split('\n'));
}

function usage(
  { kinesis: { url }, endpoint, certificate }: StartedServices,
  values: UpValues,
  region: string,
  env: Runtime['env'],
): readonly string[] {
  // An endpoint that checks signatures checks those of this shell's own keys, if it has some.
  const signsItself = values.endpointAuth === 'sigv4' && hasCredentials(env);
  return [
    'Ready; Ctrl-C ends it. In another shell, with any AWS tool:',
    `  export AWS_ENDPOINT_URL_KINESIS=${url} AWS_ENDPOINT_URL_STS=${url}`,
    `  export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    ...(certificate ? [`  export AWS_CA_BUNDLE=${certificate.path}`] : []),
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
