import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { parseFault } from '../../dist/emulators/kinesis/faults.js';
import { threadedClient } from '../../dist/kinesis/client/threaded-client.js';
import { consume } from '../../dist/kinesis/consumer/consume.js';
import { producerDefaults } from '../../dist/kinesis/producer/producer-settings.js';
import { put } from '../../dist/kinesis/producer/put.js';
import { Reconciliation } from '../../dist/metrics/consume-stats.js';
import { systemClock } from '../../dist/runtime.js';
import type { Due, Receipt, UserRecord } from '../../dist/transactions/user-record.js';
import { seeded } from '../support/seeded.ts';

const STREAM = 'transactions';
const KEYS = 2n ** 128n;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const running: EmbeddedKinesis[] = [];
after(() => Promise.all(running.map((kinesis) => kinesis.close())));

/** A stream whose shards have these ranges: edges as shares of the key space. */
async function stream(edges: readonly number[]): Promise<{
  readonly kinesis: EmbeddedKinesis;
  readonly sdk: KinesisClient;
}> {
  const settings = { streams: { [STREAM]: 1 }, shardLimits: 'none', transitionMs: 1 } as const;
  const kinesis = await startEmbeddedKinesis(settings);
  running.push(kinesis);
  const sdk = new KinesisClient({
    region: 'us-east-1',
    endpoint: kinesis.url,
    credentials,
    requestHandler: new NodeHttpHandler(),
  });
  for (const edge of edges) {
    const last = (await openShards(sdk)).at(-1);
    const at = (KEYS * BigInt(Math.round(edge * 1e6))) / 1_000_000n;
    await split(sdk, last?.ShardId ?? '', at);
  }
  return { kinesis, sdk };
}

async function openShards(sdk: KinesisClient): Promise<readonly Shard[]> {
  const { Shards = [] } = await sdk.send(new ListShardsCommand({ StreamName: STREAM }));
  const start = (shard: Shard): bigint => BigInt(shard.HashKeyRange?.StartingHashKey ?? 0);
  return Shards.filter((shard) => !shard.SequenceNumberRange?.EndingSequenceNumber).sort((a, b) =>
    start(a) < start(b) ? -1 : 1,
  );
}

/** Asks until the stream is ACTIVE again after the change before. */
async function patiently(change: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await change();
      return;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ResourceInUseException') || tries > 500) {
        throw error;
      }
      await systemClock.sleep(2);
    }
  }
}

async function split(sdk: KinesisClient, shardId: string, at: bigint): Promise<void> {
  const before = (await openShards(sdk)).length;
  const command = { StreamName: STREAM, ShardToSplit: shardId, NewStartingHashKey: String(at) };
  await patiently(() => sdk.send(new SplitShardCommand(command)));
  while ((await openShards(sdk)).length === before) await systemClock.sleep(2);
}

/** Splits and merges at random, one change after each so many records taken from the source. */
async function reshard(sdk: KinesisClient, random: () => number, turn: number): Promise<void> {
  const shards = await openShards(sdk);
  const place = Math.floor(random() * shards.length);
  const [one, next] = [shards[place], shards[place + 1]];
  if (turn % 2 === 1 && one && next) {
    await patiently(() =>
      sdk.send(
        new MergeShardsCommand({
          StreamName: STREAM,
          ShardToMerge: one.ShardId,
          AdjacentShardToMerge: next.ShardId,
        }),
      ),
    );
    return;
  }
  const { StartingHashKey = '0', EndingHashKey = '0' } = one?.HashKeyRange ?? {};
  const middle = (BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n;
  await split(sdk, one?.ShardId ?? '', middle);
}

interface Run {
  readonly receipts: readonly Receipt[];
  readonly reconciliation: Reconciliation;
}

/** Puts records while the stream is resharded, and reads everything back under the KCL's rule. */
async function run(
  edges: readonly number[],
  faults: readonly string[],
  records: number,
  seed: number,
): Promise<Run> {
  const { kinesis, sdk } = await stream(edges);
  await kinesis.setFaults(faults.map(parseFault));
  const client = await threadedClient({
    stream: STREAM,
    region: 'us-east-1',
    endpointUrl: kinesis.url,
    credentials,
    maxConnections: 8,
    requestTimeoutMs: 500,
    connectTimeoutMs: 500,
  });
  const random = seeded(seed);
  async function* source(): AsyncGenerator<readonly Due<UserRecord>[]> {
    let turn = 0;
    for (let first = 0; first < records; first += 100) {
      yield Array.from({ length: 100 }, (_, place) => {
        const id = String(first + place);
        const partitionKey = `card-${Math.floor(random() * 700)}`;
        return {
          dueAt: systemClock.now(),
          record: { id, partitionKey, data: Buffer.from(`${id} ${'x'.repeat(200)}`) },
        };
      });
      if (first % (records / 8) === 0 && first > 0) {
        await reshard(sdk, random, turn);
        turn += 1;
      }
    }
  }
  const reconciliation = new Reconciliation();
  const receipts: Receipt[] = [];
  const settings = { ...producerDefaults, recordMaxBufferedTimeMs: 20, rateLimit: 100_000 };
  for await (const group of put(source(), client, { clock: systemClock, random }, settings)) {
    receipts.push(...group);
    for (const { id, isAccepted } of group) if (isAccepted) reconciliation.addProduced(id);
  }
  const stop = new AbortController();
  const reading = {
    from: 'trim-horizon',
    limit: 10_000,
    pollIntervalMs: 5,
    idleMs: 1_000,
  } as const;
  for await (const batch of consume(client, { clock: systemClock, stop: stop.signal }, reading)) {
    for (const { data, isInRange } of batch.records) {
      reconciliation.addConsumed(Buffer.from(data).toString().split(' ')[0] ?? '', isInRange);
    }
    if (reconciliation.consumed >= receipts.length) stop.abort();
  }
  client.close();
  sdk.destroy();
  return { receipts, reconciliation };
}

const layouts: readonly (readonly [string, readonly number[]])[] = [
  ['1 shard', []],
  ['4 uneven shards', [0.1, 0.15, 0.8]],
  ['7 uneven shards', [0.01, 0.02, 0.3, 0.31, 0.5, 0.9]],
];
const RECORDS = 16_000;

for (const [name, edges] of layouts) {
  test(`over the network and ${name} that split and merge in mid-run every record comes back`, async () => {
    const { receipts, reconciliation } = await run(edges, [], RECORDS, 1);
    const { produced, consumed, missing, unknown } = reconciliation.summary();
    assert.equal(receipts.length, RECORDS);
    assert.deepEqual(
      { produced, consumed, missing, unknown },
      {
        produced: RECORDS,
        consumed: RECORDS,
        missing: 0,
        unknown: 0,
      },
    );
  });

  test(`over the network and ${name} with every fault at once sent = acknowledged + failed, by id`, async () => {
    const faults = [
      'throttle:0.1',
      'fail:0.1',
      'http500:0.03',
      'http503:0.03',
      'reset:0.03',
      'reset-after:0.03',
      'short:0.03',
      'hang:0.02',
      'latency:2ms',
    ];
    const { receipts, reconciliation } = await run(edges, faults, RECORDS, 2);
    assert.equal(receipts.length, RECORDS);
    assert.equal(new Set(receipts.map(({ id }) => id)).size, RECORDS);
    const failed = receipts.filter((receipt) => !receipt.isAccepted);
    assert.ok(failed.every(({ errorCode }) => errorCode !== undefined));
    const { missing, produced } = reconciliation.summary();
    assert.equal(missing, 0);
    assert.equal(produced + failed.length, RECORDS);
  });
}
