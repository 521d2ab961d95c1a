import type { UserRecord } from '../../records/user-record.ts';
import type { ShardMap } from '../shard-map.ts';
import { Lane } from './lane.ts';
import { placingKey } from './pending.ts';
import type { ProducerSettings } from './producer-settings.ts';

/** Partition keys whose lane is remembered, to spare the MD5; forgotten all at once when full. */
const KEYS_REMEMBERED = 200_000;

/**
 * The lanes of one shard map, made as records need them.
 *
 * Without a map (listing shards is denied, or fails) a lane carries one partition key: an
 * aggregate of equal keys is safe wherever it lands.
 */
export class Lanes {
  readonly #map: ShardMap | undefined;
  readonly #settings: ProducerSettings;
  readonly #random: () => number;
  readonly #lanes = new Map<string, Lane>();
  readonly #remembered = new Map<string, Lane>();

  constructor(map: ShardMap | undefined, settings: ProducerSettings, random: () => number) {
    this.#map = map;
    this.#settings = settings;
    this.#random = random;
  }

  of(record: UserRecord, now: number): Lane {
    if (record.explicitHashKey !== undefined) return this.#find(record, now);
    const remembered = this.#remembered.get(record.partitionKey);
    if (remembered) return remembered;
    const lane = this.#find(record, now);
    if (this.#remembered.size >= KEYS_REMEMBERED) this.#remembered.clear();
    if (this.#map) this.#remembered.set(record.partitionKey, lane);
    return lane;
  }

  owns(lane: Lane): boolean {
    return this.#lanes.get(lane.name) === lane;
  }

  *[Symbol.iterator](): Iterator<Lane> {
    yield* this.#lanes.values();
  }

  /** Forgets a lane of the map-less mode that has nothing left to do: there is one for each key. */
  retire(lane: Lane): void {
    if (!this.#map && lane.isIdle) this.#lanes.delete(lane.name);
  }

  #find(record: UserRecord, now: number): Lane {
    const shardId = this.#map?.predict(placingKey(record));
    const name = shardId ?? `${record.partitionKey}\n${record.explicitHashKey ?? ''}`;
    const known = this.#lanes.get(name);
    if (known) return known;
    const lane = new Lane(name, shardId, this.#settings, this.#random, now);
    this.#lanes.set(name, lane);
    return lane;
  }
}
