/**
 * Computes the online features of transactions of 100,000 cards on one thread: transactions a second, and bytes a card.
 *
 * Run `npm run build && node bench/features.js`: JSON on stdout, exit code 1 when the bound is broken. The peer is what reading them
 * costs anyway: JSON.parse of the same lines in the same run. Medians of alternating runs over a state that is filled before.
 */
import { ipRanges } from '../dist/addresses/ip-ranges.js';
import { OnlineFeatures } from '../dist/features/online-features.js';
import { userRecords } from '../dist/generators/user-records.js';
import { world } from '../dist/generators/world.js';
import { median } from './median.js';

const RUNS = 5;
const CARDS = 100_000;
const FILLED = 500_000;
const MEASURED = 200_000;
const bounds = { transactionsPerSecond: 150_000 };

const texts = [];
for (const group of userRecords(await world({ seed: 1, cards: CARDS }))) {
  for (const { data } of group) texts.push(Buffer.from(data).toString('utf8'));
  if (texts.length >= FILLED + MEASURED) break;
}
const parsed = texts.map((text) => JSON.parse(text));
const addresses = ipRanges();
const runs = Array.from({ length: RUNS }, () => ({ ...features(), parse: parse() }));
const of = (name) => Math.round(median(runs.map((run) => run[name])));
const transactionsPerSecond = of('rate');
const holds = transactionsPerSecond >= bounds.transactionsPerSecond;
const report = {
  benchmark: 'features',
  transactionsPerSecond,
  'JSON.parse of the same lines': of('parse'),
  ratio: Number((transactionsPerSecond / of('parse')).toFixed(2)),
  cards: of('cards'),
  bytesPerCard: of('bytesPerCard'),
  bounds,
  holds,
};
console.log(JSON.stringify(report, undefined, 2));
process.exitCode = holds ? 0 : 1;

function features() {
  const online = new OnlineFeatures(addresses);
  const row = new Float32Array(online.width);
  for (let each = 0; each < FILLED; each += 1) online.row(parsed[each], row, 0);
  const startedAt = performance.now();
  for (let each = FILLED; each < FILLED + MEASURED; each += 1) online.row(parsed[each], row, 0);
  const rate = (1000 * MEASURED) / (performance.now() - startedAt);
  const { cards, bytes } = online.size();
  return { rate, cards, bytesPerCard: bytes / cards };
}

function parse() {
  const startedAt = performance.now();
  let sum = 0;
  for (let each = FILLED; each < FILLED + MEASURED; each += 1)
    sum += JSON.parse(texts[each]).amount_minor;
  if (sum === 0) throw new Error('nothing was parsed');
  return (1000 * MEASURED) / (performance.now() - startedAt);
}
