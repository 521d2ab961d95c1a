import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { type EmbeddedKinesis, startEmbeddedKinesis } from '../../local/embedded-kinesis.ts';
import type { LocalEndpoint } from '../../local/endpoint/endpoint.ts';
import type { Fault } from '../../local/fault.ts';
import type { Outside } from '../outside.ts';
import { type EndpointValues, endpointUsage, localEndpoint } from './local-endpoint.ts';

/** Everything that `up` can be told. */
export interface UpValues extends EndpointValues {
  readonly streams: ReadonlyMap<string, number>;
  readonly port: number;
  readonly region: string | undefined;
  readonly fault: readonly Fault[];
}

/** The embedded services in the foreground: one line of JSON when ready, then until a signal. */
export async function up(values: UpValues, outside: Outside): Promise<ExitCode> {
  const region = values.region ?? 'us-east-1';
  const streams = Object.fromEntries(values.streams);
  const { port, fault: faults } = values;
  const kinesis = await startEmbeddedKinesis({ streams, region, port, faults });
  try {
    const endpoint = await localEndpoint(values, region, outside.env);
    const scoring = endpoint && { endpoint: endpoint.url, endpoint_name: endpoint.name };
    const ready = { kinesis: kinesis.url, region, streams, ...scoring };
    try {
      await outside.out.write(`${JSON.stringify(ready)}\n`);
      await outside.err.write(usage(kinesis, endpoint, region));
      await stopped(outside.stop);
    } finally {
      await endpoint?.close();
    }
  } finally {
    await kinesis.close();
  }
  return exitCodes.held;
}

function usage(
  { url }: EmbeddedKinesis,
  endpoint: LocalEndpoint | undefined,
  region: string,
): string {
  return [
    'Ready; Ctrl-C ends it. In another shell, with any AWS tool:',
    `  export AWS_ENDPOINT_URL_KINESIS=${url} AWS_REGION=${region}`,
    '  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
    '  aws kinesis list-streams',
    ...(endpoint ? endpointUsage(endpoint) : []),
    '',
  ].join('\n');
}

function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
}
