import {
  compareHashKeys,
  type HashKey,
  hashKeyFromDecimal,
  hashKeyToDecimal,
} from '../../kpl/hash-key.ts';
import { RECORD_KIB } from './limits.ts';
import { inUse, invalidArgument, notFound } from './service-error.ts';
import { SequenceNumbers, StoredShard } from './shard.ts';
import { StreamConsumers } from './stream-consumers.ts';

const KEYS = 2n ** 128n;

/** How a stream is billed and scaled. An on-demand one scales no shards here. */
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

/** What a stream is made of; `transitionMs` is how long a change of its shards takes. */
export interface StreamSettings {
  readonly name: string;
  readonly arn: string;
  readonly shardCount: number;
  readonly transitionMs: number;
}

/** A change of the shards that has been asked for and is not yet in force. */
interface Change {
  readonly at: number;
  readonly make: (now: number) => void;
}

/** A stream and its shards, closed ones included, in the order of their making. */
export class StoredStream {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly shards: StoredShard[] = [];
  retentionHours: number = 24;
  maxRecordKib: number = RECORD_KIB;
  readonly tags: Map<string, string> = new Map();
  mode: StreamMode = 'PROVISIONED';
  shardLevelMetrics: readonly string[] = [];
  /** The key that records would be encrypted with; nothing is. */
  keyId: string | undefined;
  readonly consumers: StreamConsumers;
  readonly #sequence = new SequenceNumbers();
  readonly #transitionMs: number;
  readonly #activeAt: number;
  #change: Change | undefined;

  constructor(
    { name, arn, shardCount, transitionMs }: StreamSettings,
    now: number,
    activeAt: number,
  ) {
    this.name = name;
    this.arn = arn;
    this.createdAt = now;
    this.#transitionMs = transitionMs;
    this.#activeAt = activeAt;
    this.consumers = new StreamConsumers(arn, transitionMs);
    const width = KEYS / BigInt(shardCount);
    for (let index = 0; index < shardCount; index += 1) {
      const start = width * BigInt(index);
      const end = index === shardCount - 1 ? KEYS - 1n : start + width - 1n;
      this.#open([keyOf(start), keyOf(end)], [], now);
    }
  }

  status(now: number): 'CREATING' | 'UPDATING' | 'ACTIVE' {
    if (now < this.#activeAt) return 'CREATING';
    return this.#change ? 'UPDATING' : 'ACTIVE';
  }

  /** Puts into force what has become due. */
  settle(now: number): void {
    const change = this.#change;
    if (!change || now < change.at) return;
    this.#change = undefined;
    change.make(now);
  }

  nextSequenceNumber(): string {
    return this.#sequence.next();
  }

  /** No record that is there now has a higher number, and all that come have. */
  get lastSequenceNumber(): string {
    return this.#sequence.last;
  }

  /** When a change of the shards comes into force that has been asked for. */
  get changesAt(): number {
    return this.#change?.at ?? Number.POSITIVE_INFINITY;
  }

  hasGiven(sequenceNumber: string): boolean {
    return this.#sequence.hasGiven(sequenceNumber);
  }

  /** The open shard that takes the hash key. */
  openShardFor(key: HashKey): StoredShard {
    const shard = this.shards.find(
      ({ isOpen, start, end }) =>
        isOpen && compareHashKeys(start, key) <= 0 && compareHashKeys(key, end) <= 0,
    );
    if (!shard) throw notFound(`No open shard of ${this.name} takes ${hashKeyToDecimal(key)}.`);
    return shard;
  }

  /** A shard by its id. Errors: ResourceNotFoundException. */
  shard(id: string): StoredShard {
    const shard = this.shards.find((one) => one.id === id);
    if (!shard) throw notFound(`Shard ${id} in stream ${this.name} does not exist.`);
    return shard;
  }

  split(shardId: string, newStart: string, now: number): void {
    const parent = this.#reshardable(shardId, now);
    const middle = bigint(hashKeyOr(newStart));
    if (middle <= bigint(parent.start) || middle > bigint(parent.end)) {
      throw invalidArgument(`NewStartingHashKey ${newStart} lies outside of ${shardId}.`);
    }
    this.#later(now, (then) => {
      this.#close([parent], then);
      const left = this.#open([parent.start, keyOf(middle - 1n)], [parent.id], then);
      const right = this.#open([keyOf(middle), parent.end], [parent.id], then);
      parent.childIds = [left.id, right.id];
    });
  }

  merge(shardId: string, adjacentId: string, now: number): void {
    const parents = [this.#reshardable(shardId, now), this.#reshardable(adjacentId, now)];
    const [low, high] = parents.sort((a, b) => compareHashKeys(a.start, b.start));
    if (!low || !high || bigint(low.end) + 1n !== bigint(high.start)) {
      throw invalidArgument(`Shards ${shardId} and ${adjacentId} are not adjacent.`);
    }
    this.#later(now, (then) => {
      this.#close(parents, then);
      const child = this.#open([low.start, high.end], [shardId, adjacentId], then);
      for (const parent of parents) parent.childIds = [child.id];
    });
  }

  #reshardable(shardId: string, now: number): StoredShard {
    const status = this.status(now);
    if (status !== 'ACTIVE') throw inUse(`Stream ${this.name} is ${status}, not ACTIVE.`);
    const shard = this.shard(shardId);
    if (!shard.isOpen) throw invalidArgument(`Shard ${shardId} is closed.`);
    return shard;
  }

  #later(now: number, make: (now: number) => void): void {
    this.#change = { at: now + this.#transitionMs, make };
    for (const shard of this.shards) shard.changed();
  }

  #close(shards: readonly StoredShard[], now: number): void {
    for (const shard of shards) {
      shard.endingSequenceNumber = this.nextSequenceNumber();
      shard.closedAt = now;
      shard.changed();
    }
  }

  #open(
    range: readonly [HashKey, HashKey],
    parentIds: readonly string[],
    now: number,
  ): StoredShard {
    const id = `shardId-${String(this.shards.length).padStart(12, '0')}`;
    const shard = new StoredShard(id, range, parentIds, this.nextSequenceNumber(), now);
    this.shards.push(shard);
    return shard;
  }
}

/** A hash key of a request. Errors: InvalidArgumentException. */
export function hashKeyOr(text: string): HashKey {
  try {
    return hashKeyFromDecimal(text);
  } catch {
    // The codec's own error is ours; a client of Kinesis expects the service's.
    throw invalidArgument(`"${text}" is not a hash key: an integer from 0 to 2^128-1.`);
  }
}

function bigint([a, b, c, d]: HashKey): bigint {
  return (BigInt(a) << 96n) | (BigInt(b) << 64n) | (BigInt(c) << 32n) | BigInt(d);
}

function keyOf(value: bigint): HashKey {
  return hashKeyFromDecimal(String(value));
}
