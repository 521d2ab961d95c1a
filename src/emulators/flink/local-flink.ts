import { FraudstreamError } from '../../errors.ts';
import type { EmbeddedKinesis } from '../kinesis/embedded-kinesis.ts';
import type { LocalEndpoint } from '../sagemaker/endpoint.ts';
import { flinkJar } from './flink-jar.ts';
import { type FlinkJob, startFlinkJob } from './flink-job.ts';

type Streams = Readonly<Record<string, number>>;

/** These streams, and those that the job writes to unless they are among them. */
export function withFlinkStreams(streams: Streams): Streams {
  const shards = Object.values(streams)[0] ?? 1;
  return { verdicts: shards, rejects: 1, ...streams };
}

/** Between which local services the job runs, and how. */
export interface LocalFlinkSettings {
  readonly kinesis: Pick<EmbeddedKinesis, 'url'>;
  /** None where `options` name another one. */
  readonly endpoint: Pick<LocalEndpoint, 'name' | 'url'> | undefined;
  readonly inputStream: string;
  readonly region: string;
  /** Settings of the job by name, which replace those made here: see pipeline/flink/README.md. */
  readonly options: ReadonlyMap<string, string>;
}

/** The environment of the JVM, and where a message for people goes. */
export interface FlinkDependencies {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly notify: (text: string) => Promise<void>;
}

/**
 * Starts the Flink job between the local services; resolves when it runs.
 *
 * Errors: `usage` without an endpoint to score by; those of the jar and of the job.
 */
export async function startLocalFlink(
  { kinesis, endpoint, inputStream, region, options }: LocalFlinkSettings,
  { env, notify }: FlinkDependencies,
): Promise<FlinkJob> {
  if (!endpoint && !options.get('url') && !options.get('endpoint-url')) {
    const advice = 'Leave --no-endpoint out, or give --flink-option url=...';
    throw new FraudstreamError('usage', `--flink has no scoring endpoint. ${advice}`);
  }
  const settings = new Map([
    ['from-stream', inputStream],
    ['to-stream', 'verdicts'],
    ['rejects-stream', 'rejects'],
    ['region', region],
    ['kinesis-endpoint-url', kinesis.url],
    // The first look for shards comes after one such span; shorter ones overtake each other.
    ['shard-discovery', '3 s'],
    ...(endpoint && !options.has('url')
      ? ([
          ['endpoint-name', endpoint.name],
          ['endpoint-url', endpoint.url],
        ] as const)
      : []),
    ...options,
  ]);
  return startFlinkJob(await flinkJar(env, notify), settings, env);
}
