import { DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { listShards } from './list-shards.ts';
import { serviceError } from './service-error.ts';
import { addressOf, type ClientSettings, regionOf, sdkSettings } from './stream-client.ts';

/** One thing looked at; `problem` is what to do about it. */
export interface Finding {
  readonly subject: string;
  readonly found: string;
  readonly problem?: unknown;
}

/** Clocks further apart than this make AWS refuse signatures. Source: SigV4, five minutes. */
const SKEW_REFUSED_MS = 300_000;
const SKEW_DOUBTFUL_MS = 2_000;

/**
 * Looks at everything a run needs of AWS, one after the other, until something fails.
 *
 * `now` is the machine's clock in epoch milliseconds, held against the service's own.
 */
export async function* inspect(
  settings: ClientSettings,
  now: () => number,
): AsyncGenerator<Finding, void, undefined> {
  const sdk = new KinesisClient(sdkSettings(settings));
  const { stream, endpointUrl } = settings;
  try {
    const region = await regionOf(sdk);
    yield { subject: 'region', found: region };
    const target = { stream, region, endpointUrl };
    const credentials = await orThrow(sdk.config.credentials(), target);
    yield { subject: 'credentials', found: `access key ${masked(credentials.accessKeyId)}` };
    let serverAt = Number.NaN;
    const describe = new DescribeStreamSummaryCommand(addressOf(stream));
    describe.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { headers } = result.response as { headers?: Record<string, string> };
        serverAt = Date.parse(headers?.date ?? '');
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'serverDate' },
    );
    const { StreamDescriptionSummary: summary } = await orThrow(sdk.send(describe), target);
    yield {
      subject: 'stream',
      found: `${stream} is ${summary?.StreamStatus ?? 'there'}, keeps ${summary?.RetentionPeriodHours ?? '?'} h`,
    };
    yield clock(now() - serverAt);
    const shards = await orThrow(listShards(sdk, addressOf(stream)), target);
    const open = shards.filter((shard) => shard.isOpen).length;
    yield {
      subject: 'shards',
      found: `${open} open: ${open * 1000} Kinesis records/s, ${open} MiB/s; ${shards.length - open} closed`,
    };
  } catch (problem) {
    yield { subject: 'Kinesis', found: 'not usable', problem };
  } finally {
    sdk.destroy();
  }
}

async function orThrow<T>(
  work: Promise<T>,
  target: Parameters<typeof serviceError>[1],
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw serviceError(error, target);
  }
}

function clock(skewMs: number): Finding {
  if (Number.isNaN(skewMs)) return { subject: 'clock', found: 'the service told no time' };
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  const found = `${seconds} s ${skewMs < 0 ? 'behind' : 'ahead of'} the service (its answer has whole seconds)`;
  if (Math.abs(skewMs) < SKEW_DOUBTFUL_MS) return { subject: 'clock', found };
  const advice =
    'Latencies between machines will be wrong by as much; synchronise the clock (NTP).';
  const refused = 'Signatures will be refused; synchronise the clock (NTP).';
  return {
    subject: 'clock',
    found,
    problem: Math.abs(skewMs) > SKEW_REFUSED_MS ? refused : advice,
  };
}

function masked(accessKeyId: string): string {
  return `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-2)}`;
}
