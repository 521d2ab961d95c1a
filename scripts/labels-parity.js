/**
 * Scores the same transactions and labels in three ways and counts the scores that differ.
 *
 *     npm run build && node scripts/labels-parity.js [COUNT]
 *
 *     features     rows of `features --labels`, scored with --features given
 *     file         score --labels
 *     stream       score --from-stream --labels-stream, four shards merged by event time
 * JSON on stdout, exit code 1 when a score differs. A million transactions (the default) take some minutes and 3 GB of disk.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

const [count = '1000000'] = process.argv.slice(2);
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

const streams = ['--streams', 'transactions:4', '--streams', 'labels:1'];
const limits = ['--shard-limits', 'none', '--no-endpoint', '--retained-bytes', '4GiB'];
const up = spawn(process.execPath, [bin, 'up', ...streams, ...limits], {
  env,
  stdio: ['ignore', 'pipe', 'ignore'],
});
try {
  const there = { AWS_ENDPOINT_URL_KINESIS: await started(up) };
  const world = ['--count', count, '--seed', '7', '--cards', '20000', '--fraud-rate', '0.02'];
  const input = ['--input', path('world.ndjson')];
  const labels = ['--labels', path('world.labels.ndjson')];
  const scored = (name) => ['--batch-rows', '200', '--timeout', '10m', '--out', path(name)];
  fraudstream(['generate', ...world, '--out', path('world.ndjson'), '--labels', 'sidecar']);
  fraudstream(['features', ...input, ...labels, '--out', path('rows.csv')]);
  const given = ['--features', 'given', '--input', path('rows.csv')];
  fraudstream(['score', '--local', ...given, ...scored('features.ndjson')]);
  rmSync(path('rows.csv'));
  fraudstream(['score', '--local', ...input, ...labels, ...scored('file.ndjson')]);
  const put = ['produce', '--rate', 'max', '--ordered'];
  fraudstream([...put, '--input', path('world.ndjson'), '--stream', 'transactions'], there);
  await putLabels(there.AWS_ENDPOINT_URL_KINESIS);
  const stream = ['--from-stream', 'transactions', '--labels-stream', 'labels'];
  const order = ['--feature-order', 'event-time', '--count', count];
  fraudstream(['score', '--local', ...stream, ...order, ...scored('stream.ndjson')], there);
  const [features, file, fromStream] = await Promise.all(
    ['features.ndjson', 'file.ndjson', 'stream.ndjson'].map(scoresOf),
  );
  const differing = {
    file: differences(features, file),
    stream: differences(features, fromStream),
  };
  const holds = features.size === Number(count) && Object.values(differing).every((n) => n === 0);
  console.log(JSON.stringify({ count: features.size, differing, holds }));
  process.exitCode = holds ? 0 : 1;
} finally {
  up.kill();
  rmSync(folder, { recursive: true, force: true });
}
