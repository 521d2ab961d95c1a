import { FraudstreamError } from '../../errors.ts';
import type { Clock } from '../../stream/clock.ts';
import type { PutClient } from '../put-client.ts';
import { listedShards, type RetryPolicy } from '../retries.ts';
import { ShardMap } from '../shard-map.ts';

/** Sending is held while the shards of a running stream are listed. */
const TRIES_WHILE_HELD = 3;
/** After listing failed, the producer goes on without a map this long before it asks again. */
const PAUSE_MS = 10_000;
/** Least time between two lists: what ListShards tells can lag behind a split for a moment. */
const LEAST_BETWEEN_MS = 500;

/** Refreshes the shard map; gives no map rather than one that is known to be wrong. */
export class ShardMapRefresh {
  readonly #client: PutClient;
  readonly #clock: Clock;
  #isDenied = false;
  #askAgainAt = Number.POSITIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(client: PutClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The map at the start. Only a denied permission is forgiven: everything else ends the run. */
  async first(stop?: AbortSignal): Promise<ShardMap | undefined> {
    try {
      return await this.#list({ stop, isFirstCall: true });
    } catch (error) {
      this.#isDenied = codeOf(error) === 'no-permission';
      if (!this.#isDenied) throw error;
      return undefined;
    }
  }

  /** The map now; `undefined` when it cannot be had: records then go on one key at a time. */
  async latest(): Promise<ShardMap | undefined> {
    if (this.#isDenied) return undefined;
    this.#askAgainAt = Number.POSITIVE_INFINITY;
    const waitMs = this.#askedAt + LEAST_BETWEEN_MS - this.#clock.now();
    if (waitMs > 0) await this.#clock.sleep(waitMs);
    try {
      return await this.#list({ tries: TRIES_WHILE_HELD });
    } catch {
      // Whatever the reason, an old map is worse than none; it is asked for again later.
      this.#askAgainAt = this.#clock.now() + PAUSE_MS;
      return undefined;
    }
  }

  isToBeAsked(now: number): boolean {
    return now >= this.#askAgainAt;
  }

  async #list(policy: Omit<RetryPolicy, 'clock'>): Promise<ShardMap> {
    this.#askedAt = this.#clock.now();
    return new ShardMap(await listedShards(this.#client, { ...policy, clock: this.#clock }));
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof FraudstreamError ? error.code : undefined;
}
