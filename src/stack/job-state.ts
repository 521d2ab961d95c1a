import { limitCalls } from '../http/bounded-handler.ts';
import { callTimeoutMs, clientConfig } from './client-config.ts';
import type { StackPlace } from './stack-outputs.ts';

/** What Managed Service for Apache Flink says of an application. */
export interface JobState {
  /** READY is stopped, RUNNING runs. */
  readonly status: string;
  readonly runtime: string;
  /** Version of its code and settings. */
  readonly version: number;
}

/**
 * The state of a Flink application; `undefined` where its package is not installed.
 *
 * `@aws-sdk/client-kinesis-analytics-v2` is asked for only here: it does not come with fraudstream.
 * Errors: those of the service, as they are.
 */
export async function jobState(name: string, place: StackPlace): Promise<JobState | undefined> {
  const sdk = await import('@aws-sdk/client-kinesis-analytics-v2').catch(() => undefined);
  if (!sdk) return undefined;
  const client = new sdk.KinesisAnalyticsV2Client(clientConfig(place));
  limitCalls(client.middlewareStack, callTimeoutMs(place));
  try {
    const command = new sdk.DescribeApplicationCommand({ ApplicationName: name });
    const { ApplicationDetail: detail } = await client.send(command);
    if (!detail?.ApplicationStatus) {
      throw new Error('the answer to DescribeApplication has no ApplicationStatus');
    }
    return {
      status: detail.ApplicationStatus,
      runtime: detail.RuntimeEnvironment ?? 'unknown',
      version: detail.ApplicationVersionId ?? 0,
    };
  } finally {
    client.destroy();
  }
}
