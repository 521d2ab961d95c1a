/**
 * Processor time and memory of commands against transactions, cards, shards and threads.
 *
 * Run `npm run build && node bench/growth.js`: JSON on stdout, exit code 1 when a bound is missed. Without flags 10^4 to 10^6
 * transactions, 10^3 to 10^6 cards, 1 to 64 shards; `--full` goes to 10^7, 10^7 and 512; `--transactions`, `--cards` and
 * `--shards` set the largest. Start of Node included. The bound is on the exponent of growth over the last step of each series:
 * 1 is linear.
 */
import { atMost, publish, settings } from './support/benchmark.js';
import { kinesisProcess } from './support/filled-kinesis.js';
import { fraudstream, localAws, timed } from './support/processes.js';

/** The exponent may be above 1 by what a machine with neighbours adds. */
const MOST_EXPONENT = 1.1;
const FIXED_COUNT = 100_000;
const given = settings(
  { transactions: 1e6, cards: 1e6, shards: 64, threads: 4 },
  { transactions: 1e7, cards: 1e7, shards: 512 },
);
const env = { ...localAws };
const none = ['--progress', 'none'];

const transactions = await series('transactions', steps(1e4, given.transactions, 10), (count) =>
  generate('--count', count),
);
const cards = await series('cards', steps(1e3, given.cards, 10), (count) =>
  generate('--count', FIXED_COUNT, '--cards', count),
);
const threads = await series('threads', steps(1, given.threads, 2), (count) =>
  generate('--count', 10 * FIXED_COUNT, '--threads', count),
);
const shards = [];
for (const count of steps(1, given.shards, 8)) shards.push(await throughShards(count));

publish({
  settings: given,
  tables: [
    table(`generate, 10,000 cards`, 'growth-transactions.svg', transactions),
    table(`generate, ${FIXED_COUNT} transactions`, 'growth-cards.svg', cards),
    table(`generate, ${10 * FIXED_COUNT} transactions`, 'growth-threads.svg', threads),
    table(`produce and consume, ${FIXED_COUNT} transactions`, 'growth-shards.svg', shards),
  ],
  bounds: [
    exponent('CPU against transactions', transactions, 'CPU s'),
    exponent('memory against transactions', transactions, 'memory, MiB'),
    exponent('CPU against cards', cards, 'CPU s'),
    exponent('memory against cards', cards, 'memory, MiB'),
    exponent('CPU against threads', threads, 'CPU s'),
    exponent('CPU of produce against shards', shards, 'produce, CPU s'),
    exponent('CPU of consume against shards', shards, 'consume, CPU s'),
  ],
});

function steps(first, last, factor) {
  const found = [];
  for (let step = first; step < last; step *= factor) found.push(step);
  return [...found, last];
}

async function series(name, values, run) {
  const rows = [];
  for (const value of values) {
    const { cpuSeconds, seconds, rssMib } = await run(value);
    rows.push({
      [name]: value,
      'CPU s': cpuSeconds,
      's by the clock': seconds,
      'memory, MiB': rssMib,
    });
  }
  return rows;
}

function generate(...flags) {
  const words = [...fraudstream, 'generate', '--seed', 7, ...none, ...flags];
  return timed(['sh', '-c', '"$@" > /dev/null', 'sh', ...words], { timeoutMs: 900_000 });
}

async function throughShards(count) {
  const kinesis = await kinesisProcess({ transactions: count });
  const at = { env: { ...env, AWS_ENDPOINT_URL_KINESIS: kinesis.url }, timeoutMs: 900_000 };
  try {
    // The embedded Kinesis has no limits here, and the producer keeps none.
    const put = ['--rate', 'max', '--rate-limit', 100_000, '--count', FIXED_COUNT, '--seed', 7];
    const produced = await timed([...fraudstream, 'produce', ...put, ...none], at);
    const get = ['--from', 'trim-horizon', '--count', FIXED_COUNT];
    const words = [...fraudstream, 'consume', ...get, ...none];
    const consumed = await timed(['sh', '-c', '"$@" > /dev/null', 'sh', ...words], at);
    return {
      shards: count,
      'produce, CPU s': produced.cpuSeconds,
      'produce, MiB': produced.rssMib,
      'consume, CPU s': consumed.cpuSeconds,
      'consume, MiB': consumed.rssMib,
    };
  } finally {
    kinesis.close();
  }
}

function table(title, file, rows) {
  return { title, rows, plot: { file, isLogarithmic: true } };
}

/** That between the last two rows. */
function exponent(name, rows, figure) {
  const [before, last] = rows.slice(-2);
  const [over] = Object.keys(last);
  const value = Math.log(last[figure] / before[figure]) / Math.log(last[over] / before[over]);
  return atMost(`exponent of ${name}`, value, MOST_EXPONENT);
}
