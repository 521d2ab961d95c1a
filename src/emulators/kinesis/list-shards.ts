import { hashKeyToDecimal } from '../../kpl/hash-key.ts';
import { parseJson } from '../../text/parse-json.ts';
import { SHARDS_A_PAGE } from './limits.ts';
import { type KinesisRequest, type Operation, streamOf } from './request.ts';
import { invalidArgument } from './service-error.ts';
import type { StoredShard } from './shard.ts';

/** Opaque texts that clients hand back: iterators and page tokens. */
export function encoded(fields: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/** The fields of a token of ours. Errors: InvalidArgumentException for any other text. */
export function decoded(token: string, name: string): Readonly<Record<string, string>> {
  try {
    const fields: unknown = parseJson(Buffer.from(token, 'base64url').toString('utf8'));
    if (isTexts(fields)) return fields;
  } catch {
    // Not ours; told below.
  }
  throw invalidArgument(`Invalid ${name}.`);
}

function isTexts(fields: unknown): fields is Readonly<Record<string, string>> {
  if (typeof fields !== 'object' || fields === null) return false;
  return Object.values(fields).every((value) => typeof value === 'string');
}

/** ListShards, with its filter and its pages. */
export const shardList: Readonly<Record<string, Operation>> = {
  ListShards(request, store, now) {
    const token = request.optionalText('NextToken');
    if (token !== undefined && request.optionalText('StreamName') !== undefined) {
      throw invalidArgument('NextToken and StreamName cannot be provided together.');
    }
    const page = token === undefined ? undefined : decoded(token, 'NextToken');
    const stream = page ? store.stream(page.stream, undefined, now) : streamOf(request, store, now);
    const after = page?.after ?? request.optionalText('ExclusiveStartShardId') ?? '';
    const filter = page ? filterIn(page) : filterOf(request);
    const shards = filtered(stream.shards, filter).filter((shard) => shard.id > after);
    const limit = request.number('MaxResults', [1, 10_000], SHARDS_A_PAGE);
    const shown = shards.slice(0, limit);
    const next = {
      stream: stream.name,
      after: shown.at(-1)?.id ?? '',
      ...filterFields(filter),
    };
    return {
      Shards: describeShards(shown),
      ...(shards.length > shown.length && { NextToken: encoded(next) }),
    };
  },
};

interface Filter {
  readonly type?: string;
  readonly shardId?: string;
  readonly at?: number;
}

function filterOf(request: KinesisRequest): Filter {
  const part = request.part('ShardFilter');
  const type = part.optionalText('Type');
  if (type === undefined) return {};
  if (type === 'AFTER_SHARD_ID') return { type, shardId: part.text('ShardId') };
  if (type === 'AT_TIMESTAMP' || type === 'FROM_TIMESTAMP')
    return { type, at: part.instant('Timestamp') };
  return { type };
}

/** The filter in a page token, whose fields are texts. */
function filterIn({ type, shardId, at }: Readonly<Record<string, string>>): Filter {
  return {
    ...(type !== undefined && { type }),
    ...(shardId !== undefined && { shardId }),
    ...(at !== undefined && { at: Number(at) }),
  };
}

function filterFields({ at, ...texts }: Filter): Readonly<Record<string, string>> {
  return { ...texts, ...(at !== undefined && { at: String(at) }) };
}

function filtered(
  shards: readonly StoredShard[],
  { type, shardId = '', at = 0 }: Filter,
): readonly StoredShard[] {
  const wanted: Readonly<Record<string, (shard: StoredShard) => boolean>> = {
    AFTER_SHARD_ID: (shard) => shard.id > shardId,
    AT_LATEST: (shard) => shard.isOpen,
    AT_TRIM_HORIZON: (shard) => shard.parentIds.length === 0,
    FROM_TRIM_HORIZON: () => true,
    AT_TIMESTAMP: (shard) => shard.openedAt <= at && shard.closedAt > at,
    FROM_TIMESTAMP: (shard) => shard.closedAt > at,
  };
  if (type === undefined) return shards;
  const isWanted = Object.hasOwn(wanted, type) ? wanted[type] : undefined;
  if (!isWanted) throw invalidArgument(`ShardFilter type ${type} is not known.`);
  return shards.filter(isWanted);
}

/** Shards as DescribeStream and ListShards tell them. */
export function describeShards(shards: readonly StoredShard[]): readonly object[] {
  return shards.map((shard) => ({
    ShardId: shard.id,
    ...(shard.parentIds[0] !== undefined && { ParentShardId: shard.parentIds[0] }),
    ...(shard.parentIds[1] !== undefined && { AdjacentParentShardId: shard.parentIds[1] }),
    ...rangeOf(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: shard.startingSequenceNumber,
      ...(shard.endingSequenceNumber !== undefined && {
        EndingSequenceNumber: shard.endingSequenceNumber,
      }),
    },
  }));
}

/** The range of a shard, in decimal. */
export function rangeOf({ start, end }: StoredShard): object {
  return {
    HashKeyRange: {
      StartingHashKey: hashKeyToDecimal(start),
      EndingHashKey: hashKeyToDecimal(end),
    },
  };
}
