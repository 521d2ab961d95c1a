import { createHash } from 'node:crypto';
import type {
  EntryResult,
  PutAnswer,
  PutClient,
  PutRecordsEntry,
  Shard,
} from '../../dist/kinesis/put-client.js';
import { deaggregate } from '../../dist/kpl/deaggregate.js';
import type { Clock } from '../../dist/stream/clock.js';

/** Probabilities of what goes wrong, each for one entry or one call. */
export interface Troubles {
  readonly throttledEntry?: number;
  readonly failedEntry?: number;
  readonly lostRequest?: number;
  readonly lostAnswer?: number;
  readonly shortAnswer?: number;
  readonly latencyMs?: number;
  /** This shard throttles every entry between two instants, in milliseconds after the start. */
  readonly shut?: { readonly shard: number; readonly fromMs: number; readonly untilMs: number };
  /** Each shard keeps to the limits of Kinesis: 1,000 records and 1 MiB a second. */
  readonly limitsShards?: boolean;
  /** How long ListShards takes. */
  readonly listLatencyMs?: number;
}

interface SimulatedShard {
  readonly id: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly parents: readonly string[];
  readonly entries: PutRecordsEntry[];
  readonly arrivals: number[];
  /** What the shard may take at `filledAt`: both buckets hold one second. */
  readonly tokens: { records: number; bytes: number; filledAt: number };
  isOpen: boolean;
}

export interface Reading {
  readonly shardId: string;
  readonly partitionKey: string;
  readonly text: string;
}

const ALL_KEYS = 2n ** 128n;
const SHARD_RECORDS_PER_SECOND = 1_000;
const SHARD_BYTES_PER_SECOND = 1_048_576;

/** A stream in virtual time that keeps what it is given, under the rules of Kinesis and the KCL. */
export class SimulatedKinesis implements PutClient {
  readonly shards: SimulatedShard[] = [];
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #startedAt: number;
  troubles: Troubles = {};
  /** What ListShards answers with instead of shards. */
  listError: Error | undefined;
  listCalls: number = 0;
  calls: number = 0;

  constructor(clock: Clock, random: () => number, bounds: readonly number[]) {
    this.#clock = clock;
    this.#random = random;
    this.#startedAt = clock.now();
    const edges = [0, ...bounds, 1].map(
      (share) => (ALL_KEYS * BigInt(Math.round(share * 1e6))) / 1_000_000n,
    );
    for (const [index, start] of edges.slice(0, -1).entries()) {
      this.#open(start, (edges[index + 1] ?? 0n) - 1n, []);
    }
  }

  async listShards(): Promise<readonly Shard[]> {
    this.listCalls += 1;
    await this.#clock.sleep(this.troubles.listLatencyMs ?? 10);
    if (this.listError) throw this.listError;
    return this.shards.map((shard) => ({
      shardId: shard.id,
      startingHashKey: String(shard.start),
      endingHashKey: String(shard.end),
      isOpen: shard.isOpen,
      parentShardIds: shard.parents,
    }));
  }

  async put(entries: readonly PutRecordsEntry[]): Promise<PutAnswer> {
    this.calls += 1;
    const { latencyMs = 20, lostRequest, lostAnswer, shortAnswer } = this.troubles;
    await this.#clock.sleep(latencyMs * (0.5 + this.#random()));
    const lost = { code: 'Connection', message: 'ECONNRESET', isFatal: false };
    if (this.#happens(lostRequest)) return { results: [], failure: lost };
    const results = entries.map((entry) => this.#take(entry));
    await this.#clock.sleep(latencyMs * (0.5 + this.#random()));
    if (this.#happens(lostAnswer)) return { results: [], failure: lost };
    return { results: this.#happens(shortAnswer) ? results.slice(1) : results };
  }

  split(at: number): void {
    const parent = this.#openShard(at);
    parent.isOpen = false;
    const middle = (parent.start + parent.end) / 2n;
    this.#open(parent.start, middle, [parent.id]);
    this.#open(middle + 1n, parent.end, [parent.id]);
  }

  merge(at: number): void {
    const left = this.#openShard(at);
    const right = this.shards.find((shard) => shard.isOpen && shard.start === left.end + 1n);
    if (!right) return;
    left.isOpen = false;
    right.isOpen = false;
    this.#open(left.start, right.end, [left.id, right.id]);
  }

  /** What a KCL reader sees, shard by shard in the order of their making: parents first. */
  readings(): readonly Reading[] {
    return this.shards.flatMap((shard) => shard.entries.flatMap((entry) => readable(entry, shard)));
  }

  #take(entry: PutRecordsEntry): EntryResult {
    const key = hashOf(entry);
    const shard = this.shards.find((one) => one.isOpen && one.start <= key && key <= one.end);
    if (!shard) throw new Error(`no open shard holds ${key}`);
    const isThrottled = this.#happens(this.troubles.throttledEntry) || this.#isShut(shard);
    if (isThrottled || !this.#hasTokens(shard, entry)) {
      return { errorCode: 'ProvisionedThroughputExceededException', errorMessage: 'Rate exceeded' };
    }
    if (this.#happens(this.troubles.failedEntry)) {
      return { errorCode: 'InternalFailure', errorMessage: 'Internal service failure.' };
    }
    shard.entries.push(entry);
    shard.arrivals.push(this.#clock.now());
    return { shardId: shard.id, sequenceNumber: String(shard.entries.length) };
  }

  #isShut(shard: SimulatedShard): boolean {
    const { shut } = this.troubles;
    const atMs = this.#clock.now() - this.#startedAt;
    return (
      shut !== undefined &&
      shard === this.shards[shut.shard] &&
      shut.fromMs <= atMs &&
      atMs < shut.untilMs
    );
  }

  #hasTokens({ tokens }: SimulatedShard, { data, partitionKey }: PutRecordsEntry): boolean {
    if (!this.troubles.limitsShards) return true;
    const now = this.#clock.now();
    const seconds = (now - tokens.filledAt) / 1000;
    tokens.filledAt = now;
    tokens.records = Math.min(
      SHARD_RECORDS_PER_SECOND,
      tokens.records + SHARD_RECORDS_PER_SECOND * seconds,
    );
    tokens.bytes = Math.min(
      SHARD_BYTES_PER_SECOND,
      tokens.bytes + SHARD_BYTES_PER_SECOND * seconds,
    );
    const sizeBytes = data.length + Buffer.byteLength(partitionKey);
    if (tokens.records < 1 || tokens.bytes < sizeBytes) return false;
    tokens.records -= 1;
    tokens.bytes -= sizeBytes;
    return true;
  }

  #openShard(at: number): SimulatedShard {
    const open = this.shards.filter((shard) => shard.isOpen);
    const shard = open[Math.floor(at * open.length)];
    if (!shard) throw new Error('no open shard');
    return shard;
  }

  #open(start: bigint, end: bigint, parents: readonly string[]): void {
    const id = `shardId-${String(this.shards.length).padStart(12, '0')}`;
    const tokens = {
      records: SHARD_RECORDS_PER_SECOND,
      bytes: SHARD_BYTES_PER_SECOND,
      filledAt: this.#clock.now(),
    };
    this.shards.push({ id, start, end, parents, entries: [], arrivals: [], tokens, isOpen: true });
  }

  #happens(probability = 0): boolean {
    return probability > 0 && this.#random() < probability;
  }
}

interface Placed {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
}

function hashOf({ partitionKey, explicitHashKey }: Placed): bigint {
  if (explicitHashKey !== undefined) return BigInt(explicitHashKey);
  return BigInt(`0x${createHash('md5').update(partitionKey, 'utf8').digest('hex')}`);
}

/** The KCL's rule: one sub-record outside the shard's range and the whole aggregate is dropped. */
function readable(entry: PutRecordsEntry, shard: SimulatedShard): readonly Reading[] {
  const parts = deaggregate(entry.data);
  const records = parts.kind === 'aggregate' ? parts.records : [entry];
  const isIn = (record: Placed): boolean => {
    const key = hashOf(record);
    return shard.start <= key && key <= shard.end;
  };
  if (parts.kind === 'aggregate' && !records.every(isIn)) return [];
  return records.map((record) => ({
    shardId: shard.id,
    partitionKey: record.partitionKey,
    text: Buffer.from(record.data).toString('utf8'),
  }));
}
