import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Agent } from 'node:https';
import { after, test } from 'node:test';
import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  KinesisClient,
  type KinesisClientConfig,
  ListStreamConsumersCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import type {
  EmbeddedKinesis,
  EmbeddedKinesisSettings,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { eventMessage } from '../../dist/http/event-stream.js';
import { selfSignedIdentity } from '../../dist/http/tls-identity.js';
import { call, started } from '../support/embedded.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/transactions';
const shardId = (number: number): string => `shardId-${String(number).padStart(12, '0')}`;
const clients: KinesisClient[] = [];
after(() => {
  for (const client of clients) client.destroy();
});

function clientOf({ url }: EmbeddedKinesis, more: KinesisClientConfig = {}): KinesisClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new KinesisClient({ endpoint: url, region: 'us-east-1', credentials, ...more });
  clients.push(client);
  return client;
}

/** A Kinesis without waits, and a client of it. */
async function scene(
  settings: EmbeddedKinesisSettings = {},
): Promise<{ readonly kinesis: EmbeddedKinesis; readonly client: KinesisClient }> {
  const kinesis = await started({ transitionMs: 0, ...settings });
  return { kinesis, client: clientOf(kinesis) };
}

async function registered(client: KinesisClient, ConsumerName = 'reader'): Promise<string> {
  const register = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName });
  return (await client.send(register)).Consumer?.ConsumerARN ?? '';
}

async function putTexts(client: KinesisClient, ...texts: readonly string[]): Promise<string[]> {
  const Records = texts.map((text) => ({
    PartitionKey: text.slice(0, 9),
    Data: Buffer.from(text),
  }));
  const put = new PutRecordsCommand({ StreamName: 'transactions', Records });
  return ((await client.send(put)).Records ?? []).map((one) => one.SequenceNumber ?? '');
}

async function subscribed(
  client: KinesisClient,
  ConsumerARN: string,
  StartingPosition: StartingPosition,
  ShardId = shardId(0),
): Promise<AsyncGenerator<SubscribeToShardEvent, void, undefined>> {
  const command = new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition });
  const { EventStream } = await client.send(command);
  return events(EventStream ?? []);
}

async function* events(
  stream: AsyncIterable<{ SubscribeToShardEvent?: SubscribeToShardEvent }> | never[],
): AsyncGenerator<SubscribeToShardEvent, void, undefined> {
  for await (const { SubscribeToShardEvent: event } of stream) if (event) yield event;
}

/** The texts of the records until so many have come. */
async function texts(
  stream: AsyncGenerator<SubscribeToShardEvent, void, undefined>,
  count: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  while (found.length < count) {
    const { value, done } = await stream.next();
    if (done || !value) break;
    for (const { Data } of value.Records ?? []) found.push(Buffer.from(Data ?? []).toString());
  }
  return found;
}

test('a message is framed as the SDK frames it', () => {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes).toString('utf8'),
    (text) => Buffer.from(text),
  );
  for (const payload of ['', '{}', 'ä'.repeat(100_000)]) {
    const headers = { ':message-type': 'event', ':event-type': 'initial-response' };
    const own = eventMessage(headers, Buffer.from(payload));
    const typed = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }]),
    );
    const theirs = codec.encode({ headers: typed, body: Buffer.from(payload) });
    assert.deepEqual(own, Buffer.from(theirs));
  }
});

test('the SDK for JavaScript subscribes with its defaults, and gets what is there and what comes', async () => {
  const { client } = await scene();
  const consumer = await registered(client);
  await putTexts(client, 'a', 'b');
  const stream = await subscribed(client, consumer, { Type: 'TRIM_HORIZON' });
  assert.deepEqual(await texts(stream, 2), ['a', 'b']);
  await putTexts(client, 'c');
  const { value } = await stream.next();
  assert.deepEqual(
    (value?.Records ?? []).map(({ Data, PartitionKey }) => [
      Buffer.from(Data ?? []).toString(),
      PartitionKey,
    ]),
    [['c', 'c']],
  );
  assert.equal(value?.MillisBehindLatest, 0);
  assert.equal(value?.ContinuationSequenceNumber, value?.Records?.[0]?.SequenceNumber);
});

const tls = selfSignedIdentity(Date.now());
const transports: readonly (readonly [string, EmbeddedKinesisSettings, KinesisClientConfig])[] = [
  ['HTTP/1.1, chunked', {}, { requestHandler: new NodeHttpHandler() }],
  [
    'HTTP/1.1 and TLS',
    { tls },
    { requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca: tls.cert }) }) },
  ],
  [
    'HTTP/2 and TLS',
    { tls },
    {
      requestHandler: new NodeHttp2Handler({ nodeHttp2ConnectOptions: { ca: tls.cert } }),
    },
  ],
];
for (const [name, settings, config] of transports) {
  test(`a subscription by ${name}`, async () => {
    const { kinesis } = await scene(settings);
    const client = clientOf(kinesis, config);
    const consumer = await registered(client);
    const stream = await subscribed(client, consumer, { Type: 'LATEST' });
    assert.deepEqual((await stream.next()).value?.Records ?? [], []);
    await putTexts(client, 'a', 'b', 'c');
    assert.deepEqual(await texts(stream, 3), ['a', 'b', 'c']);
    await stream.return();
  });
}

test('a subscription begins at every kind of position', async () => {
  const { client } = await scene({ subscriptions: { exclusiveMs: 0 } });
  const consumer = await registered(client);
  const [, second = ''] = await putTexts(client, 'a', 'b');
  const between = new Date(Date.now() + 1);
  while (Date.now() <= between.getTime()) await new Promise(setImmediate);
  await putTexts(client, 'c');
  const begun = async (position: StartingPosition, count: number): Promise<readonly string[]> => {
    const stream = await subscribed(client, consumer, position);
    if (position.Type === 'LATEST') {
      await stream.next();
      await putTexts(client, 'd');
    }
    const found = await texts(stream, count);
    await stream.return();
    return found;
  };
  assert.deepEqual(await begun({ Type: 'TRIM_HORIZON' }, 3), ['a', 'b', 'c']);
  const SequenceNumber = second;
  assert.deepEqual(await begun({ Type: 'AT_SEQUENCE_NUMBER', SequenceNumber }, 2), ['b', 'c']);
  assert.deepEqual(await begun({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber }, 1), ['c']);
  // JSON has epoch seconds; the SDK cuts milliseconds off, the service does not.
  const at = { Type: 'AT_TIMESTAMP', Timestamp: between } as const;
  assert.equal((await begun(at, 1)).at(-1), 'c');
  assert.deepEqual(await begun({ Type: 'LATEST' }, 1), ['d']);
  for (const bad of ['1', '', '49'.repeat(40)]) {
    const position = { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: bad } as const;
    await assert.rejects(subscribed(client, consumer, position), {
      name: 'InvalidArgumentException',
    });
  }
});

test('a subscription ends, and the next one goes on where the last event was, by its number', async () => {
  const { client } = await scene({
    subscriptions: { lifeMs: 150, heartbeatMs: 40, exclusiveMs: 0 },
  });
  const consumer = await registered(client);
  await putTexts(client, 'a');
  let position: StartingPosition = { Type: 'TRIM_HORIZON' };
  const found: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const stream = await subscribed(client, consumer, position);
    let received = 0;
    // It ends by itself: nobody else ends this loop.
    for await (const { Records = [], ContinuationSequenceNumber } of stream) {
      received += 1;
      found.push(...Records.map(({ Data }) => Buffer.from(Data ?? []).toString()));
      position = { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: ContinuationSequenceNumber };
    }
    assert.ok(received > 0, 'no event came');
    await putTexts(client, `after ${round}`);
  }
  assert.deepEqual(found, ['a', 'after 0', 'after 1']);
});

test('at the end of a shard its children are named and no number to go on from', async () => {
  const { client } = await scene({ streams: { transactions: 2 } });
  const consumer = await registered(client);
  const split = await subscribed(client, consumer, { Type: 'TRIM_HORIZON' });
  const merged = await subscribed(client, consumer, { Type: 'TRIM_HORIZON' }, shardId(1));
  await split.next();
  await merged.next();
  const NewStartingHashKey = String(2n ** 120n);
  const ShardToSplit = shardId(0);
  const StreamName = 'transactions';
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
  const last = async (stream: typeof split): Promise<SubscribeToShardEvent | undefined> => {
    let event: SubscribeToShardEvent | undefined;
    for await (const one of stream) event = one;
    return event;
  };
  const end = await last(split);
  assert.deepEqual(
    end?.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards]),
    [
      [shardId(2), [shardId(0)]],
      [shardId(3), [shardId(0)]],
    ],
  );
  assert.equal(end?.ContinuationSequenceNumber ?? undefined, undefined);
  const pair = { ShardToMerge: shardId(3), AdjacentShardToMerge: shardId(1) };
  await client.send(new MergeShardsCommand({ StreamName, ...pair }));
  assert.deepEqual(
    (await last(merged))?.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards]),
    [[shardId(4), [shardId(3), shardId(1)]]],
  );
});

test('a second subscription of a consumer and shard is refused for a while', async () => {
  const { client } = await scene({ subscriptions: { exclusiveMs: 3_600_000 } });
  const consumer = await registered(client);
  const position = { Type: 'TRIM_HORIZON' } as const;
  const first = await subscribed(client, consumer, position);
  await assert.rejects(subscribed(client, consumer, position), { name: 'ResourceInUseException' });
  await first.return();
  // Also when the first one is over.
  await assert.rejects(subscribed(client, consumer, position), { name: 'ResourceInUseException' });
  const other = await registered(client, 'other');
  await (await subscribed(client, other, position)).return();
});

test('later a second subscription takes over, and the first one ends by an exception', async () => {
  const { client } = await scene({ subscriptions: { exclusiveMs: 0 } });
  const consumer = await registered(client);
  const first = await subscribed(client, consumer, { Type: 'TRIM_HORIZON' });
  await first.next();
  const second = await subscribed(client, consumer, { Type: 'TRIM_HORIZON' });
  await assert.rejects(first.next(), { name: 'ResourceInUseException' });
  await putTexts(client, 'a');
  assert.deepEqual(await texts(second, 1), ['a']);
});

test('a consumer that is deregistered ends its subscriptions by an exception', async () => {
  const { client } = await scene();
  const ConsumerARN = await registered(client);
  const stream = await subscribed(client, ConsumerARN, { Type: 'TRIM_HORIZON' });
  await stream.next();
  await client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
  await assert.rejects(stream.next(), { name: 'ResourceNotFoundException' });
  await assert.rejects(subscribed(client, ConsumerARN, { Type: 'TRIM_HORIZON' }), {
    name: 'ResourceNotFoundException',
  });
});

test('consumers are registered, listed by page, described, and limited as on AWS', async () => {
  const { kinesis, client } = await scene();
  const arn = await registered(client, 'c-00');
  assert.match(
    arn,
    /^arn:aws:kinesis:us-east-1:000000000000:stream\/transactions\/consumer\/c-00:\d{10}$/,
  );
  for (let index = 1; index < 20; index += 1) {
    await registered(client, `c-${String(index).padStart(2, '0')}`);
  }
  await assert.rejects(registered(client, 'c-20'), { name: 'LimitExceededException' });
  await assert.rejects(registered(client, 'c-01'), { name: 'ResourceInUseException' });
  await assert.rejects(registered(client, 'no name'), { name: 'ValidationException' });
  const names: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListStreamConsumersCommand({ StreamARN, MaxResults: 7, NextToken }),
    );
    names.push(...(page.Consumers ?? []).map(({ ConsumerName }) => ConsumerName));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(names, [...names].sort());
  assert.equal(names.length, 20);
  for (const named of [{ ConsumerARN: arn }, { StreamARN, ConsumerName: 'c-00' }]) {
    const { ConsumerDescription } = await client.send(new DescribeStreamConsumerCommand(named));
    assert.equal(ConsumerDescription?.ConsumerStatus, 'ACTIVE');
    assert.equal(ConsumerDescription?.StreamARN, StreamARN);
    assert.ok(ConsumerDescription?.ConsumerCreationTimestamp instanceof Date);
  }
  const { body } = await call(kinesis, 'DescribeStreamSummary', { StreamName: 'transactions' });
  assert.equal((body.StreamDescriptionSummary as { ConsumerCount: number }).ConsumerCount, 20);
  const deleted = await call(kinesis, 'DeleteStream', { StreamName: 'transactions' });
  assert.equal(deleted.body.__type, 'ResourceInUseException');
});

test('a consumer that is not ACTIVE yet refuses subscriptions', async () => {
  const { client } = await scene({ transitionMs: 3_600_000 });
  const ConsumerARN = await registered(client);
  await assert.rejects(subscribed(client, ConsumerARN, { Type: 'TRIM_HORIZON' }), {
    name: 'ResourceInUseException',
    message: /CREATING/,
  });
});

test('a reader that reads slowly holds the events back, and loses none', async () => {
  const { client } = await scene();
  const consumer = await registered(client);
  const long = Array.from({ length: 40 }, (_, id) => `${id} `.padEnd(500_000, 'x'));
  const stream = await subscribed(client, consumer, { Type: 'TRIM_HORIZON' });
  for (let from = 0; from < long.length; from += 10) {
    await putTexts(client, ...long.slice(from, from + 10));
  }
  assert.deepEqual(await texts(stream, long.length), long);
});

const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const hasBoto = spawnSync(python, ['-c', 'import boto3']).status === 0;
test('boto3 subscribes, by HTTP/1.1', { skip: !hasBoto && 'needs boto3' }, async () => {
  const { kinesis, client } = await scene();
  const consumer = await registered(client);
  await putTexts(client, 'a', 'b');
  const program = `
import boto3, sys
client = boto3.client('kinesis', endpoint_url=sys.argv[1], region_name='us-east-1',
                      aws_access_key_id='local', aws_secret_access_key='local')
answer = client.subscribe_to_shard(ConsumerARN=sys.argv[2], ShardId='shardId-000000000000',
                                   StartingPosition={'Type': 'TRIM_HORIZON'})
for event in answer['EventStream']:
    print(','.join(r['Data'].decode() for r in event['SubscribeToShardEvent']['Records']))
    break
`;
  const { stdout, stderr } = spawnSync(python, ['-c', program, kinesis.url, consumer], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(stdout.trim(), 'a,b', stderr);
});
