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
import { invalidArgument } from './service-error.ts';
import type { StoredStream } from './stream.ts';

const STREAMS_A_PAGE = 100;

/** What concerns streams rather than records. Source: Kinesis API reference. */
export const control: Readonly<Record<string, Operation>> = {
  CreateStream(request, store, now) {
    const shardCount = request.number('ShardCount', [1, SHARDS_AT_MOST], 4);
    const maxRecordKib = recordKib(request);
    store.create(request.text('StreamName'), shardCount, now).maxRecordKib = maxRecordKib;
    return {};
  },
  UpdateMaxRecordSize(request, store, now) {
    streamOf(request, store, now).maxRecordKib = recordKib(request);
    return {};
  },
  DeleteStream(request, store, now) {
    store.delete(streamOf(request, store, now));
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
    const summary = { ...description(stream, now), OpenShardCount, ConsumerCount: 0 };
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
  AddTagsToStream(request, store, now) {
    const { tags } = streamOf(request, store, now);
    const added = request.map('Tags');
    if (new Set([...tags.keys(), ...added.keys()]).size > TAGS_AT_MOST) {
      throw invalidArgument(`A stream has at most ${TAGS_AT_MOST} tags.`);
    }
    for (const [key, value] of added) tags.set(key, value);
    return {};
  },
  RemoveTagsFromStream(request, store, now) {
    const { tags } = streamOf(request, store, now);
    for (const key of request.texts('TagKeys')) tags.delete(key);
    return {};
  },
  ListTagsForStream(request, store, now) {
    const { tags } = streamOf(request, store, now);
    return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })), HasMoreTags: false };
  },
  DescribeLimits(_, store) {
    const shards = store.streams.flatMap((stream) => stream.shards);
    const OpenShardCount = shards.filter((shard) => shard.isOpen).length;
    return {
      ShardLimit: SHARDS_AT_MOST,
      OpenShardCount,
      OnDemandStreamCount: 0,
      OnDemandStreamCountLimit: 0,
    };
  },
};

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
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    StreamCreationTimestamp: seconds(stream.createdAt),
  };
}

function description(stream: StoredStream, now: number): object {
  return {
    ...heading(stream, now),
    RetentionPeriodHours: stream.retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
    MaxRecordSizeInKiB: stream.maxRecordKib,
  };
}
