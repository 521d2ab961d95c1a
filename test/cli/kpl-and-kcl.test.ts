import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { selfSignedIdentity } from '../../dist/http/tls-identity.js';
import { call, started } from '../support/embedded.ts';
import { fraudstream } from '../support/fraudstream.ts';
import {
  interopClassPath,
  interopProgram,
  type Kpl,
  missingInterop,
  moto,
  stsOfAccount,
  type TestRecord,
  testRecord,
  tlsFront,
} from '../support/interop.ts';

/** In CI 10,000 over 4 shards; FRAUDSTREAM_INTEROP_COUNT=100000 is the whole trial, over 16. */
const count = Number(process.env.FRAUDSTREAM_INTEROP_COUNT ?? 10_000);
const shards = count > 10_000 ? 16 : 4;
const perSecond = 4_000;
/** A JVM and a native process on a machine that does other work. */
const START_SECONDS = 120;
/** The KCL gives out leases of children late, and all of them slowly where the machine is busy. */
const SILENT_SECONDS = 240;
/** The end of the stream, as a reader sees it: a machine that does other work may keep it waiting. */
const IDLE_TIME = '10s';
const environment = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_KINESIS: url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
});

/** Splits the first shard and merges two others when so many records are in the stream. */
async function reshardAfter(kinesis: EmbeddedKinesis, records: number): Promise<void> {
  const stream = { StreamName: 'transactions' };
  const begun = process.hrtime();
  while ((await kinesis.statistics()).records < records) {
    assert.ok(process.hrtime(begun)[0] < START_SECONDS, `nothing came in ${START_SECONDS} s`);
    await sleep(10);
  }
  await call(kinesis, 'SplitShard', {
    ...stream,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(2n ** 128n / BigInt(shards) / 3n),
  });
  const merge = {
    ...stream,
    ShardToMerge: 'shardId-000000000002',
    AdjacentShardToMerge: 'shardId-000000000003',
  };
  // The stream is busy until the split is done.
  while ((await call(kinesis, 'MergeShards', merge)).status !== 200) await sleep(20);
}

/** Kinesis does not give the hash key of a record back: one that is alone in its own has none. */
type Consumed = TestRecord & { readonly isAlone: boolean };

async function consumed(kinesis: EmbeddedKinesis): Promise<readonly Consumed[]> {
  const reading = ['--from', 'trim-horizon', '--idle-timeout', IDLE_TIME, '--metadata'];
  const { code, out, err } = await fraudstream(['consume', ...reading], environment(kinesis.url));
  assert.equal(code, 0, err);
  return out
    .trim()
    .split('\n')
    .map((line) => {
      const record = JSON.parse(line);
      return {
        partitionKey: record.partition_key,
        explicitHashKey: record.explicit_hash_key ?? undefined,
        isAlone: record.sub_sequence_number === null,
        data: record.data_base64 ?? Buffer.from(record.data).toString('base64'),
      };
    });
}

const numberOf = ({ data }: TestRecord): number =>
  Number.parseInt(Buffer.from(data, 'base64').toString('latin1'), 10);

const kpls: readonly (readonly [Kpl, number])[] = [
  ['1.0.7', 250],
  ['0.15.12', 570],
];
for (const [version, bytes] of kpls) {
  test(`what the KPL ${version} puts while shards are split and merged, consume reads: bytes, keys, hash keys`, {
    skip: missingInterop,
  }, async (t) => {
    const kinesis = await started({ streams: { transactions: shards } });
    const front = await tlsFront(Number(new URL(kinesis.url).port));
    const sts = await stsOfAccount('000000000000');
    t.after(() => [front, sts].forEach((server) => void server.close()));
    const args = [front.port, sts.port, 'transactions', count, bytes, perSecond];
    const kpl = interopProgram(interopClassPath(version), 'PutByKpl', args);
    // Kinesis records: the KPL packs some 50 into one at this rate.
    await reshardAfter(kinesis, 30);
    const [acknowledged, failed] = (await kpl.out).trim().split(' ').map(Number);
    assert.deepEqual([acknowledged, failed], [count, 0]);
    const records = await consumed(kinesis);
    // After the split the KPL puts some again: what comes twice is the same twice.
    const byNumber = new Map(records.map((record) => [numberOf(record), record]));
    assert.equal(byNumber.size, count);
    for (const { isAlone, ...record } of records) {
      const expected = testRecord(numberOf(record), bytes);
      assert.deepEqual(record, isAlone ? { ...expected, explicitHashKey: undefined } : expected);
    }
  });
}

/** How often each text is there. */
function timesOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  return times;
}

test('what produce puts while shards are split and merged, the KCL reads: all of it, and nothing more often than it is there', {
  skip: missingInterop,
}, async (t) => {
  const kinesis = await started({ streams: { transactions: shards } });
  const aws = await moto();
  t.after(() => aws.close());
  const args = ['print', kinesis.url, aws.url, 'transactions', count, SILENT_SECONDS, 10_000];
  const kcl = interopProgram(interopClassPath(), 'ReadByKcl', args);
  const pace = ['--rate', `${perSecond}/s`, '--count', String(count), '--seed', '7'];
  const produced = fraudstream(['produce', ...pace], environment(kinesis.url));
  await reshardAfter(kinesis, 30);
  const { code, err } = await produced;
  assert.equal(code, 0, err);
  const lineOf = ({ partitionKey, explicitHashKey, data }: TestRecord): string =>
    [Buffer.from(partitionKey).toString('base64'), explicitHashKey ?? 'null', data].join(' ');
  const stored = timesOf((await consumed(kinesis)).map(lineOf));
  const seen = timesOf((await kcl.out).trim().split('\n'));
  assert.equal(stored.size, count);
  assert.deepEqual([...seen.keys()].sort(), [...stored.keys()].sort());
  // What was on its way to a shard that is gone, or to a server that did not answer in time, is put again whole, and consume shows
  // both. The KCL drops an aggregate that is in the wrong shard, so that it shows one of them, or both. It shows nothing more often.
  for (const [line, times] of seen) assert.ok(times <= (stored.get(line) ?? 0), line);
});

const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/transactions';

test('the asynchronous client of the SDK for Java reads by fan-out: HTTP/2, TLS, CBOR', {
  skip: missingInterop,
}, async () => {
  const tls = selfSignedIdentity(Date.now());
  const kinesis = await started({ streams: { transactions: 1 }, tls });
  const texts = Array.from({ length: 300 }, (_, id) => `record ${id}`);
  const Records = texts.map((text) => ({
    PartitionKey: text,
    Data: Buffer.from(text).toString('base64'),
  }));
  await postByTls(kinesis.url, tls.cert, 'PutRecords', { StreamName: 'transactions', Records });
  const args = [kinesis.url, StreamARN, texts.length];
  const { out } = interopProgram(interopClassPath(), 'ReadByFanOut', args);
  assert.deepEqual((await out).trim().split('\n'), texts);
});

/** One call over HTTPS, with a certificate that nobody else trusts. */
async function postByTls(url: string, ca: string, action: string, fields: object): Promise<void> {
  const headers = { 'x-amz-target': `Kinesis_20131202.${action}` };
  const call = request(url, { method: 'POST', ca, headers, agent: false });
  call.end(JSON.stringify(fields));
  const [response] = await once(call, 'response');
  response.resume();
  assert.equal(response.statusCode, 200);
}
