/**
 * Generates transactions as bytes, ours against a generator that asks faker for every field.
 *
 * Run `npm run build && node bench/generator.js`: JSON on stdout, exit code 1 when a bound is broken. Every task runs
 * in a process of its own, the tasks take turns, and figures are medians. Rates are those of the second half of a
 * run: the compiler has then seen the code, the threads have started. Processor seconds count all cores, so that a
 * busy machine can be told from slow code: it is what a million events cost, whatever else was running. Threads that
 * one reader serves: what it reads in a second of its own time, against what one thread makes. The bound on threads
 * is 3 for four of them. Fewer cores cannot show that: the bound is then on as many threads as there are cores,
 * against as much for each, and `skipped` says so.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { lineBlocks } from '../dist/generators/line-blocks.js';
import { cards } from '../dist/generators/population/cards.js';
import { countries } from '../dist/generators/population/countries.js';
import { habitsOf } from '../dist/generators/spending/habits.js';
import {
  alternating,
  atLeast,
  atMost,
  medians,
  publish,
  ratio,
  settings,
} from './support/benchmark.js';
import { fakerTransaction } from './support/faker-transaction.js';
import { peer } from './support/peers.js';
import { timed } from './support/processes.js';

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

const given = settings({ runs: 2 }, { runs: 3 });
const [taskName, argument] = process.argv.slice(2);
if (taskName in tasks) console.log(JSON.stringify(await tasks[taskName](Number(argument))));
else await compare();

async function compare() {
  const names = ['one', 'faker', 'two', 'four', 'csv', 'cards'];
  const sides = Object.fromEntries(names.map((name) => [name, () => measured(name)]));
  const skipped = [];
  const python = await peer('faker');
  if (python.skipped !== undefined) skipped.push(python.skipped);
  else sides.python = () => fakerOfPython(python);
  skipped.push('Sparkov, the simulator of the Handbook: neither is a package of a registry');
  if (THREADS < 4) skipped.push(`four threads: there are ${THREADS} cores`);
  const mid = medians(await alternating(sides, given.runs));
  const { one, two, four, csv, faker } = mid;
  const row = (generator, of) => ({
    generator,
    'events/s': of?.perSecond,
    'over one thread': of?.perSecond / one.perSecond,
    'CPU s a million': of?.cpuSeconds && of.cpuSeconds * MILLION,
  });
  const memory = [10_000, 100_000, MILLION].map((count) => measured('memory', count));
  const overFaker = one.perSecond / faker.perSecond;
  const overPython = one.perSecond / (mid.python?.perSecond ?? Number.NaN);
  const ofThreads = (THREADS < 4 ? two : four).perSecond / one.perSecond;
  const first = await firstEventMs();
  publish({
    settings: { ...given, events: EVENTS },
    tables: [
      {
        title: 'Transactions of 35 fields, the second half of a run',
        rows: [
          row('one thread, NDJSON', one),
          row('two threads', two),
          row('four threads', four),
          row('one thread, CSV', csv),
          row('@faker-js/faker for every field', faker),
          row('Faker of Python for every field', mid.python),
        ],
      },
      {
        title: 'Memory',
        rows: memory.map(({ cards: count, rssMib, bytesPerCard }) => ({
          cards: count,
          'MiB of the process': rssMib,
          'bytes a card': bytesPerCard,
        })),
      },
    ],
    ratios: [
      ratio('one thread over @faker-js/faker', overFaker),
      ratio('one thread over Faker of Python', overPython),
      ratio('two threads over one', two.perSecond / one.perSecond),
    ],
    bounds: [
      atLeast('events/s of one thread', one.perSecond, bounds.eventsPerSecond),
      atLeast('over @faker-js/faker', overFaker, bounds.overFaker),
      atLeast(
        `${THREADS < 4 ? 'two' : 'four'} threads over one`,
        THREADS > 1 ? ofThreads : Number.NaN,
        THREADS * bounds.ratioPerThread,
      ),
      atLeast(
        'threads that one reader serves',
        four.readPerSecond / one.perSecond,
        bounds.readRatio,
      ),
      atMost('a million cards, ms', mid.cards.ms, bounds.buildMillionMs),
      atMost('first event over bare Node, ms', first, bounds.firstEventOverNodeMs),
      atMost('bytes a card of a million', memory.at(-1).bytesPerCard, bounds.bytesPerCard),
    ],
    skipped,
  });
}

async function fakerOfPython({ command }) {
  const script = join(import.meta.dirname, 'support', 'faker_transaction.py');
  const { stdout } = await timed([...command, script, FAKER_EVENTS / 10]);
  return { perSecond: Number(stdout) };
}

function measured(...args) {
  const line = [import.meta.filename, ...args.map(String)];
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', ...line]));
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
async function firstEventMs() {
  const elapsed = (args) => () => {
    const startedAt = performance.now();
    execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    return performance.now() - startedAt;
  };
  const generate = [program, 'generate', '--count', '1', '--seed', '1'];
  const { event, bare } = medians(
    await alternating({ event: elapsed(generate), bare: elapsed(['-e', '0']) }, 11, 2),
  );
  return event - bare;
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}
