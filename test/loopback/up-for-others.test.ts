import assert from 'node:assert/strict';
import { connect as http2Connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { after, test } from 'node:test';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { selfSignedIdentity } from '../../dist/http/tls-identity.js';
import { openLive } from '../../dist/report/live-server.js';
import { call, started } from '../support/embedded.ts';
import { started as endpoint } from '../support/endpoints.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const streams = { transactions: 1 };
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const clients: KinesisClient[] = [];
after(() => {
  for (const client of clients) client.destroy();
});

test('the SDK for JavaScript puts and reads with its defaults: HTTP/2 without TLS', async () => {
  const { url } = await started({ streams });
  const client = new KinesisClient({ endpoint: url, region: 'us-east-1', credentials });
  clients.push(client);
  const Records = Array.from({ length: 500 }, (_, id) => ({
    PartitionKey: `${id}`,
    Data: Buffer.alloc(1_000, `${id}`),
  }));
  const put = await client.send(new PutRecordsCommand({ StreamName: 'transactions', Records }));
  assert.equal(put.FailedRecordCount, 0);
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      ...{ StreamName: 'transactions', ShardId: 'shardId-000000000000' },
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const read = await client.send(new GetRecordsCommand({ ShardIterator }));
  assert.equal(read.Records?.length, 500);
  const missing = new PutRecordsCommand({ StreamName: 'missing', Records });
  await assert.rejects(client.send(missing), { name: 'ResourceNotFoundException' });
});

test('with TLS, HTTP/2 and HTTP/1.1 are served under one certificate that tools can trust', async () => {
  const tls = selfSignedIdentity(Date.now());
  const { url } = await started({ streams, tls });
  assert.match(url, /^https:/);
  const { port } = new URL(url);
  const session = http2Connect(`https://localhost:${port}`, { ca: tls.cert });
  const stream = session.request({ ':path': '/_fraudstream/statistics' });
  const [headers] = await new Promise<[Record<string, unknown>]>((resolve, reject) => {
    stream.on('response', (...all) => resolve([all[0]]));
    session.on('error', reject);
  });
  assert.equal(headers[':status'], 200);
  session.destroy();
  const status = await new Promise((resolve, reject) => {
    httpsRequest(`${url}/_fraudstream/statistics`, { ca: tls.cert, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(status, 200);
});

test('the calls of Terraform for a stream are answered, and what they set is told back', async () => {
  const kinesis = await started({ streams: {}, account: '123456789012', transitionMs: 0 });
  const name = { StreamName: 'fraud' };
  const mode = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };
  assert.equal(
    (await call(kinesis, 'CreateStream', { ...name, ...mode, Tags: { a: 'b' } })).status,
    200,
  );
  const described = await call(kinesis, 'DescribeStreamSummary', name);
  const summary = described.body.StreamDescriptionSummary as Record<string, unknown>;
  const ResourceARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/fraud';
  assert.equal(summary.StreamARN, ResourceARN);
  assert.deepEqual(summary.StreamModeDetails, { StreamMode: 'ON_DEMAND' });
  await call(kinesis, 'TagResource', { ResourceARN, Tags: { c: 'd' } });
  await call(kinesis, 'UntagResource', { ResourceARN, TagKeys: ['a'] });
  const { body: tags } = await call(kinesis, 'ListTagsForResource', { ResourceARN });
  assert.deepEqual(tags, { Tags: [{ Key: 'c', Value: 'd' }] });
  const metrics = { ShardLevelMetrics: ['IncomingBytes'] };
  const { body: enabled } = await call(kinesis, 'EnableEnhancedMonitoring', {
    ...name,
    ...metrics,
  });
  assert.deepEqual(enabled.DesiredShardLevelMetrics, ['IncomingBytes']);
  await call(kinesis, 'StartStreamEncryption', {
    ...name,
    EncryptionType: 'KMS',
    KeyId: 'alias/k',
  });
  const { body: after } = await call(kinesis, 'DescribeStreamSummary', name);
  const { EncryptionType, EnhancedMonitoring } = after.StreamDescriptionSummary as Record<
    string,
    unknown
  >;
  assert.deepEqual([EncryptionType, EnhancedMonitoring], ['KMS', [metrics]]);
});

test('a record of 10 MiB is taken and read once the stream takes such', async () => {
  const kinesis = await started({ streams });
  // The key counts as well.
  const Data = Buffer.alloc(10 * 1_048_576 - 1, 'x').toString('base64');
  const record = { StreamName: 'transactions', PartitionKey: 'a', Data };
  assert.equal((await call(kinesis, 'PutRecord', record)).status, 400);
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/transactions';
  await call(kinesis, 'UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 10_240 });
  assert.equal((await call(kinesis, 'PutRecord', record)).status, 200);
  const shard = { StreamName: 'transactions', ShardId: 'shardId-000000000000' };
  const { body } = await call(kinesis, 'GetShardIterator', {
    ...shard,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const read = await call(kinesis, 'GetRecords', { ShardIterator: body.ShardIterator });
  assert.equal((read.body.Records as { Data: string }[])[0]?.Data.length, Data.length);
});

test('GetCallerIdentity of STS is answered, as the KPL asks before it starts', async () => {
  const { url } = await started({ streams, account: '123456789012' });
  const form = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
  const answer = await fetch(url, { method: 'POST', body: form });
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /<Account>123456789012<\/Account>/);
});

test('the type of an error is in its header as well', async () => {
  const { url } = await started({ streams });
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': 'Kinesis_20131202.DescribeStreamSummary' },
    body: '{"StreamName":"missing"}',
  });
  assert.equal(answer.headers.get('x-amzn-errortype'), 'ResourceNotFoundException');
});

const evil = [
  { host: 'rebound.example.com' },
  { host: '127.0.0.1.example.com' },
  { origin: 'https://example.com' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
];

test('no server takes requests of pages from elsewhere', async () => {
  const kinesis = await started({ streams });
  const scoring = await endpoint();
  const views = { line: () => '', json: () => '{}', html: () => '' };
  const live = await openLive(0, views);
  try {
    for (const url of [kinesis.url, scoring.url, live.url]) {
      for (const headers of evil) {
        const status = await statusOf(new URL('/_fraudstream/faults', url), headers);
        assert.equal(status, 403, `${url} ${JSON.stringify(headers)}`);
      }
      const own = { origin: url.replace(/\/$/, ''), 'sec-fetch-site': 'same-origin' };
      assert.notEqual(await statusOf(new URL('/', url), own), 403);
    }
  } finally {
    await live.close('over');
  }
});

test('whatever is posted as a fault is answered, and the service lives on', async () => {
  const kinesis = await started({ streams });
  const scoring = await endpoint();
  const digits = '9'.repeat(400);
  const posts = [
    ','.repeat(16_000),
    '('.repeat(16_000),
    `${'a,'.repeat(4_000)}(`,
    `latency:${digits}s`,
    `latency=${digits}s`,
    `latency=bimodal(${digits}ms,1ms,1%)`,
    'workers=999999999',
    `queue=${digits}`,
    `["${'throttle:'.repeat(1_500)}"]`,
    '[[[[[[[[',
    JSON.stringify([null, {}, 1, []]),
  ];
  for (const { url } of [kinesis, scoring]) {
    for (const body of posts) {
      const { status } = await fetch(`${url}/_fraudstream/faults`, { method: 'POST', body });
      assert.ok(status === 400 || body.startsWith(','), `${status} ${body.slice(0, 50)}`);
    }
    assert.equal((await fetch(`${url}/_fraudstream/statistics`)).status, 200);
  }
});

/** The status of a post with these headers, which `fetch` would not let through. */
async function statusOf(url: URL, headers: Readonly<Record<string, string>>): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
