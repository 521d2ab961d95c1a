import type { Position, ReadClient, RecordPage } from '../../dist/kinesis/read-client.js';
import type { Clock } from '../../dist/stream/clock.js';
import type { SimulatedKinesis } from './simulated-kinesis.ts';

/** Probabilities of what goes wrong in reading, each for one call. */
export interface ReadTroubles {
  readonly expired?: number;
  readonly throttled?: number;
}

/** Reads a simulated stream; an iterator is `shard:place`. Arrival is the making of the entry. */
export function simulatedReading(
  kinesis: SimulatedKinesis,
  clock: Clock,
  random: () => number,
  troubles: ReadTroubles = {},
): ReadClient {
  const happens = (probability = 0): boolean => random() < probability;
  const shardOf = (id: string) => {
    const shard = kinesis.shards.find((one) => one.id === id);
    if (!shard) throw new Error(`no shard ${id}`);
    return shard;
  };
  const placeOf = (id: string, position: Position): number => {
    const { entries, arrivals } = shardOf(id);
    if (position === 'latest') return entries.length;
    if (position === 'trim-horizon') return 0;
    if ('sequenceNumber' in position) return Number(position.sequenceNumber) - 1;
    const place = arrivals.findIndex((arrivedAt) => arrivedAt >= position.timestamp);
    return place < 0 ? entries.length : place;
  };
  const page = (id: string, place: number, limit: number): RecordPage => {
    const shard = shardOf(id);
    const entries = shard.entries.slice(place, place + limit).map((entry, index) => ({
      sequenceNumber: String(place + index + 1),
      partitionKey: entry.partitionKey,
      data: entry.data,
      arrivedAt: shard.arrivals[place + index] ?? Number.NaN,
    }));
    const end = place + entries.length;
    const isEnd = !shard.isOpen && end === shard.entries.length;
    const behindMs = end < shard.entries.length ? 1_000 : 0;
    return { entries, next: isEnd ? undefined : `${id}:${end}`, behindMs };
  };
  return {
    listShards: () => kinesis.listShards(),
    iterator: async (id, position) => `${id}:${placeOf(id, position)}`,
    records: async (iterator, limit) => {
      await clock.sleep(5 + random() * 10);
      const failed = { entries: [], next: undefined, behindMs: 0 };
      if (happens(troubles.expired)) {
        return { ...failed, failure: { code: 'ExpiredIteratorException', message: 'old' } };
      }
      if (happens(troubles.throttled)) {
        const code = 'ProvisionedThroughputExceededException';
        return { ...failed, failure: { code, message: 'too fast' } };
      }
      const [id = '', place] = iterator.split(':');
      return page(id, Number(place), limit);
    },
  };
}
