/**
 * Kills each resuming command with SIGKILL twenty times and lets it go on: `npm run kill [times]`.
 *
 * `replay --resume`, `consume --checkpoint`, `record --checkpoint` and `score --from-stream` (by event time): the union of
 * what they wrote is whole, what came twice is within what the commands announce, and scores of redone transactions are equal.
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

const TIMES = Number(process.argv[2] ?? 20);
const COUNT = 40_000;
const run = promisify(execFile);
const bin = new URL('../bin/fraudstream', import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), 'fraudstream-kill-'));
const streams = { replayed: 4, source: 4, verdicts: 2 };
const kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
const endpoint = await startEndpoint();
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

/** Starts a command again and again, each time killed at another moment; what all of them wrote. */
async function killed(args) {
  let out = '';
  let err = '';
  for (let kill = 0; kill < TIMES; kill += 1) {
    const child = spawn(process.execPath, [bin, ...args], { env });
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      err += chunk;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 700 + ((kill * 977) % 4_000));
    await once(child, 'close');
    clearTimeout(timer);
    // A line that the kill cut in the middle is not one.
    out = out.slice(0, out.lastIndexOf('\n') + 1);
  }
  const last = await finished(args);
  return { out: out + last.stdout, err: err + last.stderr };
}

const idsOf = (text) => [...text.matchAll(/"transaction_id":"(\w+)"/g)].map(([, id]) => id);
const wanted = new Set(idsOf(lines));
const reading = ['--from', 'trim-horizon', '--idle-timeout', '2s', ...quiet];
let isWhole = true;

function say(command, ids, more = {}) {
  const seen = new Set(ids);
  const missing = [...wanted].filter((id) => !seen.has(id)).length;
  const result = { command, kills: TIMES, missing, duplicates: ids.length - seen.size, ...more };
  isWhole &&= missing === 0 && more.isBroken !== true;
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

const replay = [
  ...['replay', input, '--stream', 'replayed', '--rate', '10k/s', '--resume', ...quiet],
  ...['--checkpoint', join(folder, 'replay'), '--output', 'json'],
];
const { err: said } = await killed(replay);
const announced = [...said.matchAll(/up to ([\d,]+) more may be in the stream twice/g)].reduce(
  (sum, [, count]) => sum + Number(count.replaceAll(',', '')),
  0,
);
const replayed = idsOf(await streamOf('replayed'));
const twice = replayed.length - new Set(replayed).size;
say('replay --resume', replayed, { announced, isBroken: twice > announced });

const checkpoint = (name) => ['--checkpoint', join(folder, name)];
const slow = ['--get-records-limit', '100', '--poll-interval', '20ms'];
const consumed = await killed([
  ...['consume', '--stream', 'source', ...reading, ...slow, ...checkpoint('consume')],
]);
say('consume --checkpoint', idsOf(consumed.out));

const files = join(folder, 'recorded.ndjson');
await killed([
  ...['record', '--stream', 'source', ...reading, ...slow, ...checkpoint('record')],
  ...['--out', files, '--rotate-size', '200kB'],
]);
const names = (await readdir(folder)).filter((name) => /^recorded.*\.ndjson$/.test(name));
const recorded = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
say('record --checkpoint', idsOf(recorded.join('')));

const engine = [
  ...['score', '--url', `${endpoint.url}/score`, '--from-stream', 'source', ...reading],
  ...['--to-stream', 'verdicts', '--feature-order', 'event-time', '--output', 'json'],
  ...['--checkpoint-interval', '100ms', '--batch-rows', '20', '--capacity', '8'],
  ...checkpoint('engine'),
];
await killed(engine);
await wait(100);
const verdicts = (await streamOf('verdicts')).split('\n').filter(Boolean).map(JSON.parse);
const scores = new Map();
let different = 0;
for (const { transaction_id: id, score } of verdicts) {
  if (scores.has(id) && scores.get(id) !== score) different += 1;
  scores.set(id, score);
}
const ids = verdicts.map(({ transaction_id: id }) => id);
say('score --from-stream', ids, { different_scores: different, isBroken: different > 0 });

await Promise.all([kinesis.close(), endpoint.close()]);
await rm(folder, { recursive: true });
process.exitCode = isWhole ? 0 : 1;
