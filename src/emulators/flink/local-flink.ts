import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import type { EmbeddedKinesis } from '../kinesis/embedded-kinesis.ts';
import type { LocalEndpoint } from '../sagemaker/endpoint.ts';
import { flinkJar } from './flink-jar.ts';
import { type FlinkJob, startFlinkJob } from './flink-job.ts';

/** What the flags say about the Flink job. */
export interface FlinkValues {
  readonly flink: boolean;
  readonly flinkOption: ReadonlyMap<string, string>;
}

type Streams = Readonly<Record<string, number>>;

/** The streams of the flags, and those that the job writes to. */
export function withFlinkStreams(streams: Streams, { flink }: FlinkValues): Streams {
  const shards = Object.values(streams)[0] ?? 1;
  return flink ? { verdicts: shards, rejects: 1, ...streams } : streams;
}

/**
 * The Flink job between the local services; nothing when the values want none.
 *
 * Errors: `usage` without an endpoint to score by; those of the jar and of the job.
 */
export async function localFlink(
  { flink, flinkOption }: FlinkValues,
  [input = 'transactions']: readonly string[],
  services: { readonly kinesis: EmbeddedKinesis; readonly endpoint: LocalEndpoint | undefined },
  region: string,
  runtime: Pick<Runtime, 'env' | 'err'>,
): Promise<FlinkJob | undefined> {
  if (!flink) return undefined;
  const { kinesis, endpoint } = services;
  const isScored = endpoint ?? (flinkOption.get('url') || flinkOption.get('endpoint-url'));
  if (!isScored) {
    const advice = 'Leave --no-endpoint out, or give --flink-option url=...';
    throw new FraudstreamError('usage', `--flink has no endpoint to score by. ${advice}`);
  }
  const settings = new Map([
    ['from-stream', input],
    ['to-stream', 'verdicts'],
    ['rejects-stream', 'rejects'],
    ['region', region],
    ['kinesis-endpoint-url', kinesis.url],
    // The first look for shards comes after one such span; shorter ones overtake each other.
    ['shard-discovery', '3 s'],
    ...(endpoint && !flinkOption.has('url')
      ? ([
          ['endpoint-name', endpoint.name],
          ['endpoint-url', endpoint.url],
        ] as const)
      : []),
    ...flinkOption,
  ]);
  const jar = await flinkJar(runtime.env, (text) => runtime.err.print(text));
  return startFlinkJob(jar, settings, runtime.env);
}
