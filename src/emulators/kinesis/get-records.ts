import { ITERATOR_LIFE_MS, READ_BYTES, RECORDS_A_READ } from './limits.ts';
import { decoded, encoded, rangeOf } from './list-shards.ts';
import type { KinesisRequest } from './request.ts';
import { type Operation, seconds, streamOf } from './request.ts';
import { invalidArgument, KinesisError } from './service-error.ts';
import type { StoredRecord, StoredShard } from './shard.ts';
import { after } from './shard.ts';
import type { StoredStream } from './stream.ts';

/** Reading of shards. */
export const read: Readonly<Record<string, Operation>> = {
  GetShardIterator(request, store, now) {
    const stream = streamOf(request, store, now);
    const shard = stream.shard(request.text('ShardId'));
    const type = request.text('ShardIteratorType');
    const from = beginning(request, { type, number: 'StartingSequenceNumber' }, stream, shard);
    return { ShardIterator: iterator(stream, shard, from, now) };
  },
  GetRecords(request, store, now) {
    const place = decoded(request.text('ShardIterator'), 'ShardIterator');
    const { stream: name, shard: shardId = '', from = '', at } = place;
    if (name === undefined || at === undefined) throw invalidArgument('Invalid ShardIterator.');
    if (now - Number(at) > ITERATOR_LIFE_MS) {
      throw new KinesisError('ExpiredIteratorException', 'Iterator expired.');
    }
    const stream = store.stream(name, undefined, now);
    const shard = stream.shard(shardId);
    const limit = request.number('Limit', [1, RECORDS_A_READ], RECORDS_A_READ);
    const records = withinBytes(shard.from(from, limit), READ_BYTES);
    const last = records.at(-1);
    const next = last ? after(last.sequenceNumber) : from;
    const rest = shard.from(next, 1)[0];
    const isEnd = !shard.isOpen && !rest;
    return {
      Records: records.map(recordJson),
      ...(isEnd
        ? { ChildShards: children(stream, shard) }
        : { NextShardIterator: iterator(stream, shard, next, now) }),
      MillisBehindLatest: rest ? Math.max(0, Math.round(now - rest.arrivedAt)) : 0,
    };
  },
};

function iterator(stream: StoredStream, shard: StoredShard, from: string, now: number): string {
  return encoded({ stream: stream.name, shard: shard.id, from, at: String(now) });
}

/**
 * The sequence number from which a request reads; `number` names its field of a sequence number.
 *
 * Errors: InvalidArgumentException.
 */
export function beginning(
  request: KinesisRequest,
  { type, number }: { readonly type: string; readonly number: string },
  stream: StoredStream,
  shard: StoredShard,
): string {
  switch (type) {
    case 'TRIM_HORIZON':
      return shard.startingSequenceNumber;
    case 'LATEST':
      return end(shard);
    case 'AT_TIMESTAMP':
      return shard.firstAt(request.instant('Timestamp'))?.sequenceNumber ?? end(shard);
    case 'AT_SEQUENCE_NUMBER':
      return known(request.text(number), number, stream);
    case 'AFTER_SEQUENCE_NUMBER':
      return after(known(request.text(number), number, stream));
    default:
      throw invalidArgument(`The starting position ${type.slice(0, 50)} is not known.`);
  }
}

/** Behind the last record of the shard. */
function end(shard: StoredShard): string {
  return after(shard.newest?.sequenceNumber ?? shard.startingSequenceNumber);
}

/** A number of elsewhere, or of before a restart, would make a reader wait for ever. */
function known(sequenceNumber: string, name: string, stream: StoredStream): string {
  if (stream.hasGiven(sequenceNumber)) return sequenceNumber;
  throw invalidArgument(`${name} ${sequenceNumber.slice(0, 150)} is not of this stream.`);
}

/** As many of the first records as fit into so many bytes; at least one. */
export function withinBytes(
  records: readonly StoredRecord[],
  mostBytes: number,
): readonly StoredRecord[] {
  let bytes = 0;
  const cut = records.findIndex((record, index) => {
    bytes += record.bytes;
    return index > 0 && bytes > mostBytes;
  });
  return cut < 0 ? records : records.slice(0, cut);
}

/** A record as answers have it. */
export function recordJson(record: StoredRecord): object {
  return {
    SequenceNumber: record.sequenceNumber,
    ApproximateArrivalTimestamp: seconds(record.arrivedAt),
    Data: record.base64,
    PartitionKey: record.partitionKey,
    EncryptionType: 'NONE',
  };
}

/** The shards that came out of a closed one. */
export function children(stream: StoredStream, shard: StoredShard): readonly object[] {
  return shard.childIds.map((id) => {
    const child = stream.shard(id);
    return { ShardId: id, ParentShards: child.parentIds, ...rangeOf(child) };
  });
}
