import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { startEmbeddedKinesis } from '../../local/embedded-kinesis.ts';
import type { Fault } from '../../local/fault.ts';
import type { Outside } from '../outside.ts';

/** Everything that `up` can be told. */
export interface UpValues {
  readonly streams: ReadonlyMap<string, number>;
  readonly port: number;
  readonly region: string | undefined;
  readonly fault: readonly Fault[];
}

/** The embedded services in the foreground: one line of JSON when ready, then until a signal. */
export async function up(values: UpValues, outside: Outside): Promise<ExitCode> {
  const region = values.region ?? 'us-east-1';
  const streams = Object.fromEntries(values.streams);
  const kinesis = await startEmbeddedKinesis({
    streams,
    region,
    port: values.port,
    faults: values.fault,
  });
  try {
    await outside.out.write(`${JSON.stringify({ kinesis: kinesis.url, region, streams })}\n`);
    await outside.err.write(usage(kinesis.url, region));
    await stopped(outside.stop);
  } finally {
    await kinesis.close();
  }
  return exitCodes.held;
}

function usage(url: string, region: string): string {
  return [
    'Ready; Ctrl-C ends it. In another shell, with any AWS tool:',
    `  export AWS_ENDPOINT_URL_KINESIS=${url} AWS_REGION=${region}`,
    '  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local',
    '  aws kinesis list-streams',
    '',
  ].join('\n');
}

function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
}
