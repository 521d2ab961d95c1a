import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { featureNames } from '../../dist/features/manifest.js';
import { type Ended, fraudstream, local } from '../support/fraudstream.ts';
import { folder, linesOf } from '../support/recordings.ts';

const COUNT = 3_000;
const place = folder('labelled-features');
const path = (name: string): string => join(place, name);
/** A month of fifty cards, with frauds enough for reports to come in. */
const world = [
  ...['--count', String(COUNT), '--seed', '7', '--cards', '50', '--merchants', '100'],
  ...['--fraud-rate', '0.15'],
];
const risk = featureNames.indexOf('merchant_risk_1d');
interface CoarseLine {
  readonly transaction_id: string;
  readonly event_time?: string;
}

let kinesis: EmbeddedKinesis;
/** The features of each transaction by `features`, as float32. */
let wanted: ReadonlyMap<string, readonly (number | null)[]>;
const beside = ['--labels', path('world.labels.ndjson')];

before(async () => {
  for (const [form, name] of [
    ['sidecar', 'world.ndjson'],
    ['inline', 'inline.ndjson'],
  ] as const) {
    const to = ['--labels', form, '--out', path(name), '--manifest', 'none'];
    const { code, err } = await fraudstream(['generate', ...world, ...to]);
    assert.equal(code, 0, err);
  }
  wanted = await featuresOf(...beside);
  const streams = {
    ...{ 'with-file': 1, resumed: 1, inline: 1, bare: 1 },
    ...{ labels: 2, 'by-stream': 1, 'by-stream-resumed': 1, ties: 4 },
  };
  kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
});
after(() => kinesis.close());

function featuresOf(...flags: readonly string[]): Promise<typeof wanted> {
  return featuresOfFile('world.ndjson', flags);
}

async function featuresOfFile(name: string, flags: readonly string[]): Promise<typeof wanted> {
  const args = ['features', '--input', path(name), ...flags, '--progress', 'none'];
  const { code, out, err } = await fraudstream(args);
  assert.equal(code, 0, err);
  const rows = linesOf(out).slice(1);
  assert.equal(rows.length, COUNT);
  return new Map(
    rows.map((row) => {
      const [id = '', , , ...cells] = row.split(',');
      const features = cells.slice(0, featureNames.length);
      return [id, features.map((cell) => (cell === '' ? null : Math.fround(Number(cell))))];
    }),
  );
}

const there = (): Record<string, string> => ({ ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url });

function score(flags: readonly string[], out: string): Promise<Ended> {
  const args = ['score', '--local', '--with-features', '--out', path(out), ...flags];
  return fraudstream([...args, '--batch-rows', '50', '--output', 'json'], there());
}

/** Holds the features of verdicts against those of `features`, bit by bit. */
function compare(out: string, expected = wanted): void {
  const verdicts = linesOf(readFileSync(path(out), 'utf8')).map((line) => JSON.parse(line));
  assert.equal(verdicts.length, COUNT);
  const differing = verdicts.filter(({ transaction_id: id, features }) => {
    const row = expected.get(id) ?? [];
    return !features.every((value: number | null, at: number) => sameBits(value, row[at] ?? null));
  });
  assert.deepEqual(
    differing
      .slice(0, 3)
      .map(({ transaction_id: id, features }) => [id, features[risk], expected.get(id)?.[risk]]),
    [],
    `${differing.length} of ${COUNT} rows differ`,
  );
}

function sameBits(a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Object.is(Math.fround(a), b);
}

async function putLines(
  stream: string,
  file: string,
  most = Infinity,
  keyOf: (line: string) => string = () => 'x',
): Promise<void> {
  const client = new KinesisClient({
    endpoint: kinesis.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: new NodeHttpHandler(),
  });
  const lines = linesOf(readFileSync(path(file), 'utf8')).slice(0, most);
  for (let from = 0; from < lines.length; from += 500) {
    const group = lines.slice(from, from + 500);
    const Records = group.map((line) => ({ PartitionKey: keyOf(line), Data: Buffer.from(line) }));
    const { FailedRecordCount } = await client.send(
      new PutRecordsCommand({ StreamName: stream, Records }),
    );
    assert.equal(FailedRecordCount, 0);
  }
  client.destroy();
}

test('the labels of this world are learnt: the risk of merchants differs from one without them', async () => {
  const labels = linesOf(readFileSync(path('world.labels.ndjson'), 'utf8'));
  assert.ok(labels.filter((line) => JSON.parse(line).reported_at).length > 100);
  const without = await featuresOf();
  const rows = [...wanted].filter(([id, row]) => row[risk] !== without.get(id)?.[risk]);
  assert.ok(rows.length > 300, `${rows.length} rows`);
});

const ways = {
  'a file of labels': ['--input', path('world.ndjson'), ...beside],
  'labels inside the input': ['--input', path('inline.ndjson')],
  'labels beside and inside the input': ['--input', path('inline.ndjson'), ...beside],
  'a generated world': world,
};
for (const [name, flags] of Object.entries(ways)) {
  test(`score learns reported frauds as features does: ${name}`, async () => {
    const { code, err } = await score(flags, 'verdicts.ndjson');
    assert.equal(code, 0, err);
    compare('verdicts.ndjson');
  });
}

test('run --local learns the frauds of a file on both sides: no score differs from the offline model', async () => {
  // One shard: the engine takes transactions in the order of the file, however slow the machine is.
  const flags = ['--local', '--shards', '1', '--input', path('world.ndjson'), ...beside];
  const judged = ['--rate', '3k/s', '--parity', 'shipped', '--output', 'json'];
  const { code, out, err } = await fraudstream(['run', ...flags, ...judged]);
  assert.equal(code, 0, err);
  const { compared, skewed, max_difference: most } = JSON.parse(out).parity.features;
  assert.deepEqual([compared, skewed, most], [COUNT, 0, 0]);
});

test('replay learns them too, and the reports move with the event times', async () => {
  const scores = (name: string): readonly (readonly [string, number])[] =>
    linesOf(readFileSync(path(name), 'utf8'))
      .map((line) => JSON.parse(line))
      .map(({ transaction_id: id, score: value }) => [id, value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  assert.equal((await score(ways['labels inside the input'], 'scored.ndjson')).code, 0);
  // Whole weeks, so that no weekday changes.
  const flags = ['--local', '--speed', 'max', '--time-shift', '+28d', '--batch-rows', '50'];
  const args = ['replay', path('inline.ndjson'), '--to', 'score', ...flags];
  const { code, err } = await fraudstream([...args, '--out', path('replayed.ndjson')]);
  assert.equal(code, 0, err);
  assert.deepEqual(scores('replayed.ndjson'), scores('scored.ndjson'));
});

const fromStream = (stream: string): readonly string[] => [
  ...['--from-stream', stream, '--idle-timeout', '1s'],
];

test('score --from-stream learns the frauds of a file of labels', async () => {
  await putLines('with-file', 'world.ndjson');
  const { code, err } = await score([...fromStream('with-file'), ...beside], 'filed.ndjson');
  assert.equal(code, 0, err);
  compare('filed.ndjson');
});

test('score --from-stream learns the frauds of a stream of labels, also after a checkpoint, and counts what is no label', async () => {
  await putLines('labels', 'world.labels.ndjson');
  await putLines('by-stream', 'world.ndjson');
  const labels = ['--labels-stream', 'labels'];
  const whole = await score([...fromStream('by-stream'), ...labels], 'by-stream.ndjson');
  assert.equal(whole.code, 0, whole.err);
  compare('by-stream.ndjson');
  const { source } = JSON.parse(whole.out);
  const known = linesOf(readFileSync(path('world.labels.ndjson'), 'utf8')).length;
  assert.deepEqual([source.labels_stream, source.labels, source.bad_labels], ['labels', known, 0]);

  await putLines('by-stream-resumed', 'world.ndjson');
  const checkpoint = ['--checkpoint', path('by-stream.checkpoint')];
  const flags = [...fromStream('by-stream-resumed'), ...labels, ...checkpoint];
  const first = await score([...flags, '--count', '1400'], 'by-stream-1.ndjson');
  assert.equal(first.code, 0, first.err);
  // What is no label is counted, and changes nothing.
  await putLines('labels', 'world.ndjson', 3);
  const second = await score(flags, 'by-stream-2.ndjson');
  assert.equal(second.code, 65, second.err);
  assert.equal(JSON.parse(second.out).source.bad_labels, 3);
  const parts = [1, 2].map((part) => readFileSync(path(`by-stream-${part}.ndjson`), 'utf8'));
  writeFileSync(path('by-stream.ndjson'), parts.join(''));
  compare('by-stream.ndjson');
});

test('--labels-stream is refused where no features are computed, and where there is no such stream', async () => {
  const labels = [...fromStream('bare'), '--labels-stream', 'labels'];
  const given = await score([...labels, '--features', 'given'], 'refused.ndjson');
  assert.equal(given.code, 2);
  assert.match(given.err, /--labels-stream .*leave it out with --features given/);
  const none = await score([...fromStream('bare'), '--labels-stream', 'none'], 'refused.ndjson');
  assert.equal(none.code, 69, none.err);
  assert.match(none.err, /--labels-stream|none/);
});

for (const [stream, file, labels] of [
  ['resumed', 'world.ndjson', beside],
  ['inline', 'inline.ndjson', []],
] as const) {
  test(`what goes on from a checkpoint learns what it would have learnt: ${file}`, async () => {
    await putLines(stream, file);
    const flags = [...fromStream(stream), ...labels, '--checkpoint', path(`${stream}.checkpoint`)];
    const first = await score([...flags, '--count', '1400'], `${stream}-1.ndjson`);
    assert.equal(first.code, 0, first.err);
    const second = await score(flags, `${stream}-2.ndjson`);
    assert.equal(second.code, 0, second.err);
    const parts = [1, 2].map((part) => readFileSync(path(`${stream}-${part}.ndjson`), 'utf8'));
    writeFileSync(path(`${stream}.ndjson`), parts.join(''));
    compare(`${stream}.ndjson`);
  });
}

test('ties: what is of one instant, in a shard or in several, with reports of that instant, is taken by id, over a checkpoint too', async () => {
  // An instant for six hours: dozens of transactions in each, and reports.
  const sixHours = (text: string): string =>
    new Date(Math.floor(Date.parse(text) / 21_600_000) * 21_600_000).toISOString();
  const coarse = (name: string, field: 'event_time' | 'reported_at'): readonly CoarseLine[] =>
    linesOf(readFileSync(path(name), 'utf8')).map((line) => {
      const item = JSON.parse(line);
      if (item[field]) item[field] = sixHours(item[field]);
      return item;
    });
  const write = (name: string, items: readonly object[]): void =>
    writeFileSync(path(name), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  const items = coarse('world.ndjson', 'event_time');
  const time = ({ event_time: at = '' }: CoarseLine): number => Date.parse(at);
  write('ties-labels.ndjson', coarse('world.labels.ndjson', 'reported_at'));
  const byId = (a: CoarseLine, b: CoarseLine): number =>
    a.transaction_id < b.transaction_id ? -1 : 1;
  write(
    'ties.ndjson',
    [...items].sort((a, b) => time(a) - time(b) || byId(a, b)),
  );
  // Each shard has those of an instant in another order than that of their ids.
  write(
    'ties-put.ndjson',
    [...items].sort((a, b) => time(a) - time(b) || byId(b, a)),
  );
  await putLines('ties', 'ties-put.ndjson', COUNT, (line) => JSON.parse(line).card_id);
  const labels = ['--labels', path('ties-labels.ndjson')];
  const checkpoint = ['--checkpoint', path('ties.checkpoint'), '--feature-order', 'event-time'];
  const flags = [...fromStream('ties'), ...labels, ...checkpoint];
  const inOrder = linesOf(readFileSync(path('ties.ndjson'), 'utf8')).map((line) =>
    JSON.parse(line),
  );
  // A checkpoint between two instants.
  const cut = inOrder.findIndex(
    ({ event_time: at }, index) => index > 1_400 && at !== inOrder[index - 1].event_time,
  );
  for (const [part, more] of [['--count', String(cut)], []].entries()) {
    const { code, err } = await score([...flags, ...more], `ties-${part}.ndjson`);
    assert.equal(code, 0, err);
  }
  const parts = [0, 1].map((part) => readFileSync(path(`ties-${part}.ndjson`), 'utf8'));
  writeFileSync(path('ties-scored.ndjson'), parts.join(''));
  compare('ties-scored.ndjson', await featuresOfFile('ties.ndjson', labels));
});

test('a stream without labels teaches nothing: its features are those of features without labels', async () => {
  await putLines('bare', 'world.ndjson');
  const { code, err } = await score(fromStream('bare'), 'bare.ndjson');
  assert.equal(code, 0, err);
  compare('bare.ndjson', await featuresOf());
});
