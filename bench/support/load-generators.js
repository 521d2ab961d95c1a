/**
 * Load generators of others, each started as its documentation shows, and `score`: what each reports of the same server.
 *
 * Each takes the server and the load, and gives `perSecond`, `p50`, `p90`, `p99` (ms, as it reports them), and the processor
 * seconds of all its threads, start included. `rate` is in requests a second; without it a generator is as fast as it can.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fraudstream, timed } from './processes.js';

const CONNECTIONS = 50;
const TYPE = 'text/csv';

const generators = { wrk, hey, vegeta, oha, bombardier, autocannon };

/** All of them; wrk takes no rate. */
export const generatorNames = Object.keys(generators);

/** Runs `use` with a server that answers each row at once, or stalls for the first `stallMs` of each second. */
export async function withScoringServer(stallMs, use) {
  const folder = await mkdtemp(join(tmpdir(), 'fraudstream-load-'));
  const server = fork(new URL('canned-scoring.js', import.meta.url), ['0', String(stallMs)]);
  try {
    const [[port]] = await once(server, 'message');
    const target = { url: `http://127.0.0.1:${port}/score`, folder };
    await writeFile(join(folder, 'body'), await bodyOfScore());
    await writeFile(join(folder, 'post.lua'), await luaOf(folder));
    return await use(target);
  } finally {
    server.disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A row as `score` sends it. */
async function bodyOfScore() {
  let body = '';
  const server = createServer(async (request, response) => {
    for await (const chunk of request) body += chunk;
    response.setHeader('content-type', TYPE).end('0.25\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/score`;
  await timed([
    ...fraudstream,
    'score',
    '--url',
    url,
    '--count',
    1,
    '--seed',
    7,
    '--progress',
    'none',
  ]);
  server.close();
  return body;
}

/** A run of a load generator of others; undefined where it has no such mode. */
export function attacked(peer, target, load) {
  return generators[peer.name](peer, target, load);
}

/** A run of `score`: what a user gets who reads its report. */
export async function scored(target, { rate, seconds }, flags = []) {
  const pace = rate === undefined ? 'max' : `${rate}/s`;
  const { stdout, cpuSeconds } = await timed([
    ...[...fraudstream, 'score', '--url', target.url, '--rate', pace, '--duration', `${seconds}s`],
    ...['--seed', 7, '--output', 'json', '--progress', 'none', ...flags],
  ]);
  const { scoring } = JSON.parse(stdout);
  if (scoring.scored !== scoring.transactions) throw new Error(JSON.stringify(scoring));
  return {
    ...figures(scoring.transactions_per_second, seconds, cpuSeconds, scoring.service),
    perCore: scoring.scored / cpuSeconds,
    slipP99: scoring.slip.p99_ms,
    responseP90: scoring.response.p90_ms,
    responseP99: scoring.response.p99_ms,
  };
}

function figures(perSecond, seconds, cpuSeconds, latency) {
  const perCore = (perSecond * seconds) / cpuSeconds;
  const { p50_ms: p50, p90_ms: p90, p99_ms: p99 } = latency;
  return { perSecond, perCore, cpuSeconds, p50, p90, p99 };
}

async function wrk(peer, target, { rate, seconds }) {
  if (rate !== undefined) return undefined;
  const script = join(target.folder, 'post.lua');
  const { stdout, cpuSeconds } = await timed(
    [
      ...[...peer.command, '-t', 1, '-c', CONNECTIONS, '-d', `${seconds}s`, '--latency'],
      ...['-s', script, target.url],
    ],
    { env: peer.env },
  );
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]);
  const at = (percent) => {
    const [, value, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(stdout);
    return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit];
  };
  const latency = { p50_ms: at(50), p90_ms: at(90), p99_ms: at(99) };
  return figures(perSecond, seconds, cpuSeconds, latency);
}

async function luaOf(folder) {
  const body = await readFile(join(folder, 'body'), 'utf8');
  return `wrk.method = "POST"\nwrk.headers["content-type"] = "${TYPE}"\nwrk.body = ${JSON.stringify(body)}\n`;
}

async function hey(peer, target, { rate, seconds }) {
  const pace = rate === undefined ? [] : ['-q', rate / CONNECTIONS];
  const { stdout, cpuSeconds } = await timed([
    ...[...peer.command, '-z', `${seconds}s`, '-c', CONNECTIONS, ...pace, '-m', 'POST'],
    ...['-T', TYPE, '-D', join(target.folder, 'body'), target.url],
  ]);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]);
  const at = (percent) =>
    1000 * Number(new RegExp(`${percent}%+ in ([\\d.]+) secs`).exec(stdout)[1]);
  const latency = { p50_ms: at(50), p90_ms: at(90), p99_ms: at(99) };
  return figures(perSecond, seconds, cpuSeconds, latency);
}

async function vegeta(peer, target, { rate, seconds }) {
  const targets = join(target.folder, 'targets');
  const body = join(target.folder, 'body');
  await writeFile(
    targets,
    `POST ${target.url}\ncontent-type: ${TYPE}\naccept: ${TYPE}\n@${body}\n`,
  );
  const pace =
    rate === undefined ? ['-rate', 0, '-max-workers', CONNECTIONS] : ['-rate', `${rate}/s`];
  const results = join(target.folder, 'results');
  const attack = ['attack', '-targets', targets, '-output', results, '-duration', `${seconds}s`];
  const { cpuSeconds } = await timed([...peer.command, ...attack, ...pace]);
  const { stdout } = await timed([...peer.command, 'report', '-type', 'json', results]);
  const { latencies, requests, success } = JSON.parse(stdout);
  if (success < 1) throw new Error(stdout);
  const [p50, p90, p99] = ['50th', '90th', '99th'].map((name) => latencies[name] / 1e6);
  const latency = { p50_ms: p50, p90_ms: p90, p99_ms: p99 };
  return figures(requests / seconds, seconds, cpuSeconds, latency);
}

async function oha(peer, target, { rate, seconds }) {
  // Latency from the instant due is a mode of its own, which its documentation recommends with a rate.
  const pace = rate === undefined ? [] : ['-q', rate, '--latency-correction'];
  const { stdout, cpuSeconds } = await timed([
    ...[...peer.command, '--no-tui', '--output-format', 'json', '-z', `${seconds}s`],
    ...['-c', CONNECTIONS, ...pace, '-m', 'POST', '-T', TYPE],
    ...['-D', join(target.folder, 'body'), target.url],
  ]);
  const { summary, latencyPercentiles: of } = JSON.parse(stdout);
  const latency = { p50_ms: 1000 * of.p50, p90_ms: 1000 * of.p90, p99_ms: 1000 * of.p99 };
  return figures(summary.requestsPerSec, seconds, cpuSeconds, latency);
}

async function bombardier(peer, target, { rate, seconds }) {
  const pace = rate === undefined ? [] : ['-r', rate];
  const { stdout, cpuSeconds } = await timed([
    ...[...peer.command, '-c', CONNECTIONS, '-d', `${seconds}s`, ...pace, '-l', '-m', 'POST'],
    ...['-H', `content-type: ${TYPE}`, '-f', join(target.folder, 'body'), '-p', 'r', '-o', 'json'],
    target.url,
  ]);
  const { result } = JSON.parse(stdout);
  const [p50, p90, p99] = ['50', '90', '99'].map((name) => result.latency.percentiles[name] / 1000);
  const latency = { p50_ms: p50, p90_ms: p90, p99_ms: p99 };
  return figures(result.req2xx / result.timeTakenSeconds, seconds, cpuSeconds, latency);
}

async function autocannon(peer, target, { rate, seconds }) {
  const pace = rate === undefined ? [] : ['-R', rate];
  const { stdout, cpuSeconds } = await timed([
    ...[...peer.command, '-c', CONNECTIONS, '-d', seconds, ...pace, '-j', '-m', 'POST'],
    ...['-H', `content-type=${TYPE}`, '-i', join(target.folder, 'body'), target.url],
  ]);
  const { latency, requests } = JSON.parse(stdout);
  const { p50, p90, p99 } = latency;
  const of = { p50_ms: p50, p90_ms: p90, p99_ms: p99 };
  return figures(requests.average, seconds, cpuSeconds, of);
}
