import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  systemClock as clock,
  consume,
  type EmbeddedKinesis,
  generate,
  openInput,
  produce,
  type Receipt,
  record,
  recordingNames,
  replay,
  type StreamClient,
  startEmbeddedKinesis,
  streamClient,
  userRecords,
  Validation,
  validateFiles,
  world,
} from '../../dist/index.js';

const COUNT = 500;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-library-'));
const clients: StreamClient[] = [];
let kinesis: EmbeddedKinesis;

before(async () => {
  kinesis = await startEmbeddedKinesis({ streams: { produced: 2, replayed: 2 } });
});
after(async () => {
  for (const client of clients) client.close();
  await kinesis.close();
  rmSync(folder, { recursive: true });
});

async function clientOf(stream: string): Promise<StreamClient> {
  const place = { stream, region: 'us-east-1', endpointUrl: kinesis.url, credentials };
  const limits = { maxConnections: 8, requestTimeoutMs: 6_000, connectTimeoutMs: 6_000 };
  const client = await streamClient({ ...place, ...limits });
  clients.push(client);
  return client;
}

const read = { from: 'trim-horizon', limit: 10_000, pollIntervalMs: 20, idleMs: 10_000 } as const;

/** The payloads of a stream, as text, in any order. */
async function payloadsOf(client: StreamClient, count: number): Promise<readonly string[]> {
  const payloads: string[] = [];
  for await (const { records } of consume(client, { clock, stop: never }, { ...read, count })) {
    payloads.push(...records.map(({ data }) => Buffer.from(data).toString('utf8')));
  }
  return payloads.sort();
}

test('produce puts so many records of a world, and each has its receipt', async () => {
  const client = await clientOf('produced');
  const receipts: Receipt[] = [];
  const pace = { perSecond: Number.POSITIVE_INFINITY, count: COUNT };
  const { delivery, failure } = await produce(
    userRecords(await world({ seed: 1, cards: 50, merchants: 100 })),
    client,
    { pace, producer: { aggregationMaxCount: 10 } },
    {
      ...{ clock, random: Math.random },
      onReceipts: (some) => {
        receipts.push(...some);
      },
    },
  );
  assert.equal(failure, undefined);
  assert.deepEqual([delivery.sent, delivery.accepted, delivery.failed], [COUNT, COUNT, 0]);
  assert.equal(receipts.length, COUNT);
  // Settings of the producer that are left out have their defaults.
  assert.ok(delivery.aggregationRatio > 1 && delivery.aggregationRatio <= 10);
});

test('consume ends after a count, in the middle of an aggregate', async () => {
  assert.equal((await payloadsOf(await clientOf('produced'), 7)).length, 7);
});

test('what record writes, validate finds valid and replay puts again', async () => {
  const path = join(folder, 'day.ndjson');
  const client = await clientOf('produced');
  const recorded = await record(
    client,
    await recordingNames(path, {}),
    { read: { ...read, count: COUNT } },
    { clock, stop: never },
  );
  assert.deepEqual(
    recorded.files.map((file) => [file.path, file.lines]),
    [[path, COUNT]],
  );

  const validation = new Validation();
  const files = { stdin: process.stdin, input: process.stdin, s3: {}, stop: never };
  await validateFiles({ paths: [path] }, { ...files, validation });
  assert.deepEqual([validation.records, validation.invalid], [COUNT, 0]);

  const input = await openInput({ paths: [path] }, files);
  const target = await clientOf('replayed');
  const result = await replay(
    input,
    target,
    { sort: true, speed: Number.POSITIVE_INFINITY },
    { clock, random: Math.random, stop: never },
  );
  await input.close();
  assert.equal(result.failure, undefined);
  assert.deepEqual([result.delivery.accepted, result.replay.rejectedLines], [COUNT, 0]);
  assert.deepEqual(await payloadsOf(target, COUNT), await payloadsOf(client, COUNT));
});

test('a bad line of the input is handed to the caller, and the others are replayed', async () => {
  const path = join(folder, 'bad.ndjson');
  const good = readFileSync(join(folder, 'day.ndjson'), 'utf8').split('\n').slice(0, 3);
  writeFileSync(path, [...good, '{"not":"a transaction"}', ''].join('\n'));
  const bad: number[] = [];
  const input = await openInput(
    { paths: [path] },
    { stdin: process.stdin, stop: never, onBadLine: ({ line }) => bad.push(line) },
  );
  const found: string[] = [];
  for await (const group of input.read()) found.push(...group.map(({ id }) => id));
  assert.deepEqual([found.length, bad, input.rejected()], [3, [4], 1]);
});

test('generate hands the same bytes to a writer and to a file, with a manifest beside it', async () => {
  const settings = { world: { seed: 3, cards: 50, merchants: 100 }, count: 100 };
  const chunks: Buffer[] = [];
  const write = async (bytes: string | Uint8Array): Promise<void> => {
    chunks.push(Buffer.from(bytes));
  };
  const written = await generate(settings, { write, stop: never });
  const out = join(folder, 'generated.ndjson');
  const filed = await generate({ ...settings, out }, { write, stop: never });
  assert.deepEqual([written.count, filed.count, filed.files], [100, 100, [out]]);
  assert.equal(Buffer.concat(chunks).toString(), readFileSync(out, 'utf8'));
  const manifest = JSON.parse(readFileSync(join(folder, 'generated.manifest.json'), 'utf8'));
  assert.equal(manifest.count, 100);
});
