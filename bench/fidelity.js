// What a load generator adds to the latencies it reports: `score` beside vegeta, at the same rates,
// with a body of the same size, against a server that answers at once.
//   request p99 of both, processor time of both (user and system, all threads), due to sent of ours
// Runs alternate; ratios are of the medians. vegeta is not a dependency, and is left out where it is missing:
//   go install github.com/tsenart/vegeta/v12@latest
//   npm run build && VEGETA=$(go env GOPATH)/bin/vegeta node bench/fidelity.js [runs] [seconds]
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from './support/median.js';

const run = promisify(execFile);
const RUNS = Number(process.argv[2] ?? 3);
const SECONDS = Number(process.argv[3] ?? 10);
const RATES = [1_000, 5_000];
const BOUNDS = { p99OverVegeta: 1.3, cpuOverVegeta: 2, slipP99Ms: 1 };
const { VEGETA = 'vegeta' } = process.env;
const bin = new URL('../bin/fraudstream', import.meta.url).pathname;

/** Runs a command to its end; its output and the processor time that it took. */
async function timed(command, args) {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const { stdout, stderr } = await run('bash', ['-c', script, 'bash', command, ...args], {
    maxBuffer: 64 * 1_048_576,
    timeout: 10_000 * SECONDS,
  });
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(stderr);
  return { stdout, cpuSeconds: Number(user) + Number(system) };
}

const scoreArgs = (url, rate, seconds) => [
  ...[bin, 'score', '--url', url, '--rate', `${rate}/s`, '--duration', `${seconds}s`],
  ...['--seed', '7', '--output', 'json', '--progress', 'none'],
];

async function ours(url, rate) {
  const { stdout, cpuSeconds } = await timed(process.execPath, scoreArgs(url, rate, SECONDS));
  const { scoring } = JSON.parse(stdout);
  if (scoring.scored !== rate * SECONDS) throw new Error(JSON.stringify(scoring));
  return {
    p50: scoring.service.p50_ms,
    p99: scoring.service.p99_ms,
    most: scoring.service.max_ms,
    slipP99: scoring.slip.p99_ms,
    cpuSeconds,
  };
}

async function vegetas(rate, directory) {
  const results = join(directory, 'results');
  const attack = ['attack', '-targets', join(directory, 'targets'), '-output', results];
  const { cpuSeconds } = await timed(VEGETA, [
    ...attack,
    ...['-rate', `${rate}/s`, '-duration', `${SECONDS}s`],
  ]);
  const { stdout } = await run(VEGETA, ['report', '-type', 'json', results]);
  const { latencies, success } = JSON.parse(stdout);
  if (success < 1) throw new Error(stdout);
  return {
    p50: latencies['50th'] / 1e6,
    p99: latencies['99th'] / 1e6,
    most: latencies.max / 1e6,
    cpuSeconds,
  };
}

/** A body as `score` sends it. */
async function bodyOf() {
  let body = '';
  const server = createServer(async (request, response) => {
    for await (const chunk of request) body += chunk;
    response.setHeader('content-type', 'text/csv').end('0.25\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/score`;
  await run(process.execPath, [
    ...[bin, 'score', '--url', url, '--count', '1', '--seed', '7'],
    ...['--output', 'json', '--progress', 'none'],
  ]);
  server.close();
  return body;
}

async function hasVegeta() {
  try {
    await run(VEGETA, ['-version']);
    return true;
  } catch {
    console.error(`${VEGETA} cannot be run: only score is measured, and compared with nothing.`);
    return false;
  }
}

const mids = (runs) =>
  Object.fromEntries(
    Object.keys(runs[0] ?? {}).map((name) => [
      name,
      Number(median(runs.map((each) => each[name])).toFixed(3)),
    ]),
  );

const directory = await mkdtemp(join(tmpdir(), 'fidelity-'));
const server = fork(new URL('support/canned-scoring.js', import.meta.url));
try {
  const [[port]] = await once(server, 'message');
  const url = `http://127.0.0.1:${port}/score`;
  await writeFile(join(directory, 'body'), await bodyOf());
  const target = [
    `POST ${url}`,
    'content-type: text/csv',
    'accept: text/csv',
    `@${join(directory, 'body')}`,
  ];
  await writeFile(join(directory, 'targets'), `${target.join('\n')}\n`);
  const isCompared = await hasVegeta();
  const rates = {};
  let isHeld = true;
  for (const rate of RATES) {
    const seen = { score: [], vegeta: [] };
    for (let each = 0; each < RUNS; each += 1) {
      if (isCompared) seen.vegeta.push(await vegetas(rate, directory));
      seen.score.push(await ours(url, rate));
    }
    const [score, vegeta] = [mids(seen.score), mids(seen.vegeta)];
    const ratios = isCompared && {
      p99OverVegeta: Number((score.p99 / vegeta.p99).toFixed(2)),
      cpuOverVegeta: Number((score.cpuSeconds / vegeta.cpuSeconds).toFixed(2)),
    };
    isHeld &&=
      score.slipP99 <= BOUNDS.slipP99Ms &&
      !(ratios?.p99OverVegeta > BOUNDS.p99OverVegeta) &&
      !(ratios?.cpuOverVegeta > BOUNDS.cpuOverVegeta);
    rates[`${rate}/s`] = { score, ...(isCompared && { vegeta, ratios }) };
  }
  const bodyBytes = (await readFile(join(directory, 'body'))).length;
  console.log(
    JSON.stringify({
      benchmark: 'fidelity',
      runs: RUNS,
      seconds: SECONDS,
      bodyBytes,
      rates,
      bounds: BOUNDS,
      isHeld,
    }),
  );
  process.exitCode = isHeld ? 0 : 1;
} finally {
  server.disconnect();
  await rm(directory, { recursive: true, force: true });
}
