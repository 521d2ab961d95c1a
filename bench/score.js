// What scoring costs on this side of the endpoint, against a server that answers at once.
//   1. requests/s/core of one row: --transport fast, the SDK's InvokeEndpoint as it is, undici alone
//   2. how far from its schedule a paced run of 10,000/s is
//   3. rows/s of the whole scoring at 100 rows a request, by either transport
// Same server, same run, alternating, medians.
//   npm run build && node bench/score.js
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { Pool } from 'undici';
import { Scoring, unbounded } from '../dist/metrics/scoring.js';
import { pace } from '../dist/pacing/pace.js';
import { constantRate } from '../dist/pacing/pacer.js';
import { PreciseClock } from '../dist/pacing/precise-clock.js';
import { systemClock } from '../dist/runtime.js';
import { fastClient } from '../dist/scoring/clients/fast-client.js';
import { runtimeTarget } from '../dist/scoring/clients/request-targets.js';
import { sdkClient } from '../dist/scoring/clients/sdk-client.js';
import { requestBody, scoreForm } from '../dist/scoring/request/request-body.js';
import { score } from '../dist/scoring/score.js';
import { scoreDefaults } from '../dist/scoring/score-settings.js';
import {
  alternating,
  atLeast,
  atMost,
  medians,
  publish,
  ratio,
  settings,
} from './support/benchmark.js';

const given = settings({ runs: 3 }, { runs: 5 });
const SECONDS = 2;
const CONNECTIONS = 64;
const FEATURES = 25;
const BOUNDS = { fastOverSdk: 8, fastOverUndici: 0.7, slipP99Ms: 1, rowsPerSecond: 200_000 };

const candidates = Array.from({ length: 10_000 }, (_, index) => ({
  id: `t${index}`,
  cardId: `card_${index % 997}`,
  eventTime: '2026-01-01T00:00:00.000Z',
  data: Buffer.alloc(0),
  // Counts, money, ratios, and some that are missing, as features are.
  features: Float32Array.from({ length: FEATURES }, (_, place) => {
    if (place % 8 === 7) return Number.NaN;
    return place % 3 === 0
      ? ((index * 7919) % 20_011) / 100
      : place % 3 === 1
        ? index % 17
        : Math.fround(1 / (1 + index + place));
  }),
}));

const settingsOf = (endpointUrl) => ({
  endpointName: 'fraud',
  region: 'us-east-1',
  endpointUrl,
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  contentType: 'text/csv',
  accept: 'text/csv',
  connections: CONNECTIONS,
  connectTimeoutMs: 1_000,
});
const fast = async (settings) =>
  fastClient(await runtimeTarget(settings, systemClock), settings, systemClock);
const form = scoreForm(requestBody('text/csv', 'text/csv', undefined), undefined);
const body = form.body(candidates.slice(0, 1));

/** Answers a second of one's own processor time, by so many loops at once. */
async function perCore(invoke) {
  const endAt = performance.now() + SECONDS * 1000;
  const before = process.cpuUsage();
  let count = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < endAt) {
        await invoke();
        count += 1;
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1e6);
}

async function byFast(settings) {
  const client = await fast(settings);
  const result = await perCore(async () => {
    const reply = await client.invoke(body).reply;
    if (reply.status !== 200) throw new Error(JSON.stringify(reply));
  });
  await client.close();
  return result;
}

async function bySdk(settings) {
  const { endpointUrl: endpoint, region, credentials } = settings;
  const sdk = new SageMakerRuntimeClient({
    endpoint,
    region,
    credentials,
    requestHandler: { httpAgent: { maxSockets: CONNECTIONS } },
  });
  const input = { EndpointName: 'fraud', ContentType: 'text/csv', Accept: 'text/csv', Body: body };
  const result = await perCore(() => sdk.send(new InvokeEndpointCommand(input)));
  sdk.destroy();
  return result;
}

async function byUndici({ endpointUrl }) {
  const pool = new Pool(endpointUrl, { connections: CONNECTIONS });
  const options = {
    path: '/endpoints/fraud/invocations',
    method: 'POST',
    body,
    headers: { 'content-type': 'text/csv', accept: 'text/csv' },
  };
  const result = await perCore(async () => {
    const answer = await pool.request(options);
    await answer.body.arrayBuffer();
  });
  await pool.destroy();
  return result;
}

async function* endless(count) {
  for (let sent = 0; sent < count; sent += 500) {
    yield candidates.slice(sent % 10_000, (sent % 10_000) + 500);
  }
}

async function slip(settings) {
  const client = await fast(settings);
  const startedAt = systemClock.now();
  const scoring = new Scoring(startedAt, 1_000);
  const means = {
    clock: systemClock,
    random: Math.random,
    observe: (trace) => scoring.addRequest(trace),
  };
  const due = pace(
    endless(40_000),
    constantRate(10_000),
    new PreciseClock(systemClock),
    new AbortController().signal,
  );
  for await (const group of score(due, client, form, means, { ...scoreDefaults, capacity: 256 }))
    scoring.add(group);
  await client.close();
  const summary = scoring.summary((systemClock.now() - startedAt) / 1000, unbounded);
  if (summary.scored !== 40_000) throw new Error(JSON.stringify(summary));
  return summary.slip.p99Ms;
}

async function rows(settings, open, count) {
  const client = await open(settings);
  const means = { clock: systemClock, random: Math.random };
  async function* source() {
    for await (const group of endless(count))
      yield group.map((record) => ({ dueAt: Number.NaN, record }));
  }
  const startedAt = performance.now();
  let scored = 0;
  const all = { ...scoreDefaults, capacity: 16, batchRows: 100, concurrency: 'fixed' };
  for await (const group of score(source(), client, form, means, all)) {
    for (const { error } of group) if (error === undefined) scored += 1;
  }
  await client.close();
  if (scored !== count) throw new Error(`scored ${scored} of ${count}`);
  return count / ((performance.now() - startedAt) / 1000);
}

const server = fork(new URL('support/canned-scoring.js', import.meta.url));
try {
  const [[port]] = await once(server, 'message');
  const scoring = settingsOf(`http://127.0.0.1:${port}`);
  const sides = {
    fast: () => byFast(scoring),
    undici: () => byUndici(scoring),
    sdk: () => bySdk(scoring),
    slip: () => slip(scoring),
    fastRows: () => rows(scoring, fast, 1_000_000),
    sdkRows: () => rows(scoring, sdkClient, 500_000),
  };
  const mid = medians(await alternating(sides, given.runs, 1));
  const row = (client, perCore, rowsPerSecond) => ({
    client,
    'requests/s/core': perCore,
    'over undici': perCore / mid.undici,
    'rows/s at 100 a request': rowsPerSecond,
  });
  publish({
    settings: given,
    tables: [
      {
        title: 'Requests of one row for each second of a processor; rows a second by the clock',
        rows: [
          row('`--transport fast`, signed', mid.fast, mid.fastRows),
          row('undici alone, unsigned', mid.undici),
          row('InvokeEndpoint of the SDK, `--transport sdk`', mid.sdk, mid.sdkRows),
        ],
      },
    ],
    ratios: [
      ratio('fast over InvokeEndpoint of the SDK', mid.fast / mid.sdk),
      ratio('fast over undici alone', mid.fast / mid.undici),
    ],
    bounds: [
      atLeast('fast over the SDK', mid.fast / mid.sdk, BOUNDS.fastOverSdk),
      atLeast('fast over undici', mid.fast / mid.undici, BOUNDS.fastOverUndici),
      atMost('due to sent at 10,000/s, p99 ms', mid.slip, BOUNDS.slipP99Ms),
      atLeast('rows/s, fast', mid.fastRows, BOUNDS.rowsPerSecond),
      atLeast('rows/s, sdk', mid.sdkRows, BOUNDS.rowsPerSecond),
    ],
  });
} finally {
  server.disconnect();
}
