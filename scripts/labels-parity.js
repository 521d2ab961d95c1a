/**
 * Scores the same transactions and labels in several ways and counts the scores that differ.
 *
 *     npm run build && node scripts/labels-parity.js [COUNT] [WAY ...]
 *
 *     features         rows of `features --labels`, scored with --features given: what the others are compared with
 *     file             score --labels
 *     stream           score --from-stream --labels-stream, four shards merged by event time
 *     run              run --local --labels --parity: the engine of `demo`, over four shards
 *     flink            the same with --engine flink, features by event time
 *     flink-arrival    the same by arrival, over one shard at parallelism 1
 * Without a WAY it takes all; the job wants Java and its jar (docs/pipeline.md). Transactions are ordered by (event_time, transaction_id).
 * FRAUDSTREAM_PARITY_INSTANT=60000 rounds event times and reports down to minutes, so that there are ties.
 * JSON on stdout, exit code 1 when a score differs. A million transactions (the default) take half an hour of two cores and 5 GB of disk.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

const ALL = ['file', 'stream', 'run', 'flink', 'flink-arrival'];
const [count = '1000000', ...given] = process.argv.slice(2);
const ways = given.length > 0 ? given : ALL;
const bin = join(import.meta.dirname, '..', 'bin', 'fraudstream');
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-parity-'));
const path = (name) => join(folder, name);
const quiet = ['--progress', 'none'];
const env = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_REGION: 'us-east-1',
};
const fraudstream = (args, more = {}) =>
  execFileSync(process.execPath, [bin, ...args, ...quiet], {
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });

/** The score of each transaction of a file of verdicts, as text. */
async function scoresOf(name) {
  const scores = new Map();
  for await (const line of createInterface({ input: createReadStream(path(name)) })) {
    const { transaction_id: id, score } = JSON.parse(line);
    scores.set(id, score);
  }
  return scores;
}

function differences(one, other) {
  let differing = Math.abs(one.size - other.size);
  for (const [id, score] of one) if (other.get(id) !== score) differing += 1;
  return differing;
}

/** Starts the embedded Kinesis with both streams; resolves to its address. */
async function started(up) {
  for await (const line of createInterface({ input: up.stdout })) return JSON.parse(line).kinesis;
  throw new Error('up has ended');
}

/** Puts the labels to their stream. */
async function putLabels(endpoint) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new KinesisClient({ endpoint, region: env.AWS_REGION, credentials });
  const lines = readFileSync(path('world.labels.ndjson'), 'utf8').trim().split('\n');
  for (let from = 0; from < lines.length; from += 500) {
    const some = lines.slice(from, from + 500);
    const Records = some.map((line) => ({ PartitionKey: 'x', Data: Buffer.from(line) }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: 'labels', Records }));
    if (answer.FailedRecordCount > 0) throw new Error('the stream of labels refused a label');
  }
  client.destroy();
}

const INSTANT_MS = Number(process.env.FRAUDSTREAM_PARITY_INSTANT ?? 1);
const coarse = (text) =>
  new Date(Math.floor(Date.parse(text) / INSTANT_MS) * INSTANT_MS).toISOString();

/** The transactions of a world, which are in the order of time, those of one instant by their ids. */
async function* ordered(name) {
  let [time, lines] = ['', []];
  const sorted = () => lines.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => `${line}\n`);
  for await (const line of createInterface({ input: createReadStream(path(name)) })) {
    const transaction = JSON.parse(line);
    const at = coarse(transaction.event_time);
    if (at !== time) {
      yield sorted().join('');
      [time, lines] = [at, []];
    }
    const text = INSTANT_MS > 1 ? JSON.stringify({ ...transaction, event_time: at }) : line;
    lines.push([transaction.transaction_id, text]);
  }
  yield sorted().join('');
}

/** The labels of a world, with reports at such instants. */
async function* reported(name) {
  for await (const line of createInterface({ input: createReadStream(path(name)) })) {
    const label = JSON.parse(line);
    const at = label.reported_at && coarse(label.reported_at);
    yield `${at ? JSON.stringify({ ...label, reported_at: at }) : line}\n`;
  }
}

const input = ['--input', path('world.ndjson')];
const labels = ['--labels', path('world.labels.ndjson')];
const scored = (name) => ['--batch-rows', '200', '--timeout', '10m', '--out', path(name)];

/** The scores of a stream and a stream of labels. */
async function ofStream() {
  const streams = ['--streams', 'transactions:4', '--streams', 'labels:1'];
  const limits = ['--shard-limits', 'none', '--no-endpoint', '--retained-bytes', '4GiB'];
  const up = spawn(process.execPath, [bin, 'up', ...streams, ...limits], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const there = { AWS_ENDPOINT_URL_KINESIS: await started(up) };
    const put = ['produce', '--rate', 'max', '--ordered', '--record-ttl', '10m'];
    fraudstream([...put, ...input, '--stream', 'transactions'], there);
    await putLabels(there.AWS_ENDPOINT_URL_KINESIS);
    const stream = ['--from-stream', 'transactions', '--labels-stream', 'labels'];
    const order = ['--feature-order', 'event-time', '--count', count];
    fraudstream(['score', '--local', ...stream, ...order, ...scored('stream.ndjson')], there);
    return scoresOf('stream.ndjson');
  } finally {
    up.kill();
  }
}

/** The scores of a file. */
function ofFile() {
  fraudstream(['score', '--local', ...input, ...labels, ...scored('file.ndjson')]);
  return scoresOf('file.ndjson');
}

/** How many scores of an engine differ from those of the offline model, or were not compared. */
function ofEngine(...flags) {
  const judged = ['--parity', 'shipped', '--parity-tolerance', '0', '--output', 'json'];
  const rate = ['--rate', process.env.FRAUDSTREAM_PARITY_RATE ?? '4k/s', '--drain', '2m'];
  const run = ['run', '--local', ...flags, ...input, ...labels, ...rate, ...judged];
  const { compared, skewed } = JSON.parse(reportOf(run)).parity.features;
  if (compared < Number(count)) console.error(`${Number(count) - compared} have no score`);
  return Number(count) - compared + skewed;
}

/** What a run prints, also where a busy machine made it fail: then it has fewer scores. */
function reportOf(run) {
  try {
    return fraudstream(run);
  } catch (error) {
    if (error.stdout?.length > 0) return error.stdout;
    throw error;
  }
}

// A replay of weeks within minutes: what a busy machine reads late is late by days of event time.
const flink = [
  ...['--engine', 'flink', '--flink-option', 'order:ordered'],
  ...['--flink-option', 'out-of-orderness:6 h', '--flink-option', 'watermark-delay:20 s'],
  ...['--flink-option', 'idleness:60 s'],
];
const byTime = ['--flink-option', 'feature-order:event-time'];
const differing = {
  file: async (wanted) => differences(wanted, await ofFile()),
  stream: async (wanted) => differences(wanted, await ofStream()),
  run: async () => ofEngine(),
  flink: async () => ofEngine(...flink, ...byTime),
  'flink-arrival': async () =>
    ofEngine(...flink, '--flink-option', 'parallelism:1', '--shards', '1'),
};

try {
  const world = ['--count', count, '--seed', '7', '--cards', '20000', '--fraud-rate', '0.02'];
  fraudstream(['generate', ...world, '--out', path('made.ndjson'), '--labels', 'sidecar']);
  await pipeline(ordered('made.ndjson'), createWriteStream(path('world.ndjson')));
  await pipeline(reported('made.labels.ndjson'), createWriteStream(path('world.labels.ndjson')));
  rmSync(path('made.ndjson'));
  fraudstream(['features', ...input, ...labels, '--out', path('rows.csv')]);
  const rows = ['--features', 'given', '--input', path('rows.csv')];
  fraudstream(['score', '--local', ...rows, ...scored('features.ndjson')]);
  rmSync(path('rows.csv'));
  const wanted = await scoresOf('features.ndjson');
  const found = {};
  for (const way of ways) {
    found[way] = await differing[way](wanted);
    console.error(`${way}: ${found[way]} of ${count} scores differ`);
  }
  const holds = wanted.size === Number(count) && Object.values(found).every((n) => n === 0);
  console.log(JSON.stringify({ count: wanted.size, differing: found, holds }));
  process.exitCode = holds ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
