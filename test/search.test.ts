import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Outside } from '../dist/commands/outside.js';
import { search } from '../dist/commands/search.js';
import { settle } from '../dist/commands/settings/settle.js';
import { searchedIn } from '../dist/commands/walks/search.js';
import { endpointTarget } from '../dist/commands/walks/searching/endpoint-target.js';
import { searchValues } from '../dist/commands/walks/searching/search-values.js';
import { systemProcesses } from '../dist/outside.js';
import { answer, type Behaviour, SimulatedScoring, scoresFor } from './scored.ts';
import { seeded } from './seeded.ts';
import { fraudstream } from './shell.ts';
import { VirtualClock } from './virtual-clock.ts';

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
  readonly trials: readonly { readonly target_per_second: number; readonly is_kept: boolean }[];
}

/** What a search comes to that is stopped after a while, if at all. */
async function found(behaviour: Behaviour, seed: number, stopAfterMs?: number): Promise<Search> {
  const clock = new VirtualClock();
  const stop = new AbortController();
  if (stopAfterMs !== undefined) void clock.sleep(stopAfterMs).then(() => stop.abort());
  const out: string[] = [];
  const write = async (chunk: string | Uint8Array): Promise<void> => void out.push(String(chunk));
  const quiet = { isTty: false, hasColours: false, columns: 80, isGone: false, write };
  const idle = { seconds: 1, cores: 0, busyShare: 0, delayP99Ms: 0, delayMaxMs: 0, memoryBytes: 0 };
  const outside: Outside = {
    clock,
    random: seeded(seed),
    input: (async function* () {})(),
    out: quiet,
    err: { ...quiet, write: async () => undefined },
    env: {},
    stop: stop.signal,
    meter: () => ({ read: () => idle, stop: () => undefined }),
    processes: systemProcesses,
  };
  const flags = new Map(Object.entries(texts));
  const settled = settle(search.settings, { flags, env: {} });
  const asked = Object.fromEntries(settled.map(({ key, value }) => [key, value]));
  const values = searchValues(asked, {});
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
    for (;;) yield new Array(100).fill(record);
  })();
  const source = { groups, close: async () => undefined };
  const settings = { stepMs: values.step, warmUpMs: values.settle, goodMs: values.goodWithin };
  const target = endpointTarget(client, source, values.score, settings, outside);
  const code = await clock.pass(searchedIn(target, values, outside));
  assert.equal(code, 0);
  return JSON.parse(out.join('')).search;
}

for (const [what, behaviourOf] of Object.entries({ queueing, throttling })) {
  for (const seed of [1, 2, 3]) {
    test(`search finds the ceiling of ${CEILING}/s of a ${what} endpoint within 5 %, seed ${seed}`, async () => {
      const summary = await found(behaviourOf(seeded(seed + 10)), seed);
      const capacity = summary.capacity_per_second;
      assert.ok(Math.abs(capacity / CEILING - 1) <= 0.05, `found ${capacity}/s`);
      assert.ok((summary.broken_at_per_second ?? 0) > capacity);
      assert.ok(summary.knee_per_second <= (summary.broken_at_per_second ?? 0));
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

test('search on the command line finds what an endpoint of this machine takes', async () => {
  const flags = ['--endpoint-faults', 'limit=200/s+20', '--from-rate', '50/s', '--step', '1s'];
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
  const latencies = await fraudstream(['report', file, '--to', join(folder, 'search.hlog')]);
  assert.deepEqual([latencies.code, latencies.out], [2, '']);
  assert.match(latencies.err, /a search has no histograms/);
  const merged = await fraudstream(['report', file, file]);
  assert.equal(merged.code, 65);
  assert.match(merged.err, /search\.json is of a search/);
  await rm(folder, { recursive: true });
});
