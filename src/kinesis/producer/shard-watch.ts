import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Clock } from '../../stream/clock.ts';
import type { PutClient } from '../put-client.ts';
import { ShardMap } from '../shard-map.ts';

const TRIES = 3;
const FIRST_WAIT_MS = 200;
/** After listing failed, the producer goes on without a map this long before it asks again. */
const PAUSE_MS = 10_000;

/** Keeps asking for the shards; answers no map at all rather than a map known to be wrong. */
export class ShardWatch {
  readonly #client: PutClient;
  readonly #clock: Clock;
  #isDenied = false;
  #askAgainAt = Number.POSITIVE_INFINITY;

  constructor(client: PutClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The map at the start. Only a denied permission is forgiven: everything else ends the run. */
  async first(): Promise<ShardMap | undefined> {
    try {
      return await this.#list();
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
    try {
      return await this.#list();
    } catch {
      // Whatever the reason, an old map is worse than none; it is asked for again later.
      this.#askAgainAt = this.#clock.now() + PAUSE_MS;
      return undefined;
    }
  }

  isToBeAsked(now: number): boolean {
    return now >= this.#askAgainAt;
  }

  async #list(): Promise<ShardMap> {
    for (let tried = 1; ; tried += 1) {
      try {
        return new ShardMap(await this.#client.listShards());
      } catch (error) {
        if (codeOf(error) !== 'unreachable' || tried >= TRIES) throw error;
        await this.#clock.sleep(FIRST_WAIT_MS * tried);
      }
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof FraudstreamError ? error.code : undefined;
}
