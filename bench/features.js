/**
 * Computes the online features of transactions of 100,000 cards on one thread: transactions a second, and bytes a card.
 *
 * Run `npm run build && node bench/features.js`: JSON on stdout, exit code 1 when the bound is broken. The peer is what reading them
 * costs anyway: JSON.parse of the same lines in the same run. Groups of lines are parsed, then computed, as in use: what was just
 * read is at hand. Medians of runs over a state that is filled before.
 */

import { OnlineFeatures } from '../dist/features/online-features.js';
import { userRecords } from '../dist/generators/user-records.js';
import { world } from '../dist/generators/world.js';
import { ipRanges } from '../dist/geoip/ip-ranges.js';
import { atLeast, medians, publish, ratio, settings } from './support/benchmark.js';

const given = settings({ runs: 3 }, { runs: 5 });
const CARDS = 100_000;
const FILLED = 500_000;
const MEASURED = 200_000;
const GROUP = 50;
const bounds = { transactionsPerSecond: 150_000 };

const texts = [];
for (const group of userRecords(await world({ seed: 1, cards: CARDS }))) {
  for (const { data } of group) texts.push(Buffer.from(data).toString('utf8'));
  if (texts.length >= FILLED + MEASURED) break;
}
const addresses = ipRanges();
const runs = Array.from({ length: given.runs }, features);
const mid = medians({ runs }).runs;
publish({
  settings: given,
  tables: [
    {
      title: `69 features, the state of ${FILLED} transactions before, one thread`,
      rows: [
        {
          task: 'features',
          'transactions/s': mid.rate,
          'of JSON.parse': mid.rate / mid.parse,
          cards: mid.cards,
          'bytes a card': mid.bytesPerCard,
        },
        { task: 'JSON.parse of the same lines', 'transactions/s': mid.parse, 'of JSON.parse': 1 },
      ],
    },
  ],
  ratios: [ratio('features over JSON.parse of the same lines', mid.rate / mid.parse)],
  bounds: [atLeast('transactions/s', mid.rate, bounds.transactionsPerSecond)],
});

function features() {
  const online = new OnlineFeatures(addresses);
  const row = new Float32Array(online.width);
  handle(online, row, 0, FILLED);
  const { parseMs, rowMs } = handle(online, row, FILLED, FILLED + MEASURED);
  const { cards, bytes } = online.size();
  const perSecond = (ms) => (1000 * MEASURED) / ms;
  return { rate: perSecond(rowMs), parse: perSecond(parseMs), cards, bytesPerCard: bytes / cards };
}

function handle(online, row, from, to) {
  let parseMs = 0;
  let rowMs = 0;
  for (let start = from; start < to; start += GROUP) {
    const begun = performance.now();
    const group = texts.slice(start, start + GROUP).map((text) => JSON.parse(text));
    const parsed = performance.now();
    for (const transaction of group) online.row(transaction, row, 0);
    rowMs += performance.now() - parsed;
    parseMs += parsed - begun;
  }
  return { parseMs, rowMs };
}
