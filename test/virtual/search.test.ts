import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { endpointTarget } from '../../dist/capacity/endpoint-target.js';
import type { Runtime } from '../../dist/cli/runtime.js';
import { resolveSettings } from '../../dist/cli/settings/resolve-settings.js';
import { search } from '../../dist/commands/search/flags.js';
import { reportSearch, type SearchValues, searchTarget } from '../../dist/commands/search/run.js';
import { formOf, settingsOf } from '../../dist/commands/shared/scoring-settings.js';
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { featureSource } from '../../dist/engine/feature-source.js';
import { systemProcesses } from '../../dist/runtime.js';
import { Secrets } from '../../dist/text/secrets.js';
import { fraudstream, local } from '../support/fraudstream.ts';
import { answer, type Behaviour, SimulatedScoring, scoresFor } from '../support/scored.ts';
import { seeded } from '../support/seeded.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const CEILING = 1_500;

/** Twelve workers that take 8 ms each, with a queue before them. */
function queueing(random: () => number): Behaviour {
  const freeAt = new Array<number>(12).fill(0);
  return (numbers, _request, now) => {
    const worker = freeAt.indexOf(Math.min(...freeAt));
    const from = Math.max(now, freeAt[worker] ?? 0);
    // 8 ms on average, from 4 to 12.
    freeAt[worker] = from + 4 + 8 * random();
    return { afterMs: (freeAt[worker] ?? 0) - now, reply: scoresFor(numbers) };
  };
}

/** An API that refuses what is more than 1500/s, with a burst of 50. */
function throttling(random: () => number): Behaviour {
  let tokens = 50;
  let filledAt = 0;
  return (numbers, _request, now) => {
    tokens = Math.min(50, tokens + ((now - filledAt) * CEILING) / 1000);
    filledAt = now;
    if (tokens < 1) return { afterMs: 1, reply: answer(400, '{}', 'ThrottlingException') };
    tokens -= 1;
    return { afterMs: 3 + 4 * random(), reply: scoresFor(numbers) };
  };
}

const texts = {
  features: ['raw'],
  contentType: ['application/jsonlines'],
  settle: ['1s'],
  step: ['2s'],
  fromRate: ['200/s'],
  concurrencyLimit: ['fixed'],
  output: ['json'],
  url: ['http://127.0.0.1:1'],
};

interface Search {
  readonly capacity_per_second: number;
  readonly broken_at_per_second?: number;
  readonly knee_per_second: number;
  readonly is_stopped: boolean;
  readonly end_reason?: string;
  readonly trials: readonly {
    readonly target_per_second: number;
    readonly is_kept: boolean;
    readonly samples: number;
    readonly p99_ms?: number;
    readonly why?: string;
  }[];
}

interface Course {
  readonly stopAfterMs?: number;
  readonly flags?: Readonly<Record<string, readonly string[]>>;
  /** Transactions in the source. */
  readonly records?: number;
}

interface Ended {
  readonly code: number | undefined;
  readonly error: unknown;
  readonly search: Search;
  readonly endedBy: { readonly reason: string; readonly exit_code: number } | undefined;
  readonly tookMs: number;
}

/** What a search comes to that is stopped after a while, if at all. */
async function found(behaviour: Behaviour, seed: number, stopAfterMs?: number): Promise<Search> {
  const { code, search: summary } = await ended(behaviour, seed, {
    ...(stopAfterMs !== undefined && { stopAfterMs }),
  });
  assert.equal(code, 0);
  return summary;
}

/** How a search ends, in virtual time. */
async function ended(
  behaviour: Behaviour,
  seed: number,
  { stopAfterMs, flags: more = {}, records = Number.POSITIVE_INFINITY }: Course = {},
): Promise<Ended> {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const stop = new AbortController();
  if (stopAfterMs !== undefined) void clock.sleep(stopAfterMs).then(() => stop.abort());
  const out: string[] = [];
  const write = async (chunk: string | Uint8Array): Promise<void> => void out.push(String(chunk));
  const quiet = {
    isTty: false,
    hasColours: false,
    columns: 80,
    isGone: false,
    write,
    print: write,
  };
  const gc = { gcCount: 0, gcMs: 0, gcMaxMs: 0 };
  const delay = { delayP99Ms: 0, delayMaxMs: 0 };
  const idle = { seconds: 1, cores: 0, busyShare: 0, memoryBytes: 0, ...delay, ...gc };
  const outside: Runtime = {
    clock,
    paceClock: clock,
    random: seeded(seed),
    input: (async function* () {})(),
    out: quiet,
    err: { ...quiet, print: async () => undefined },
    env: {},
    stop: stop.signal,
    meter: () => ({ read: () => idle, stop: () => undefined }),
    secrets: new Secrets(),
    processes: systemProcesses,
  };
  const flags = new Map(Object.entries({ ...texts, ...more }));
  const resolved = resolveSettings(search.settings, { flags, env: {} });
  const values = Object.fromEntries(resolved.map(({ key, value }) => [key, value])) as SearchValues;
  const endpoint = new SimulatedScoring(clock, behaviour);
  const client = {
    invoke: endpoint.invoke.bind(endpoint),
    place: 'a simulation',
    close: async () => undefined,
  };
  const record = {
    id: 't1',
    partitionKey: 'card',
    data: Buffer.from('{"n":1,"transaction_id":"t1"}'),
  };
  const groups = (function* () {
    for (let left = records; left > 0; left -= 100) yield new Array(100).fill(record);
  })();
  const scoring = settingsOf(values, true);
  const settings = { scoring, form: formOf(values), featuresOf: featureSource(values).of };
  const target = endpointTarget(groups, client, settings, outside);
  const searched = async (): Promise<number> => {
    const result = await searchTarget(target, values, outside, { watch: () => undefined });
    return reportSearch(target, result, startedAt, values, outside);
  };
  let code: number | undefined;
  let error: unknown;
  try {
    code = await clock.pass(searched(), 10 * 3_600_000);
  } catch (thrown) {
    error = thrown;
  }
  const text = out.join('');
  const { search: summary, ended_by: endedBy } = text === '' ? {} : JSON.parse(text);
  return { code, error, search: summary, endedBy, tookMs: clock.now() - startedAt };
}

for (const [what, behaviourOf] of Object.entries({ queueing, throttling })) {
  for (const seed of [1, 2, 3]) {
    test(`search finds the ceiling of ${CEILING}/s of a ${what} endpoint within 5 %, seed ${seed}`, async () => {
      const summary = await found(behaviourOf(seeded(seed + 10)), seed);
      const capacity = summary.capacity_per_second;
      assert.ok(Math.abs(capacity / CEILING - 1) <= 0.05, `found ${capacity}/s`);
      assert.ok((summary.broken_at_per_second ?? 0) > capacity);
      assert.ok(summary.knee_per_second <= capacity, `knee ${summary.knee_per_second}/s`);
    });
  }
}

test('of a search that is stopped, the try that was cut off is in none of the figures', async () => {
  // A rate takes twice 1 s and 2 s: this is in the middle of the first try of 400/s.
  const summary = await found(queueing(seeded(11)), 1, 8_000);
  const tried = summary.trials.map(({ target_per_second: rate, is_kept: isKept }) => [
    rate,
    isKept,
  ]);
  assert.deepEqual(tried, [[200, true]]);
  assert.equal(summary.capacity_per_second, 200);
  assert.equal(summary.broken_at_per_second, undefined);
  assert.equal(summary.knee_per_second, 200);
  assert.equal(summary.is_stopped, true);
});

/** A server that answers nothing in the first 100 ms of each second. */
const stalling: Behaviour = (numbers, _request, now) => {
  const phase = now % 1000;
  return { afterMs: phase < 100 ? 101 - phase : 1, reply: scoresFor(numbers) };
};

const p99 = { failIf: ['probe.response.p99 >= 50ms'] };

// At a whole number of records a second, evenly spaced, a stall once a second meets always the same ones.
for (const fromRate of ['5/s', '10/s', '13/s', '100/s']) {
  test(`a stall of 100 ms each second is seen from ${fromRate} on, and at every rate below`, async () => {
    const flags = { ...p99, fromRate: [fromRate], settle: ['500ms'], step: ['1s'] };
    const { code, search: summary } = await ended(stalling, 5, { flags });
    assert.deepEqual(
      summary.trials.filter(({ is_kept: isKept }) => isKept),
      [],
    );
    assert.equal(code, 99);
    assert.equal(summary.knee_per_second, undefined);
    assert.ok(summary.trials.every(({ why }) => /p99 >= 50ms/.test(why ?? '')));
  });
}

test('a rate is held until a percentile has ten samples beyond it, or for a minute', async () => {
  const flags = { ...p99, stepBy: ['20/s'], fromRate: ['5/s'], toRate: ['105/s'], step: ['1s'] };
  const quick: Behaviour = (numbers) => ({ afterMs: 1, reply: scoresFor(numbers) });
  const { search: summary } = await ended(quick, 6, { flags });
  const samples = summary.trials.map(({ target_per_second: rate, samples: count }) => [
    rate,
    rate < 17 ? count >= 0.99 * 60 * rate : count >= 1000,
  ]);
  assert.deepEqual(samples, [...[5, 25, 45, 65, 85, 105].map((rate) => [rate, true])]);
  assert.equal(summary.capacity_per_second, 105);
});

test('a rate that is broken for certain is held no longer', async () => {
  const flags = { ...p99, fromRate: ['13/s'], toRate: ['13/s'], stepBy: ['1/s'], step: ['1s'] };
  const { tookMs, search: summary } = await ended(stalling, 13, { flags });
  // Two tries of 1 s and at most 77 s, of which a tenth is slow: eleven records are after about 9 s.
  assert.ok(tookMs < 60_000, `${tookMs} ms`);
  assert.match(summary.trials[0]?.why ?? '', /^probe\.response\.p99 >= 50ms/);
});

test('a low rate is not broken for a record that its step cuts off', async () => {
  const slow: Behaviour = (numbers) => ({ afterMs: 400, reply: scoresFor(numbers) });
  for (const fromRate of ['1/s', '3.1/s', '7/s', '12.5/s']) {
    const flags = { fromRate: [fromRate], toRate: [fromRate], step: ['1s'] };
    const { code, search: summary } = await ended(slow, 7, { flags });
    assert.equal(code, 0, `${fromRate}: ${summary.trials[0]?.why}`);
  }
});

const failing: Behaviour = () => ({ afterMs: 2, reply: answer(500, '{}', 'InternalFailure') });

test('an endpoint that fails everything ends a search after the first tries, whatever the conditions', async () => {
  for (const failIf of [['probe.response.p99 >= 100s'], ['probe.good_per_second < 0'], []]) {
    const { code, search: summary, tookMs } = await ended(failing, 8, { flags: { failIf } });
    assert.equal(code, 99);
    assert.match(
      summary.end_reason ?? '',
      /^errors: nothing succeeded at 200\/s, nor at 5\/s \(http5xx: /,
    );
    assert.equal(summary.capacity_per_second, undefined);
    assert.equal(summary.knee_per_second, undefined);
    assert.deepEqual(
      summary.trials.map(({ target_per_second: rate, is_kept: isKept }) => [rate, isKept]),
      [[200, false]],
    );
    assert.match(summary.trials[0]?.why ?? '', /^errors: nothing succeeded \(http5xx: /);
    assert.equal(summary.trials[0]?.p99_ms, undefined);
    // 1 s and 2 s, then 2 s, and twice the deadline of 10 s.
    assert.ok(tookMs <= 30_000, `${tookMs} ms`);
  }
});

test('an endpoint that fails everything only under load is sought further down', async () => {
  const times: number[] = [];
  const collapsing: Behaviour = (numbers, _request, now) => {
    times.push(now);
    while ((times[0] ?? now) < now - 1000) times.shift();
    const reply =
      times.length > 90
        ? answer(424, '{"OriginalStatusCode":400}', 'ModelError')
        : scoresFor(numbers);
    return { afterMs: 2, reply };
  };
  const { code, search: summary } = await ended(collapsing, 9);
  assert.equal(code, 0);
  assert.equal(summary.end_reason, undefined);
  const { capacity_per_second: capacity } = summary;
  assert.ok(capacity > 70 && capacity < 100, `${capacity}/s`);
});

test('an endpoint that stops working leaves the rates that were kept before, and the reason', async () => {
  let firstAt: number | undefined;
  const dying: Behaviour = (numbers, request, now) => {
    firstAt ??= now;
    if (now - firstAt > 9_000) return failing(numbers, request, now);
    return { afterMs: 2, reply: scoresFor(numbers) };
  };
  const { code, search: summary } = await ended(dying, 10);
  assert.equal(code, 99);
  assert.deepEqual([summary.capacity_per_second, summary.broken_at_per_second], [200, 400]);
  assert.match(summary.end_reason ?? '', /^errors: nothing succeeded at 400\/s, nor at 5\/s/);
});

test('an endpoint that cannot be reached any more ends a search with its error, after the report', async () => {
  let firstAt: number | undefined;
  const leaving: Behaviour = (numbers, _request, now) => {
    firstAt ??= now;
    const gone = { failure: 'connect', reason: 'connect ECONNREFUSED' } as const;
    return { afterMs: 2, reply: now - firstAt > 6_500 ? gone : scoresFor(numbers) };
  };
  const { error, search: summary, endedBy } = await ended(leaving, 11);
  assert.match(String(error), /could not be reached/);
  assert.equal(summary.capacity_per_second, 200);
  assert.match(summary.end_reason ?? '', /ECONNREFUSED/);
  assert.deepEqual(endedBy?.exit_code, 69);
});

test('an input that ends before a rate was held is not held against the endpoint', async () => {
  const quick: Behaviour = (numbers) => ({ afterMs: 1, reply: scoresFor(numbers) });
  const { error, search: summary } = await ended(quick, 12, { records: 2_000 });
  assert.match(String(error), /The input ended before a probe of 400\/s did: it takes 1,200 trans/);
  assert.equal(summary.capacity_per_second, 200);
  assert.equal(summary.broken_at_per_second, undefined);
});

/** A server on loopback that reads each request whole and then answers. */
async function httpServer(respond: (response: ServerResponse) => void): Promise<{
  readonly url: string;
  close(): Promise<void>;
}> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => respond(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}

test('on the command line, conditions are added to those that always count, and errors end the search', async () => {
  const server = await httpServer((response) => void response.writeHead(500).end('no'));
  try {
    const flags = ['--from-rate', '80/s', '--settle', '0s', '--step', '1s', '--timeout', '1s'];
    const own = ['--fail-if', 'probe.response.p99 >= 100s', '--fail-if', 'errors > 1%'];
    const more = ['--url', server.url, '--output', 'json', '--progress', 'none'];
    const { code, out, err } = await fraudstream(['search', ...flags, ...own, ...more]);
    assert.equal(code, 99, err);
    const { search: summary, conditions, outcome } = JSON.parse(out);
    assert.deepEqual(conditions, ['achieved < 99%', 'errors > 1%', 'probe.response.p99 >= 100s']);
    assert.match(summary.end_reason, /^errors: nothing succeeded at 80\/s, nor at 5\/s \(http5xx/);
    assert.deepEqual(outcome.reasons, [summary.end_reason]);
    assert.match(err, /80\/s broken by errors: nothing succeeded/);
    assert.doesNotMatch(err, /p99 0/);
  } finally {
    await server.close();
  }
});

test('on the command line, a stall of 100 ms each second is seen at 13 records a second', async () => {
  const server = await httpServer((response) => {
    const phase = Date.now() % 1000;
    response.setHeader('content-type', 'text/csv');
    setTimeout(() => response.end('0.5'), phase < 100 ? 100 - phase : 0);
  });
  try {
    const flags = ['--from-rate', '13/s', '--to-rate', '13/s', '--settle', '0s', '--step', '1s'];
    const own = ['--repeat', '1', '--step-by', '1/s', '--fail-if', 'probe.response.p99 >= 50ms'];
    const more = ['--url', server.url, '--output', 'json', '--progress', 'none'];
    const { code, out, err } = await fraudstream(['search', ...flags, ...own, ...more]);
    assert.equal(code, 99, err);
    const { trials, knee_per_second: knee } = JSON.parse(out).search;
    assert.match(trials[0].why, /p99 >= 50ms/);
    assert.equal(knee, undefined);
  } finally {
    await server.close();
  }
});

test('a pipeline from which no verdict comes is broken, whatever the conditions', async () => {
  const streams = { transactions: 1, verdicts: 1 };
  const kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
  try {
    const flags = ['--from-rate', '80/s', '--settle', '0s', '--step', '1s', '--drain', '500ms'];
    const own = ['--fail-if', 'latency.end_to_end.p99 >= 100s', '--listen-on', '100ms'];
    const more = ['--stream', 'transactions', '--output', 'json', '--progress', 'none'];
    const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
    const { code, out, err } = await fraudstream(['search', ...flags, ...own, ...more], env);
    assert.equal(code, 99, err);
    const { search: summary } = JSON.parse(out);
    assert.match(summary.end_reason, /^errors: nothing succeeded at 80\/s, nor at 5\/s \(/);
    assert.match(summary.end_reason, /transactions got no verdict/);
  } finally {
    await kinesis.close();
  }
});

test('what the config file says of the producer holds for a search through a pipeline', async () => {
  const kinesis = await startEmbeddedKinesis({ streams: { transactions: 1, verdicts: 1 } });
  const folder = await mkdtemp(join(tmpdir(), 'fraudstream-search-'));
  const config = join(folder, 'fraudstream.yaml');
  await writeFile(config, 'aggregation-enabled: false\n');
  try {
    const flags = ['--from-rate', '80/s', '--settle', '0s', '--step', '1s', '--drain', '500ms'];
    const more = ['--config', config, '--stream', 'transactions', '--listen-on', '100ms'];
    const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
    const { code, err } = await fraudstream(['search', ...flags, ...more], env);
    assert.equal(code, 99, err);
    // 202 at 80 a second, as many as the share of errors needs, and 10 at 5: each by itself.
    assert.equal((await kinesis.statistics()).records, 212);
  } finally {
    await kinesis.close();
    await rm(folder, { recursive: true });
  }
});

test('search on the command line finds what an endpoint of this machine takes', async () => {
  const flags = ['--endpoint-fault', 'limit=200/s+20', '--from-rate', '50/s', '--step', '1s'];
  const folder = await mkdtemp(join(tmpdir(), 'fraudstream-search-'));
  const file = join(folder, 'search.json');
  const more = ['--settle', '500ms', '--repeat', '1', '--precision', '25%', '--output', 'json'];
  const hlog = await fraudstream(['search', '--local', '--report', join(folder, 'search.hlog')]);
  assert.equal(hlog.code, 2);
  assert.match(hlog.err, /search\.hlog". Expected a file with the ending/);
  const ended = await fraudstream(['search', '--local', ...flags, ...more, '--report', file]);
  assert.equal(ended.code, 0, ended.err);
  const { search: summary, conditions } = JSON.parse(ended.out);
  assert.deepEqual(conditions, ['achieved < 99%', 'errors > 1%']);
  assert.ok(summary.capacity_per_second <= 250, `${summary.capacity_per_second}/s`);
  assert.ok(summary.trials.length >= 2);
  assert.match(ended.err, /kept \(1 of 1\)/);

  const told = await fraudstream(['report', file]);
  assert.equal(told.code, 0, told.err);
  assert.match(told.out, /capacity +\d+\/s \(breaks at \d+\/s: .*\)/);
  assert.match(told.out, / 1\/1 +kept/);
  const latencies = await fraudstream(['report', file, '--report', join(folder, 'search.hlog')]);
  assert.deepEqual([latencies.code, latencies.out], [2, '']);
  assert.match(latencies.err, /a search has no histograms/);
  const merged = await fraudstream(['report', file, file]);
  assert.equal(merged.code, 65);
  assert.match(merged.err, /search\.json is of a search/);
  await rm(folder, { recursive: true });
});
