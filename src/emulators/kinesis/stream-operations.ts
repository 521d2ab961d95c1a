import {
  LARGEST_RECORD_KIB,
  RECORD_KIB,
  SHARDS_A_PAGE,
  SHARDS_AT_MOST,
  TAGS_AT_MOST,
} from './limits.ts';
import { describeShards } from './list-shards.ts';
import type { KinesisRequest } from './request.ts';
import { type Operation, seconds, streamOf } from './request.ts';
import { inUse, invalid, invalidArgument } from './service-error.ts';
import type { StoredStream, StreamMode } from './stream.ts';

const STREAMS_A_PAGE = 100;
/** Source: Kinesis quotas. */
const ON_DEMAND_AT_MOST = 50;

/** What concerns streams rather than records. Source: Kinesis API reference. */
export const control: Readonly<Record<string, Operation>> = {
  CreateStream(request, store, now) {
    const shardCount = request.number('ShardCount', [1, SHARDS_AT_MOST], 4);
    const maxRecordKib = recordKib(request);
    const mode = modeIn(request);
    const tags = request.optionalMap('Tags');
    const stream = store.create(request.text('StreamName'), shardCount, now);
    stream.maxRecordKib = maxRecordKib;
    stream.mode = mode;
    addTags(stream, tags);
    return {};
  },
  UpdateStreamMode(request, store, now) {
    streamOf(request, store, now).mode = modeIn(request);
    return {};
  },
  EnableEnhancedMonitoring(request, store, now) {
    const asked = metricsIn(request);
    return monitored(streamOf(request, store, now), (current) => [
      ...new Set([...current, ...asked]),
    ]);
  },
  DisableEnhancedMonitoring(request, store, now) {
    const asked = metricsIn(request);
    return monitored(streamOf(request, store, now), (current) =>
      current.filter((metric) => !asked.includes(metric)),
    );
  },
  StartStreamEncryption(request, store, now) {
    streamOf(request, store, now).keyId = request.text('KeyId');
    return {};
  },
  StopStreamEncryption(request, store, now) {
    streamOf(request, store, now).keyId = undefined;
    return {};
  },
  UpdateMaxRecordSize(request, store, now) {
    streamOf(request, store, now).maxRecordKib = recordKib(request);
    return {};
  },
  DeleteStream(request, store, now) {
    const stream = streamOf(request, store, now);
    if (stream.consumers.all(now).length > 0 && !request.isTrue('EnforceConsumerDeletion')) {
      throw inUse(`Stream ${stream.name} has consumers: set EnforceConsumerDeletion.`);
    }
    store.delete(stream);
    return {};
  },
  ListStreams(request, store, now) {
    const limit = request.number('Limit', [1, 10_000], STREAMS_A_PAGE);
    const after =
      request.optionalText('ExclusiveStartStreamName') ?? request.optionalText('NextToken');
    const streams = [...store.streams]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter((stream) => after === undefined || stream.name > after);
    const page = streams.slice(0, limit);
    const hasMore = streams.length > page.length;
    return {
      StreamNames: page.map((stream) => stream.name),
      StreamSummaries: page.map((stream) => heading(stream, now)),
      HasMoreStreams: hasMore,
      ...(hasMore && { NextToken: page.at(-1)?.name }),
    };
  },
  DescribeStream(request, store, now) {
    const stream = streamOf(request, store, now);
    const limit = request.number('Limit', [1, 10_000], SHARDS_A_PAGE);
    const after = request.optionalText('ExclusiveStartShardId') ?? '';
    const shards = stream.shards.filter((shard) => shard.id > after);
    const StreamDescription = {
      ...description(stream, now),
      HasMoreShards: shards.length > limit,
      Shards: describeShards(shards.slice(0, limit)),
    };
    return { StreamDescription };
  },
  DescribeStreamSummary(request, store, now) {
    const stream = streamOf(request, store, now);
    const OpenShardCount = stream.shards.filter((shard) => shard.isOpen).length;
    const ConsumerCount = stream.consumers.all(now).length;
    const summary = { ...description(stream, now), OpenShardCount, ConsumerCount };
    return { StreamDescriptionSummary: summary };
  },
  SplitShard(request, store, now) {
    const [shardId, key] = [request.text('ShardToSplit'), request.text('NewStartingHashKey')];
    streamOf(request, store, now).split(shardId, key, now);
    return {};
  },
  MergeShards(request, store, now) {
    const [shardId, other] = [request.text('ShardToMerge'), request.text('AdjacentShardToMerge')];
    streamOf(request, store, now).merge(shardId, other, now);
    return {};
  },
  IncreaseStreamRetentionPeriod: retention,
  DecreaseStreamRetentionPeriod: retention,
  AddTagsToStream: tag,
  TagResource: tag,
  RemoveTagsFromStream: untag,
  UntagResource: untag,
  ListTagsForStream(request, store, now) {
    return { Tags: tagsOf(streamOf(request, store, now)), HasMoreTags: false };
  },
  ListTagsForResource(request, store, now) {
    return { Tags: tagsOf(streamOf(request, store, now)) };
  },
  DescribeLimits(_, store) {
    const shards = store.streams.flatMap((stream) => stream.shards);
    const OpenShardCount = shards.filter((shard) => shard.isOpen).length;
    return {
      ShardLimit: SHARDS_AT_MOST,
      OpenShardCount,
      OnDemandStreamCount: store.streams.filter(({ mode }) => mode === 'ON_DEMAND').length,
      OnDemandStreamCountLimit: ON_DEMAND_AT_MOST,
    };
  },
};

function tag(...[request, store, now]: Parameters<Operation>): object {
  addTags(streamOf(request, store, now), request.map('Tags'));
  return {};
}

function untag(...[request, store, now]: Parameters<Operation>): object {
  const { tags } = streamOf(request, store, now);
  for (const key of request.texts('TagKeys')) tags.delete(key);
  return {};
}

function addTags({ tags }: StoredStream, added: ReadonlyMap<string, string>): void {
  if (new Set([...tags.keys(), ...added.keys()]).size > TAGS_AT_MOST) {
    throw invalidArgument(`A stream has at most ${TAGS_AT_MOST} tags.`);
  }
  for (const [key, value] of added) tags.set(key, value);
}

function tagsOf({ tags }: StoredStream): readonly object[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

function modeIn(request: KinesisRequest): StreamMode {
  const mode = request.part('StreamModeDetails').optionalText('StreamMode') ?? 'PROVISIONED';
  if (mode === 'PROVISIONED' || mode === 'ON_DEMAND') return mode;
  throw invalid(`StreamMode must be PROVISIONED or ON_DEMAND, not ${mode.slice(0, 50)}.`);
}

/** Source: Kinesis API reference, EnableEnhancedMonitoring. */
const METRICS: readonly string[] = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
];

function metricsIn(request: KinesisRequest): readonly string[] {
  const asked = request.texts('ShardLevelMetrics');
  const unknown = asked.find((metric) => metric !== 'ALL' && !METRICS.includes(metric));
  if (unknown !== undefined) throw invalid(`There is no metric ${unknown.slice(0, 50)}.`);
  return asked.includes('ALL') ? METRICS : asked;
}

function monitored(
  stream: StoredStream,
  change: (current: readonly string[]) => readonly string[],
): object {
  const current = stream.shardLevelMetrics;
  stream.shardLevelMetrics = change(current);
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    CurrentShardLevelMetrics: current,
    DesiredShardLevelMetrics: stream.shardLevelMetrics,
  };
}

function retention(...[request, store, now]: Parameters<Operation>): object {
  const hours = request.number('RetentionPeriodHours', [24, 8_760], 24);
  streamOf(request, store, now).retentionHours = hours;
  return {};
}

function recordKib(request: KinesisRequest): number {
  return request.number('MaxRecordSizeInKiB', [RECORD_KIB, LARGEST_RECORD_KIB], RECORD_KIB);
}

function heading(stream: StoredStream, now: number): object {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: stream.status(now),
    StreamModeDetails: { StreamMode: stream.mode },
    StreamCreationTimestamp: seconds(stream.createdAt),
  };
}

function description(stream: StoredStream, now: number): object {
  return {
    ...heading(stream, now),
    RetentionPeriodHours: stream.retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: stream.shardLevelMetrics }],
    EncryptionType: stream.keyId === undefined ? 'NONE' : 'KMS',
    ...(stream.keyId !== undefined && { KeyId: stream.keyId }),
    MaxRecordSizeInKiB: stream.maxRecordKib,
  };
}
