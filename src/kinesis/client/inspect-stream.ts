import {
  DescribeStreamSummaryCommand,
  type DescribeStreamSummaryOutput,
} from '@aws-sdk/client-kinesis';
import { within } from '../../http/bounds.ts';
import type { Clock } from '../../stream/clock.ts';
import type { Shard } from '../put-client.ts';
import { listedShards, withRetries } from '../retries.ts';
import { invalidResponse, textIn } from './answers.ts';
import { listShards } from './read-shard.ts';
import { serviceError } from './service-error.ts';
import { addressOf, type ClientSettings, kinesisClient, regionOf } from './stream-client.ts';

/** One check of a stream; `problem` says what to do. */
export interface StreamCheck {
  readonly subject: string;
  readonly found: string;
  readonly problem?: unknown;
}

const CALL = 'DescribeStreamSummary';
const NO_CREDENTIALS = 'the provider of credentials did not answer in time';
/** What fails so often in a row is worth a finding. */
const TRIES = 3;
/** Clocks further apart than this make AWS refuse signatures. Source: SigV4, five minutes. */
const SKEW_REFUSED_MS = 300_000;
const SKEW_DOUBTFUL_MS = 2_000;

/**
 * Checks what a run needs from AWS, one after the other, until a check fails.
 *
 * `clock` is compared with the service's own.
 */
export async function* inspect(
  settings: ClientSettings,
  clock: Clock,
): AsyncGenerator<StreamCheck, void, undefined> {
  const sdk = kinesisClient(settings);
  const { stream, endpointUrl, requestTimeoutMs } = settings;
  const policy = { clock, tries: TRIES, isFirstCall: true };
  try {
    const region = await regionOf(sdk);
    yield { subject: 'region', found: region };
    const target = { stream, region, endpointUrl };
    const credentials = await withRetries(
      'the provider of credentials',
      () => orThrow(within(requestTimeoutMs, sdk.config.credentials(), NO_CREDENTIALS), target),
      policy,
    );
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
    const summary = await withRetries(
      CALL,
      () => orThrow(sdk.send(describe).then(summaryIn), target),
      policy,
    );
    yield { subject: 'stream', found: `${stream} is ${summary.status}, keeps ${summary.hours} h` };
    yield skew(clock.now() - serverAt);
    const list = (): Promise<readonly Shard[]> =>
      orThrow(listShards(sdk, addressOf(stream)), target);
    const shards = await listedShards({ listShards: list }, policy);
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

function summaryIn({ StreamDescriptionSummary: summary }: DescribeStreamSummaryOutput): {
  readonly status: string;
  readonly hours: number;
} {
  const { StreamStatus, RetentionPeriodHours: hours } = summary ?? {};
  const status = textIn(CALL, 'StreamStatus', StreamStatus);
  if (typeof hours === 'number') return { status, hours };
  throw invalidResponse(CALL, 'has no RetentionPeriodHours');
}

function skew(skewMs: number): StreamCheck {
  if (Number.isNaN(skewMs)) return { subject: 'clock', found: 'the service sent no time' };
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
