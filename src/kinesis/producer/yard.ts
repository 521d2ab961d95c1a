import type { ShardMap } from '../shard-map.ts';
import { Collector } from './collector.ts';
import type { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';
import type { Pending, SealedEntry } from './pending.ts';
import type { ProducerSettings } from './producer-settings.ts';

/**
 * Where records wait: first in the lane of their predicted shard, then in the collector.
 *
 * Knows nothing of requests or receipts. What enters by `place` or `putBack` leaves by `take`,
 * `expire` or `clear`.
 */
export class Yard {
  readonly #settings: ProducerSettings;
  readonly #random: () => number;
  readonly #collector: Collector;
  #lanes: Lanes;

  constructor(map: ShardMap | undefined, settings: ProducerSettings, random: () => number) {
    this.#settings = settings;
    this.#random = random;
    this.#collector = new Collector(settings);
    this.#lanes = new Lanes(map, settings, random);
  }

  place(pending: Pending, flushAt: number, now: number): void {
    this.#lanes.of(pending.record, now).add(pending, flushAt);
  }

  /** True while the lane belongs to the map in force. */
  owns(lane: Lane): boolean {
    return this.#lanes.owns(lane);
  }

  /** Lets the lane of a settled entry go on. */
  settled(lane: Lane): void {
    lane.underWay -= 1;
    this.#lanes.retire(lane);
  }

  /** Takes an entry that failed: it goes again before all younger ones of its lane, unchanged. */
  putBack(entry: SealedEntry): void {
    entry.lane.putBack(entry);
  }

  /** Moves on what the shards' limits allow; with `isFlushing`, open aggregates are sealed too. */
  release(now: number, isFlushing: boolean): void {
    for (const lane of this.#lanes) {
      if (isFlushing || now >= lane.flushAt) lane.seal();
      for (let entry = lane.release(now); entry; entry = lane.release(now)) {
        this.#collector.add(entry, now);
      }
    }
  }

  /** The entries of the next request; none when it is better to wait for company. */
  take(now: number, isFlushing: boolean): readonly SealedEntry[] {
    if (!isFlushing && !this.#collector.isDue(now)) return [];
    return this.#collector.take();
  }

  /** Removes all records that arrived before the instant. */
  expire(bornBefore: number): readonly Pending[] {
    const expired: Pending[] = [];
    for (;;) {
      const entry = this.#collector.takeOlderThan(bornBefore);
      if (!entry) break;
      entry.lane.expireIn(entry, bornBefore, expired);
      this.settled(entry.lane);
    }
    for (const lane of this.#lanes) {
      lane.expire(bornBefore, expired);
      this.#lanes.retire(lane);
    }
    return expired;
  }

  /** Takes out everything, in the order of the source, and starts anew with another map. */
  clear(map: ShardMap | undefined): readonly Pending[] {
    const collected = this.#collector.drain().flatMap((entry) => entry.cargo);
    const waiting = [...collected, ...[...this.#lanes].flatMap((lane) => lane.clear())];
    this.#lanes = new Lanes(map, this.#settings, this.#random);
    return waiting.sort((a, b) => a.ordinal - b.ordinal);
  }
}
