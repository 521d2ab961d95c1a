/**
 * Generates transactions as bytes, ours against a generator that asks faker for every field.
 *
 * Run `npm run build && node bench/generator.js`: JSON on stdout, exit code 1 when a bound is broken.
 * Every task runs in a process of its own, the tasks take turns, and figures are medians. Rates are
 * those of the second half of a run: the compiler has then seen the code, the threads have started.
 * `cpuSeconds` counts all cores, so that a busy machine can be told from slow code: it is what a
 * million events cost, whatever else was running. `readRatio` is how many threads the one that
 * reads could serve: what it reads in a second of its own time, against what one thread makes.
 * The bound on threads is 3 for four of them. Fewer cores cannot show that: `threadsRatio` is then
 * of as many threads as there are cores, against as much for each, and `notMeasured` says so.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { lineBlocks } from '../dist/generators/line-blocks.js';
import { cards } from '../dist/generators/population/cards.js';
import { countries } from '../dist/generators/population/countries.js';
import { habitsOf } from '../dist/generators/spending/habits.js';
import { fakerTransaction } from './support/faker-transaction.js';
import { median } from './support/median.js';

const RUNS = 3;
const EVENTS = 4_000_000;
const FAKER_EVENTS = 60_000;
const MILLION = 1_000_000;
const bounds = {
  eventsPerSecond: 600_000,
  overFaker: 20,
  ratioPerThread: 3 / 4,
  readRatio: 4,
  buildMillionMs: 3_000,
  firstEventOverNodeMs: 300,
  bytesPerCard: 160,
};
const THREADS = Math.min(4, availableParallelism());
const program = join(import.meta.dirname, '..', 'bin', 'fraudstream');

const tasks = {
  one: () => generatedPerSecond(1, EVENTS),
  two: () => generatedPerSecond(2, EVENTS),
  four: () => generatedPerSecond(4, 2 * EVENTS),
  csv: () => generatedPerSecond(1, EVENTS / 4, { format: 'csv' }),
  faker: fakerPerSecond,
  cards: builtCards,
  memory: memoryOf,
};

const [taskName, argument] = process.argv.slice(2);
if (taskName) console.log(JSON.stringify(await tasks[taskName](Number(argument))));
else compare();

function compare() {
  const runs = { one: [], faker: [], two: [], four: [], csv: [], cards: [] };
  for (let run = 0; run < RUNS; run += 1) {
    for (const name of Object.keys(runs)) runs[name].push(measured(name));
  }
  const of = (name, figure) => median(runs[name].map((run) => run[figure]));
  const report = {
    node: process.version,
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    eventsPerSecond: figures(['one', 'two', 'four', 'csv', 'faker'], (name) =>
      Math.round(of(name, 'perSecond')),
    ),
    cpuSecondsPerMillion: figures(['one', 'two', 'four'], (name) =>
      rounded(of(name, 'cpuSeconds')),
    ),
    overFaker: rounded(of('one', 'perSecond') / of('faker', 'perSecond')),
    threadsRatio: figures(['two', 'four'], (name) =>
      rounded(of(name, 'perSecond') / of('one', 'perSecond')),
    ),
    notMeasured: THREADS < 4 ? [`four threads: there are ${THREADS} cores`] : [],
    readRatio: rounded(of('four', 'readPerSecond') / of('one', 'perSecond')),
    buildMillionMs: Math.round(of('cards', 'ms')),
    firstEventOverNodeMs: firstEventMs(),
    memory: [10_000, 100_000, MILLION].map((count) => measured('memory', count)),
    bounds,
  };
  report.bytesPerCard = report.memory.at(-1).bytesPerCard;
  report.broken = brokenBounds(report);
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = report.broken.length === 0 ? 0 : 1;
}

function measured(...args) {
  const line = [import.meta.filename, ...args.map(String)];
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', ...line]));
}

function figures(names, figure) {
  return Object.fromEntries(names.map((name) => [name, figure(name)]));
}

async function generatedPerSecond(threads, events, form = {}) {
  let count = 0;
  let half;
  for await (const block of lineBlocks({ seed: 1 }, { ...form, threads })) {
    count += block.count;
    if (!half && count >= events / 2)
      half = { count, at: performance.now(), cpu: process.cpuUsage(), busy: busyNow() };
    if (count >= events) break;
  }
  const seconds = (performance.now() - half.at) / 1000;
  const { user, system } = process.cpuUsage(half.cpu);
  const made = count - half.count;
  const busySeconds = performance.eventLoopUtilization(busyNow(), half.busy).active / 1000;
  return {
    perSecond: made / seconds,
    cpuSeconds: (user + system) / made,
    readPerSecond: made / busySeconds,
  };
}

function busyNow() {
  return performance.eventLoopUtilization();
}

/** The peer: every field from faker, the line from JSON.stringify. */
async function fakerPerSecond() {
  const { faker } = await import('@faker-js/faker/locale/en');
  faker.seed(1);
  let bytes = 0;
  let startedAt = 0;
  for (let event = 0; event < FAKER_EVENTS; event += 1) {
    if (event === FAKER_EVENTS / 2) startedAt = performance.now();
    bytes += Buffer.from(`${JSON.stringify(fakerTransaction(faker))}\n`).length;
  }
  if (bytes === 0) throw new Error('nothing was made');
  return { perSecond: (1000 * FAKER_EVENTS) / 2 / (performance.now() - startedAt) };
}

function builtCards() {
  const weights = countries.map(({ weight }) => weight);
  const rule = { key: 1, habits: habitsOf({}) };
  const startedAt = performance.now();
  cards(MILLION, rule, weights);
  return { ms: performance.now() - startedAt };
}

/** What a world that has made some events takes: its cards, and the whole process. */
async function memoryOf(count) {
  const few = await livingBytes(1000);
  const { bytes, rssMib } = await livingBytes(count);
  return { cards: count, rssMib, bytesPerCard: rounded((bytes - few.bytes) / (count - 1000)) };
}

async function livingBytes(count) {
  const blocks = lineBlocks({ seed: 1, cards: count });
  for (let block = 0; block < 20; block += 1) await blocks.next();
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  // The world is alive as long as more is asked of it.
  await blocks.next();
  return { bytes: heapUsed + external, rssMib: Math.round(rss / 2 ** 20) };
}

/** Bare node and the real command line take turns; what a user waits for the first line. */
function firstEventMs() {
  const lines = { event: [program, 'generate', '--count', '1', '--seed', '1'], bare: ['-e', '0'] };
  const times = { event: [], bare: [] };
  for (let run = -2; run < 11; run += 1) {
    for (const [name, args] of Object.entries(lines)) {
      const startedAt = performance.now();
      execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      if (run >= 0) times[name].push(performance.now() - startedAt);
    }
  }
  return Math.round(median(times.event) - median(times.bare));
}

function brokenBounds(report) {
  const isBroken = {
    eventsPerSecond: report.eventsPerSecond.one < bounds.eventsPerSecond,
    overFaker: report.overFaker < bounds.overFaker,
    ratioPerThread: THREADS > 1 && threadsRatio(report) < THREADS * bounds.ratioPerThread,
    readRatio: report.readRatio < bounds.readRatio,
    buildMillionMs: report.buildMillionMs > bounds.buildMillionMs,
    firstEventOverNodeMs: report.firstEventOverNodeMs > bounds.firstEventOverNodeMs,
    bytesPerCard: report.bytesPerCard > bounds.bytesPerCard,
  };
  return Object.keys(isBroken).filter((name) => isBroken[name]);
}

/** That of as many threads as the cores can carry. */
function threadsRatio({ threadsRatio: { two, four } }) {
  return THREADS < 4 ? two : four;
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}
