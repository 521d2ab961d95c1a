/**
 * Kills each resuming command with SIGKILL twenty times and lets it go on: `npm run kill [times]`.
 *
 * `replay --resume`, `consume --checkpoint`, `record --checkpoint` and `score --from-stream` (by event time): the union of
 * what they wrote is whole, what came twice is within what the commands announce, and scores of redone transactions are equal.
 * Each command works for some 20 s in all. It is killed up to 1.5 s after it has begun to work, not while it starts, so that
 * the kills are spread over the work. `KILL_ONLY=consume` runs one of them.
 * Prints one line of JSON for each; exits 1 when one of them does not hold.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startEmbeddedKinesis } from '../dist/emulators/kinesis/embedded-kinesis.js';
import { startEndpoint } from '../dist/emulators/sagemaker/endpoint.js';
import { parseEndpointFaults } from '../dist/emulators/sagemaker/faults/fault-text.js';

const TIMES = Number(process.argv[2] ?? 20);
const COUNT = 40_000;
const run = promisify(execFile);
const bin = new URL('../bin/fraudstream', import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), 'fraudstream-kill-'));
const streams = { replayed: 4, source: 4, verdicts: 2 };
const kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
// 8 requests of 20 rows at a time: some 2,000 transactions a second.
const endpoint = await startEndpoint({ faults: parseEndpointFaults('latency=80ms') });
const env = {
  ...process.env,
  AWS_ENDPOINT_URL_KINESIS: kinesis.url,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};
const quiet = ['--progress', 'none'];
const input = join(folder, 'day.ndjson');
const { stdout: lines } = await run(
  process.execPath,
  [bin, 'generate', '--count', String(COUNT), '--seed', '11'],
  { maxBuffer: 2 ** 28 },
);
await writeFile(input, lines);
// Patient requests: what a time-out puts twice would be in the stream twice.
await finished([
  ...['produce', '--input', input, '--stream', 'source', '--rate', 'max', ...quiet],
  ...['--request-timeout', '60s', '--connect-timeout', '60s'],
]);

/** A command to its end; what it wrote. */
async function finished(args) {
  const ended = await run(process.execPath, [bin, ...args], { env, maxBuffer: 2 ** 29 });
  return ended;
}

/** Grows with all that a command does to a stream. */
async function workDone() {
  const { records, requests } = await kinesis.statistics();
  return records + (requests.GetRecords ?? 0);
}

/** Resolves a while after the command has begun to work; false if it has ended before. */
async function working(child, kill) {
  const ended = once(child, 'close').then(() => 'ended');
  const before = await workDone();
  while ((await workDone()) === before) {
    if ((await Promise.race([wait(10), ended])) === 'ended') return false;
  }
  // Spread evenly over 1.5 s, in another order.
  return (await Promise.race([wait(((kill * 7) % TIMES) * (1_500 / TIMES)), ended])) !== 'ended';
}

/** Starts a command again and again, each time killed at another moment of its work; what all of them wrote. */
async function killed(args) {
  let out = '';
  let err = '';
  let kills = 0;
  for (; kills < TIMES; kills += 1) {
    const child = spawn(process.execPath, [bin, ...args], { env });
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      err += chunk;
    });
    const closed = once(child, 'close');
    const isWorking = await working(child, kills);
    child.kill('SIGKILL');
    await closed;
    if (!isWorking) break;
    // A line that the kill cut in the middle is not one.
    out = out.slice(0, out.lastIndexOf('\n') + 1);
  }
  const last = await finished(args);
  return { kills, out: out + last.stdout, err: err + last.stderr };
}

const idsOf = (text) => [...text.matchAll(/"transaction_id":"(\w+)"/g)].map(([, id]) => id);
const wanted = new Set(idsOf(lines));
const reading = ['--from', 'trim-horizon', '--idle-timeout', '2s', ...quiet];
let isWhole = true;

function say(command, kills, ids, more = {}) {
  const seen = new Set(ids);
  const missing = [...wanted].filter((id) => !seen.has(id)).length;
  const result = { command, kills, missing, duplicates: ids.length - seen.size, ...more };
  // All kills came while it worked.
  isWhole &&= missing === 0 && more.isBroken !== true && kills === TIMES;
  console.log(JSON.stringify(result));
}

/** Everything in a stream. */
async function streamOf(stream) {
  const { stdout } = await finished(['consume', '--stream', stream, ...reading]);
  return stdout;
}

if (idsOf(await streamOf('source')).length !== COUNT) {
  throw new Error('The stream to read has a transaction twice: run this on a calmer machine.');
}

const checkpoint = (name) => ['--checkpoint', join(folder, name)];
// One Kinesis record of each shard at a time.
const slow = ['--get-records-limit', '1', '--poll-interval', '100ms'];

const trials = {
  async replay() {
    const { kills, err } = await killed([
      ...['replay', input, '--stream', 'replayed', '--rate', '2k/s', '--resume', ...quiet],
      ...[...checkpoint('replay'), '--output', 'json'],
    ]);
    const announced = [...err.matchAll(/up to ([\d,]+) more may be in the stream twice/g)].reduce(
      (sum, [, count]) => sum + Number(count.replaceAll(',', '')),
      0,
    );
    const replayed = idsOf(await streamOf('replayed'));
    const twice = replayed.length - new Set(replayed).size;
    say('replay --resume', kills, replayed, { announced, isBroken: twice > announced });
  },
  async consume() {
    const { kills, out } = await killed([
      ...['consume', '--stream', 'source', ...reading, ...slow, ...checkpoint('consume')],
    ]);
    say('consume --checkpoint', kills, idsOf(out));
  },
  async record() {
    const { kills } = await killed([
      ...['record', '--stream', 'source', ...reading, ...slow, ...checkpoint('record')],
      ...['--out', join(folder, 'recorded.ndjson'), '--rotate-size', '200kB'],
    ]);
    const names = (await readdir(folder)).filter((name) => /^recorded.*\.ndjson$/.test(name));
    const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    const ids = idsOf(files.join(''));
    // At most one file for each kill.
    const announced = kills * Math.max(...files.map((text) => idsOf(text).length));
    const twice = ids.length - new Set(ids).size;
    say('record --checkpoint', kills, ids, { announced, isBroken: twice > announced });
  },
  async score() {
    const { kills } = await killed([
      ...['score', '--url', `${endpoint.url}/score`, '--from-stream', 'source', ...reading],
      ...['--to-stream', 'verdicts', '--feature-order', 'event-time', '--output', 'json'],
      ...['--checkpoint-interval', '100ms', '--batch-rows', '20', '--capacity', '8'],
      ...checkpoint('engine'),
    ]);
    const verdicts = (await streamOf('verdicts')).split('\n').filter(Boolean).map(JSON.parse);
    const scores = new Map();
    let different = 0;
    for (const { transaction_id: id, score } of verdicts) {
      if (scores.has(id) && scores.get(id) !== score) different += 1;
      scores.set(id, score);
    }
    const ids = verdicts.map(({ transaction_id: id }) => id);
    say('score --from-stream', kills, ids, {
      different_scores: different,
      isBroken: different > 0,
    });
  },
};
for (const [name, trial] of Object.entries(trials)) {
  if ((process.env.KILL_ONLY ?? name) === name) await trial();
}

await Promise.all([kinesis.close(), endpoint.close()]);
await rm(folder, { recursive: true });
process.exitCode = isWhole ? 0 : 1;
