import {
  DescribeStreamSummaryCommand,
  type DescribeStreamSummaryOutput,
  type KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { FraudstreamError } from '../../errors.ts';
import { within } from '../../http/bounds.ts';
import type { Clock } from '../../stream/clock.ts';
import { count, span } from '../../text/format.ts';
import type { Shard } from '../put-client.ts';
import { listedShards, withRetries } from '../retries.ts';
import { invalidResponse, textIn } from './answers.ts';
import { getRecords, listShards, shardIterator } from './read-shard.ts';
import { type CallTarget, orServiceError, serviceError, troubleOf } from './service-error.ts';
import { addressOf, type ClientSettings, kinesisClient, regionOf } from './stream-client.ts';

/** One check of a stream; `problem` says what to do. */
export interface StreamCheck {
  readonly subject: string;
  readonly found: string;
  readonly problem?: unknown;
}

/** What the run does with the stream, and at which rate. */
export interface StreamUse {
  readonly does: 'put' | 'read';
  readonly perSecond?: number | undefined;
}

const CALL = 'DescribeStreamSummary';
const NO_CREDENTIALS = 'the provider of credentials did not answer in time';
/** What fails so often in a row is worth a finding. */
const TRIES = 3;
/** Clocks further apart than this make AWS refuse signatures. Source: SigV4, five minutes. */
const SKEW_REFUSED_MS = 300_000;
const SKEW_DOUBTFUL_MS = 2_000;
/** A run of a quarter of an hour should not outlive its credentials. */
const EXPIRY_DOUBTFUL_MS = 900_000;
/** One above the highest hash key: Kinesis checks permissions, and then refuses the record. */
const NO_HASH_KEY = String(2n ** 128n);
/** A generated transaction with its partition key. Source: docs/performance.md. */
const RECORD_BYTES = 850;
const SHARD_BYTES = 1_048_576;

/**
 * Checks what a run needs from AWS, one after the other, until a check fails.
 *
 * `clock` is compared with the service's own. Nothing is written to the stream.
 */
export async function* inspect(
  settings: ClientSettings,
  clock: Clock,
  use: StreamUse,
): AsyncGenerator<StreamCheck, void, undefined> {
  const sdk = kinesisClient(settings);
  const { stream, endpointUrl, requestTimeoutMs, flags } = settings;
  const policy = { clock, tries: TRIES, isFirstCall: true };
  try {
    const region = await regionOf(sdk);
    yield { subject: 'region', found: region };
    const target = { stream, region, endpointUrl, flags };
    const credentials = await withRetries(
      'the provider of credentials',
      () =>
        orServiceError(within(requestTimeoutMs, sdk.config.credentials(), NO_CREDENTIALS), target),
      policy,
    );
    yield keys(credentials, clock.now());
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
      () => orServiceError(sdk.send(describe).then(summaryIn), target),
      policy,
    );
    yield state(stream, summary);
    yield skew(clock.now() - serverAt);
    const list = (): Promise<readonly Shard[]> =>
      orServiceError(listShards(sdk, addressOf(stream)), target);
    const shards = await listedShards({ listShards: list }, policy);
    const open = shards.filter((shard) => shard.isOpen);
    yield {
      subject: 'shards',
      found: `${open.length} open: ${open.length * 1000} Kinesis records/s, ${open.length} MiB/s; ${shards.length - open.length} closed`,
    };
    if (use.perSecond !== undefined)
      yield capacity(use.perSecond, open.length, summary.isOnDemand, stream);
    yield use.does === 'put' ? await putAllowed(sdk, target) : await readAllowed(sdk, target, open);
  } catch (problem) {
    yield { subject: 'Kinesis', found: 'not usable', problem };
  } finally {
    sdk.destroy();
  }
}

interface AccessKey {
  readonly accessKeyId: string;
  readonly expiration?: Date;
}

function keys({ accessKeyId, expiration }: AccessKey, now: number): StreamCheck {
  const subject = 'credentials';
  const key = `access key ${masked(accessKeyId)}`;
  if (expiration === undefined) return { subject, found: `${key}, without an expiry` };
  const leftMs = expiration.getTime() - now;
  if (leftMs <= 0) {
    const message = `They expired at ${expiration.toISOString()}. Renew them, as with: aws sso login.`;
    return { subject, found: key, problem: new FraudstreamError('no-credentials', message) };
  }
  const found = `${key}, expires in ${span(leftMs)}`;
  const problem = 'A longer run needs new ones: renew them before, as with: aws sso login.';
  return leftMs < EXPIRY_DOUBTFUL_MS ? { subject, found, problem } : { subject, found };
}

function state(stream: string, { status, hours, isOnDemand }: Summary): StreamCheck {
  const mode = isOnDemand ? ', on-demand' : '';
  const found = `${stream} is ${status}, keeps ${hours} h${mode}`;
  if (status === 'ACTIVE' || status === 'UPDATING') return { subject: 'stream', found };
  const message = `A run needs an ACTIVE stream. Wait for it: aws kinesis wait stream-exists --stream-name ${stream}.`;
  return { subject: 'stream', found, problem: new FraudstreamError('unreachable', message) };
}

/** Whether the shards accept a rate of transactions of the usual size, well aggregated. */
function capacity(
  perSecond: number,
  open: number,
  isOnDemand: boolean,
  stream: string,
): StreamCheck {
  const needed = Math.ceil((perSecond * RECORD_BYTES) / SHARD_BYTES);
  const found = `${count(perSecond)}/s of ${RECORD_BYTES} bytes need ${needed} shard${needed === 1 ? '' : 's'} of 1 MiB/s; ${open} open`;
  if (needed <= open) return { subject: 'rate', found };
  const advice = isOnDemand
    ? 'An on-demand stream adds shards while the load grows, and throttles until then: raise the rate in steps with --stages.'
    : `Records will be throttled. Lower --rate, or add shards: aws kinesis update-shard-count --stream-name ${stream} --target-shard-count ${needed} --scaling-type UNIFORM_SCALING.`;
  return { subject: 'rate', found, problem: advice };
}

/** Asks for PutRecords with a record that Kinesis cannot accept. */
async function putAllowed(sdk: KinesisClient, target: CallTarget): Promise<StreamCheck> {
  const subject = 'may put';
  const entry = { Data: new Uint8Array(1), PartitionKey: '-', ExplicitHashKey: NO_HASH_KEY };
  const command = new PutRecordsCommand({ ...addressOf(target.stream), Records: [entry] });
  try {
    await sdk.send(command);
  } catch (error) {
    if (/^(InvalidArgument|Validation)/.test(troubleOf(error).code)) {
      return { subject, found: 'kinesis:PutRecords is allowed; nothing was written' };
    }
    return { subject, found: 'kinesis:PutRecords failed', problem: serviceError(error, target) };
  }
  return { subject, found: 'unknown: the service accepts records with any hash key' };
}

/** Reads the end of the first open shard. */
async function readAllowed(
  sdk: KinesisClient,
  target: CallTarget,
  [shard]: readonly Shard[],
): Promise<StreamCheck> {
  const subject = 'may read';
  if (!shard) return { subject, found: 'unknown: there is no open shard' };
  try {
    const iterator = await shardIterator(sdk, addressOf(target.stream), shard.shardId, 'latest');
    if (iterator === undefined) return { subject, found: 'unknown: GetShardIterator named none' };
    const { failure } = await getRecords(sdk, iterator, 1, target);
    if (failure) return { subject, found: `unknown: GetRecords answered ${failure.code}` };
  } catch (error) {
    const problem = error instanceof FraudstreamError ? error : serviceError(error, target);
    return { subject, found: 'kinesis:GetRecords failed', problem };
  }
  return { subject, found: 'kinesis:GetShardIterator and kinesis:GetRecords are allowed' };
}

interface Summary {
  readonly status: string;
  readonly hours: number;
  readonly isOnDemand: boolean;
}

function summaryIn({ StreamDescriptionSummary: summary }: DescribeStreamSummaryOutput): Summary {
  const { StreamStatus, RetentionPeriodHours: hours, StreamModeDetails: mode } = summary ?? {};
  const status = textIn(CALL, 'StreamStatus', StreamStatus);
  const isOnDemand = mode?.StreamMode === 'ON_DEMAND';
  if (typeof hours === 'number') return { status, hours, isOnDemand };
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
