// What correlating verdicts with transactions costs: time and memory, beside a Map of objects.
//   1. transactions/s on one core: sent, acknowledged, judged, told; 1 M outstanding throughout
//   2. the same with the verdict read from its JSON, as `run` does
//   3. bytes of memory for each of 10 M outstanding ids, by rss
//   npm run build && node --expose-gc bench/correlation.js
import { execFileSync } from 'node:child_process';
import { Correlation } from '../dist/pipeline-test/correlation/correlation.js';
import { parseVerdict } from '../dist/transactions/verdict.js';
import { median } from './support/median.js';

const RUNS = Number(process.argv[3] ?? 3);
const BOUNDS = { perSecond: 50_000, bytes: 200 };
const OUTSTANDING = 1_000_000;
const SENT = 1_500_000;
const HELD = 10_000_000;
const CARDS = 100_000;

// 26 characters, as ids are, and in one piece, as they come out of JSON.
const made = (n) => Buffer.from(`01HZ${String(n * 7_919).padStart(22, '0')}`).toString('latin1');
const cards = Array.from({ length: CARDS }, (_, n) => Buffer.from(`card_${n}`).toString('latin1'));
const [, script, part] = process.argv;
const ids = part?.startsWith('held') ? [] : Array.from({ length: SENT }, (_, n) => made(n));
const idOf = (n) => ids[n] ?? made(n);
const cardOf = (n) => cards[n % CARDS];
const settings = {
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
  const correlation = new Correlation(settings, () => {
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

/** Bytes a held id, in a process of its own. */
function held(kind) {
  const correlation = new Correlation(settings, () => undefined);
  const sent = new Map();
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  for (let n = 0; n < HELD; n += 1) {
    if (kind === 'held-map') sent.set(idOf(n), { ...sentOf(n), acknowledgedAt: n + 1 });
    else {
      correlation.sent(sentOf(n));
      correlation.acknowledged(idOf(n), n + 1, true, false);
    }
  }
  globalThis.gc?.();
  const bytes = (process.memoryUsage().rss - before) / HELD;
  if (kind === 'held' && correlation.outstanding !== HELD) throw new Error('not all outstanding');
  return { bytes, of: sent.size };
}

if (part?.startsWith('held')) {
  console.log(JSON.stringify(held(part)));
} else {
  const memory = (kind) =>
    JSON.parse(
      execFileSync(process.execPath, ['--expose-gc', '--max-old-space-size=8192', script, kind]),
    ).bytes;
  const seen = { alone: [], withReading: [], map: [] };
  for (let run = 0; run <= RUNS; run += 1) {
    const of = { alone: ours(false), map: map(), withReading: ours(true) };
    if (run > 0) for (const [name, value] of Object.entries(of)) seen[name].push(value);
  }
  const bytes = memory('held');
  const bytesOfMap = memory('held-map');
  const perSecond = Object.fromEntries(
    Object.entries(seen).map(([name, values]) => [name, Math.round(median(values))]),
  );
  const isHeld = perSecond.withReading >= BOUNDS.perSecond && bytes < BOUNDS.bytes;
  console.log(
    JSON.stringify({
      benchmark: 'correlation',
      runs: RUNS,
      'transactions/s on one core': perSecond,
      'bytes an outstanding id, 10 M of them': {
        correlation: Math.round(bytes),
        'Map of objects': Math.round(bytesOfMap),
      },
      bounds: BOUNDS,
      isHeld,
    }),
  );
  process.exitCode = isHeld ? 0 : 1;
}
