import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { fraudstream, local, start } from '../support/fraudstream.ts';
import { hasMoto, type Moto, startMoto } from '../support/moto.ts';
import { type Misdeeds, pipelineStub } from '../support/pipeline-stub.ts';
import {
  dynamoSink,
  fileSink,
  s3Sink,
  snsSink,
  sqsSink,
  type VerdictSink,
} from '../support/verdict-sinks.ts';

/**
 * For 20,000 verdicts of each source: FRAUDSTREAM_VERDICTS=20000 FRAUDSTREAM_PATIENCE_MS=900000, and
 * `--test-name-pattern` for one after the other.
 */
const COUNT = Number(process.env.FRAUDSTREAM_VERDICTS ?? 300);
/** Moto takes a few hundred messages a second. */
const isLarge = COUNT > 2_000;
const RATE = isLarge ? '150/s' : '1k/s';

let kinesis: EmbeddedKinesis;
let moto: Moto | undefined;
let folder = '';
let input = '';
let ids: readonly string[] = [];
let scores: ReadonlyMap<string, number>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-sources-'));
  const names = ['sqs', 'redelivery', 'topic', 'dynamodb', 's3', 'file', 'stdin'];
  const streams = names.flatMap((name) => [
    [`${name}-in`, 2],
    [`${name}-dead`, 1],
  ]);
  kinesis = await startEmbeddedKinesis({ streams: Object.fromEntries(streams) });
  if (await hasMoto()) moto = await startMoto();
  const made = await fraudstream(['generate', '--count', String(COUNT), '--seed', '9']);
  input = join(folder, 'input.ndjson');
  await writeFile(input, made.out);
  ids = made.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).transaction_id);
  scores = new Map(ids.map((id, place) => [id, (place % 100) / 250]));
});
after(async () => {
  await kinesis.close();
  await moto?.close();
  await rm(folder, { recursive: true });
});

const rejected = (): readonly string[] => ids.slice(60, 69);
/** A run with missing verdicts waits for the whole of --drain: of few verdicts only those of a file are dropped. */
const dropped = (name: string): readonly string[] =>
  isLarge || name === 'file' ? ids.slice(0, 17) : [];
const misdeeds = (name: string): Misdeeds => ({
  drop: dropped(name),
  double: ids.slice(20, 33),
  contradict: ids.slice(40, 51),
  invent: ['X1', 'X2', 'X3'],
});
const wanted = {
  sent: (count: number) => count,
  matched: (count: number, lost: number) => count - lost,
  missing: (_: number, lost: number) => lost,
  identical: () => 13,
  contradicting: () => 11,
  unknown: () => 3,
  late: () => 0,
};

/** The flags of a run whose verdicts come from a source. */
const flags = (name: string, source: string, ...more: readonly string[]): readonly string[] => [
  ...['run', '--stream', `${name}-in`, '--verdicts-from', source, '--input', input],
  ...(isLarge ? ['--request-timeout', '60s'] : []),
  ...['--rate', RATE, '--late-after', '10m', '--warm-up', '0s'],
  // Duplicates come with the verdicts before the last one.
  ...['--drain', name === 'file' ? '25s' : '120s', '--listen-on', '5s'],
  ...['--progress', 'none'],
  ...['--output', 'json', ...more],
];
const env = (): Record<string, string> => ({
  ...local,
  AWS_ENDPOINT_URL_KINESIS: kinesis.url,
  ...(moto && { AWS_ENDPOINT_URL: moto.url }),
});

/** Drives a stub that writes to a sink, and asserts that the report names exactly what the stub did. */
async function driven(
  name: string,
  source: string,
  sink: VerdictSink,
  count = COUNT,
  more: readonly string[] = [],
  dead?: VerdictSink,
): Promise<Record<string, Record<string, unknown>>> {
  const stub = await pipelineStub(
    kinesis.url,
    [`${name}-in`, sink, dead ?? `${name}-dead`],
    scores,
    { ...misdeeds(name), ...(dead && { reject: rejected() }) },
  );
  const ended = await fraudstream(flags(name, source, '--count', String(count), ...more), env());
  await stub.close();
  const lost = dropped(name).length;
  assert.equal(ended.code, lost > 0 ? 75 : 0, ended.err);
  const report = JSON.parse(ended.out);
  for (const [figure, value] of Object.entries(wanted)) {
    const judged = figure === 'matched' && dead ? count - rejected().length : count;
    assert.equal(report.correlation[figure], value(judged, lost), figure);
  }
  assert.equal(report.correlation.rejected, dead ? rejected().length : 0);
  const missing: readonly string[] = report.correlation.examples.missing;
  assert.equal(missing.length > 0, lost > 0);
  assert.ok(missing.every((id) => dropped(name).includes(id)));
  assert.deepEqual([...report.correlation.examples.unknown].sort(), ['X1', 'X2', 'X3']);
  assert.equal(report.unread_verdicts, 0);
  assert.equal(report.latency.end_to_end.count > 0, true);
  return report;
}

async function queueOf(name: string, attributes: object = {}): Promise<string> {
  const made = await moto?.call('AmazonSQS.CreateQueue', {
    QueueName: name,
    Attributes: attributes,
  });
  return String(made?.QueueUrl);
}

describe('verdicts come from elsewhere, and the report names exactly what the pipeline did', {
  concurrency: 8,
}, () => {
  test('SQS, with a backlog that is not of this run', async (context) => {
    if (!moto) return context.skip('moto is not installed');
    const url = await queueOf('decisions');
    const Entries = Array.from({ length: 10 }, (_, n) => ({
      Id: String(n),
      MessageBody: JSON.stringify({ transaction_id: ids[n], score: 1 }),
    }));
    await moto.call('AmazonSQS.SendMessageBatch', { QueueUrl: url, Entries });
    // The clock of SQS is known in whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const report = await driven('sqs', 'sqs:decisions', sqsSink(moto, url));
    assert.deepEqual(report.arrival, { of: 'service', resolution_ms: 1 });
    assert.equal(report.backlog_records, 10);
    const left = await moto.call('AmazonSQS.GetQueueAttributes', {
      QueueUrl: url,
      AttributeNames: ['All'],
    });
    const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: under } =
      left.Attributes as Record<string, string>;
    assert.deepEqual([waiting, under], ['0', '0'], 'what was counted is deleted');
  });

  test('SQS that delivers messages again: they are duplicates of the queue alone', async (context) => {
    if (!moto) return context.skip('moto is not installed');
    const url = await queueOf('impatient', { VisibilityTimeout: isLarge ? '1' : '0' });
    const report = await driven(
      'redelivery',
      `sqs:${url}`,
      sqsSink(moto, url),
      isLarge ? COUNT : 100,
    );
    assert.ok(Number(report.redelivered_records) > 0);
  });
  test('SNS in front of a queue: its envelope is unwrapped by the contract', async (context) => {
    if (!moto) return context.skip('moto is not installed');
    const url = await queueOf('subscribed');
    const made = await moto.sns('CreateTopic', { Name: 'decisions' });
    const [, topic = ''] = /<TopicArn>([^<]+)</.exec(made) ?? [];
    const Endpoint = 'arn:aws:sqs:us-east-1:123456789012:subscribed';
    await moto.sns('Subscribe', { TopicArn: topic, Protocol: 'sqs', Endpoint });
    const contract = join(folder, 'topic.yaml');
    await writeFile(contract, 'verdicts: { id: /transaction_id, score: /score, unwrap: sns }\n');
    const more = ['--contract', contract];
    const report = await driven('topic', `sqs:${url}`, snsSink(moto, topic), 100, more);
    assert.deepEqual(report.arrival, { of: 'service', resolution_ms: 1 });
  });

  test('the stream of a DynamoDB table', async (context) => {
    if (!moto) return context.skip('moto is not installed');
    await moto.call('DynamoDB_20120810.CreateTable', {
      TableName: 'decisions',
      KeySchema: [{ AttributeName: 'row', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'row', AttributeType: 'N' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    });
    const report = await driven('dynamodb', 'dynamodb:decisions', dynamoSink(moto, 'decisions'));
    assert.deepEqual(report.arrival, { of: 'service', resolution_ms: 1_000 });
    assert.equal(report.latency?.clock_skew_ms, 0, 'a second that has begun is no skew');
  });

  test('new objects of S3: lines, gzip, JSON over several lines', async (context) => {
    if (!moto) return context.skip('moto is not installed');
    await moto.putObject('verdicts', '', undefined);
    const old = Buffer.from(JSON.stringify({ transaction_id: ids[0], score: 1 }));
    await moto.putObject('verdicts', 'of/today/old.json', old);
    await moto.putObject('verdicts', 'of/yesterday/other.json', old);
    const report = await driven(
      's3',
      's3://verdicts/of/today/',
      s3Sink(moto, 'verdicts', 'of/today/'),
    );
    assert.deepEqual(report.arrival, { of: 'service', resolution_ms: 1_000 });
  });

  test('a file that grows, from its end on', async () => {
    const path = join(folder, 'verdicts.ndjson');
    await writeFile(path, `${JSON.stringify({ transaction_id: ids[0], score: 1 })}\n`);
    const letters = await queueOf('letters');
    const dead = moto && sqsSink(moto, letters);
    const more = moto ? ['--rejects-from', 'sqs:letters'] : [];
    const report = await driven('file', path, fileSink(path), COUNT, more, dead);
    assert.deepEqual(report.arrival, { of: 'read', resolution_ms: 1 });
  });

  test('a pipe', async () => {
    const running = start(flags('stdin', '-'), env());
    const sink: VerdictSink = {
      write: (_, value) => running.child.stdin.write(`${JSON.stringify(value)}\n`),
      end: async () => undefined,
    };
    const stub = await pipelineStub(
      kinesis.url,
      ['stdin-in', sink, 'stdin-dead'],
      scores,
      misdeeds('stdin'),
    );
    const ended = await running.ended;
    await stub.close();
    const { correlation } = JSON.parse(ended.out);
    for (const [figure, value] of Object.entries(wanted)) {
      assert.equal(correlation[figure], value(COUNT, dropped('stdin').length), figure);
    }
  });
});

const refused: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  ['a queue that is not there', ['sqs:nowhere'], 69, /Queue "nowhere" was not found/],
  ['a table without a stream', ['dynamodb:nowhere'], 78, /has no stream.*update-table/],
  ['a bucket that is not there', ['s3://nowhere/'], 69, /s3:\/\/nowhere\/ was not found/],
  ['a directory', ['./'], 66, /is a directory/],
  ['another service', ['arn:aws:sns:us-east-1:1:topic'], 2, /--verdicts-from/],
  ['a URL of no service', ['https://example.com/x'], 2, /sqs:QUEUE/],
  ['both ways at once', ['sqs:x', '--verdict-stream', 'y'], 2, /--verdict-stream/],
  ['a pipeline of this machine', ['sqs:x', '--local'], 2, /leave out --local, or/],
  ['stdin for both', ['-', '--rejects-from', '-'], 2, /--verdicts-from and --rejects-from are all/],
  ['one queue for both', ['sqs:x', '--rejects-from', 'sqs:x'], 2, /the same queue "x"/],
  ['a queue that is not there', ['-', '--rejects-from', 'sqs:nowhere'], 69, /Check --rejects-from/],
];
for (const [what, [source = '', ...more], code, message] of refused) {
  test(`${what} is refused before anything is put`, async (context) => {
    if (!moto && code !== 2 && code !== 66) return context.skip('moto is not installed');
    const ended = await fraudstream(flags('sqs', source, ...more), env());
    assert.match(ended.err, message);
    assert.equal(ended.code, code, ended.err);
    assert.equal(ended.out, '');
  });
}

test('a queue where nothing listens is given up at once', async () => {
  const nowhere = { ...env(), AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' };
  const ended = await fraudstream(flags('sqs', 'sqs:x'), nowhere);
  assert.match(ended.err, /Queue "x" could not be read at http:\/\/127\.0\.0\.1:1/);
  assert.equal(ended.code, 69);
});

test('a schema version is looked up in the registry of Glue', async (context) => {
  if (!moto) return context.skip('moto is not installed');
  const example = join(import.meta.dirname, '..', '..', 'examples', 'avro-glue');
  await moto.call('AWSGlue.CreateRegistry', { RegistryName: 'shop' });
  const { SchemaVersionId: id } = await moto.call('AWSGlue.CreateSchema', {
    RegistryId: { RegistryName: 'shop' },
    SchemaName: 'card-transaction',
    DataFormat: 'AVRO',
    Compatibility: 'NONE',
    SchemaDefinition: await readFile(join(example, 'transaction.avsc'), 'utf8'),
  });
  const whole = await readFile(join(example, 'contract.yaml'), 'utf8');
  const [, transactions = ''] = /(transactions:.*)verdicts:/s.exec(whole) ?? [];
  const named = 'registry: shop, schema-name: card-transaction';
  const contract = join(folder, 'glue.yaml');
  await writeFile(
    contract,
    transactions
      .replace(/schema-version-id: [0-9a-f-]+/, named)
      .replace('transaction.avsc', join(example, 'transaction.avsc')),
  );
  const words = ['generate', '--contract', contract, '--count', '1'];
  const { out, err } = await fraudstream(words, { ...local, AWS_ENDPOINT_URL: moto.url });
  const bytes = Buffer.from(out, 'base64');
  assert.equal(bytes.subarray(2, 18).toString('hex'), String(id).replaceAll('-', ''), err);
  await writeFile(contract, (await readFile(contract, 'utf8')).replace('card-', 'no-'));
  const refused = await fraudstream(words, { ...local, AWS_ENDPOINT_URL: moto.url });
  assert.match(refused.err, /glue\.yaml:\d+.*Schema "no-transaction" of registry "shop" could not/);
  assert.equal(refused.code, 78, refused.err);
});
