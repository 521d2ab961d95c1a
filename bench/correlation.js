// What correlating verdicts with transactions costs: time and memory, beside a Map of objects.
//   1. transactions/s on one core: sent, acknowledged, judged, told; 1 M outstanding throughout
//   2. the same with the verdict read from its JSON, as `run` does
//   3. bytes of memory for each of 10 M outstanding ids, by rss
//   npm run build && node --expose-gc bench/correlation.js
import { execFileSync } from 'node:child_process';
import { Correlation } from '../dist/pipeline-test/correlation/correlation.js';
import { parseVerdict } from '../dist/transactions/verdict.js';
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
const BOUNDS = { perSecond: 50_000, bytes: 200 };
const OUTSTANDING = 1_000_000;
const SENT = 1_500_000;
const OUTSTANDING_IDS = 10_000_000;
const CARDS = 100_000;

// 26 characters, as ids are, and in one piece, as they come out of JSON.
const made = (n) => Buffer.from(`01HZ${String(n * 7_919).padStart(22, '0')}`).toString('latin1');
const cards = Array.from({ length: CARDS }, (_, n) => Buffer.from(`card_${n}`).toString('latin1'));
const [, script, part] = process.argv;
const ids = part?.startsWith('outstanding') ? [] : Array.from({ length: SENT }, (_, n) => made(n));
const idOf = (n) => ids[n] ?? made(n);
const cardOf = (n) => cards[n % CARDS];
const correlationSettings = {
  lateAfterMs: 10_000,
  forgetAfterMs: Number.POSITIVE_INFINITY,
  isOrdered: true,
  isAlone: true,
};
const sentOf = (n) => ({
  id: idOf(n),
  cardId: cardOf(n),
  dueAt: n,
  isFraud: n % 500 === 0,
  scenario: undefined,
  country: 'DE',
  expected: 0.25,
});
const verdictOf = (n) =>
  JSON.stringify({
    transaction_id: idOf(n),
    card_id: cardOf(n),
    event_time: '2026-01-01T00:00:00.000Z',
    scored_at: '2026-01-01T00:00:00.100Z',
    score: 0.25,
    is_fraud_predicted: false,
    threshold: 0.5,
    model_version: 'xgb-1',
    attempts: 1,
  });

function ours(isRead) {
  let told = 0;
  const correlation = new Correlation(correlationSettings, () => {
    told += 1;
  });
  const lines = isRead ? Array.from({ length: 50_000 }, (_, n) => verdictOf(n)) : [];
  const startedAt = performance.now();
  for (let n = 0; n < SENT + OUTSTANDING; n += 1) {
    if (n < SENT) {
      correlation.sent(sentOf(n));
      correlation.acknowledged(idOf(n), n + 1, true, false);
    }
    const judged = n - OUTSTANDING;
    if (judged < 0) continue;
    if (isRead) parseVerdict(JSON.parse(lines[judged % lines.length]));
    correlation.judged({
      id: idOf(judged),
      score: 0.25,
      cardId: 'card',
      eventAt: n,
      recomputed: Number.NaN,
      error: undefined,
      arrivedAt: n,
      readAt: n,
    });
  }
  if (told !== SENT) throw new Error(`${told} of ${SENT} matched`);
  return SENT / ((performance.now() - startedAt) / 1000);
}

/** The obvious way: a Map from id to an object, kept after the match to know duplicates. */
function map() {
  let told = 0;
  const sent = new Map();
  const startedAt = performance.now();
  for (let n = 0; n < SENT + OUTSTANDING; n += 1) {
    if (n < SENT) {
      sent.set(idOf(n), { ...sentOf(n), acknowledgedAt: Number.NaN, score: undefined });
      sent.get(idOf(n)).acknowledgedAt = n + 1;
    }
    const judged = n - OUTSTANDING;
    if (judged < 0) continue;
    const row = sent.get(idOf(judged));
    row.score = 0.25;
    told += 1;
  }
  if (told !== SENT) throw new Error('not all matched');
  return SENT / ((performance.now() - startedAt) / 1000);
}

/** Bytes an outstanding id, in a process of its own. */
function outstanding(kind) {
  const correlation = new Correlation(correlationSettings, () => undefined);
  const sent = new Map();
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  for (let n = 0; n < OUTSTANDING_IDS; n += 1) {
    if (kind === 'outstanding-map') sent.set(idOf(n), { ...sentOf(n), acknowledgedAt: n + 1 });
    else {
      correlation.sent(sentOf(n));
      correlation.acknowledged(idOf(n), n + 1, true, false);
    }
  }
  globalThis.gc?.();
  const bytes = (process.memoryUsage().rss - before) / OUTSTANDING_IDS;
  if (kind === 'outstanding' && correlation.outstanding !== OUTSTANDING_IDS)
    throw new Error('not all outstanding');
  return { bytes, of: sent.size };
}

if (part?.startsWith('outstanding')) {
  console.log(JSON.stringify(outstanding(part)));
} else {
  const memory = (kind) =>
    JSON.parse(
      execFileSync(process.execPath, ['--expose-gc', '--max-old-space-size=8192', script, kind]),
    ).bytes;
  const sides = { alone: () => ours(false), map, withReading: () => ours(true) };
  const perSecond = medians(await alternating(sides, given.runs, 1));
  const bytes = { ours: memory('outstanding'), map: memory('outstanding-map') };
  publish({
    settings: given,
    tables: [
      {
        title:
          'Transactions a second of one core, a million outstanding; memory for each of ten million',
        rows: [
          { task: 'correlation', 'a second': perSecond.alone, 'bytes an id': bytes.ours },
          {
            task: 'correlation, verdicts read from JSON',
            'a second': perSecond.withReading,
            'bytes an id': Number.NaN,
          },
          { task: 'a Map of objects', 'a second': perSecond.map, 'bytes an id': bytes.map },
        ],
      },
    ],
    ratios: [
      ratio('speed over a Map of objects', perSecond.alone / perSecond.map),
      ratio('bytes over a Map of objects', bytes.ours / bytes.map, 'lower'),
    ],
    bounds: [
      atLeast('with verdicts read, a second', perSecond.withReading, BOUNDS.perSecond),
      atMost('bytes an outstanding id', bytes.ours, BOUNDS.bytes),
    ],
  });
}
