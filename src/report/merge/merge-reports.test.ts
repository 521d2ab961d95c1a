import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Delivery } from '../../metrics/delivery.ts';
import { EndToEnd } from '../../metrics/end-to-end.ts';
import { Quality } from '../../metrics/quality.ts';
import { Scoring, unbounded } from '../../metrics/scoring.ts';
import { snaked } from '../../metrics/snake-case.ts';
import { TimeSeries } from '../../metrics/time-series.ts';
import { errorKinds } from '../../transactions/scoring-outcome.ts';
import type { Receipt } from '../../transactions/user-record.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { mergedDocument } from './merge-reports.ts';

/** A small generator with a seed: the same cases in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const START = Date.UTC(2026, 0, 1);

interface Event {
  readonly at: number;
  readonly ms: number;
  readonly luck: number;
  readonly score: number;
  readonly isFraud: boolean;
  readonly id: string;
}

function events(random: () => number, count: number): readonly Event[] {
  return Array.from({ length: count }, (_, index) => {
    const isFraud = random() < 0.1;
    return {
      at: START + random() * 200_000_000,
      ms: Math.exp(random() * 9),
      luck: random(),
      score: Math.min(1, random() * 0.7 + (isFraud ? 0.3 : 0)),
      isFraud,
      id: `t${index}`,
    };
  });
}

/** What one process reports of some events. */
function documentOf(seen: readonly Event[]): ReportDocument {
  const delivery = new Delivery();
  const scoring = new Scoring(START, 0);
  const endToEndFold = new EndToEnd({
    costs: { missedFraud: 100, falseAlarm: 3 },
    threshold: 0.5,
    parityTolerance: 0.01,
  });
  const quality = new Quality(0.5, { missedFraud: 100, falseAlarm: 3 });
  const series = new TimeSeries('put to verdict');
  for (const { at, ms, luck, score, isFraud, id } of seen) {
    delivery.add([receiptOf(id, at, ms, luck)]);
    delivery.addRequest({
      ...{ sentAt: at, durationMs: ms, entries: 3, failedEntries: 0, payloadBytes: 9 },
      errorCode: luck < 0.1 ? 'Throttled' : undefined,
    });
    const error = luck < 0.2 ? errorKinds[Math.floor(luck * 10)] : undefined;
    endToEndFold.add({
      ...{ id, dueAt: at, acknowledgedAt: at + 1, arrivedAt: at + ms + 1, readAt: at + ms + 2 },
      ...{ score, error, expected: score + (luck < 0.3 ? luck : 0), recomputed: Number.NaN },
      ...{
        isFraud,
        scenario: luck < 0.5 ? 'stolen-card' : 'testing',
        cardId: 'c',
        eventAt: 0,
        country: undefined,
        isLate: false,
      },
    });
    quality.add(score, isFraud, { cardId: `c${Math.floor(luck * 400)}`, eventAt: at });
    series.add(START + ms, 'achieved');
    series.addLatency(START + ms, ms);
  }
  const { endToEnd, fromDue, reading, clockSkewMs, ...rest } = endToEndFold.summary();
  return {
    schema_version: 2,
    command: 'run',
    seed: 42,
    delivery: snaked(delivery.summary(60)),
    scoring: snaked(scoring.summary(60, unbounded)),
    latency: snaked({ endToEnd, fromDue, reading, clockSkewMs }),
    series: snaked(series.summary()),
    unscored_by_kind: snaked(rest.unscoredByKind),
    scenarios: snaked(rest.scenarios),
    parity: snaked(rest.parity),
    quality: snaked(quality.summary()),
  };
}

function receiptOf(id: string, at: number, ms: number, luck: number): Receipt {
  const isAccepted = luck > 0.05;
  return {
    ...{ id, isAccepted, payloadBytes: Math.floor(luck * 900), dueAt: at, acknowledgedAt: at + ms },
    shardId: isAccepted ? `shard-${Math.floor(luck * 4)}` : undefined,
    sequenceNumber: '1',
    subSequenceNumber: Math.floor(luck * 3),
    attempts: luck < 0.1 ? [{ sentAt: at, durationMs: ms, errorCode: 'Timeout' }] : [],
    errorCode: isAccepted ? undefined : 'Expired',
  };
}

/** Equal, but for the order in which fractions were added up, and which of equals came first. */
function assertSame(seen: unknown, wanted: unknown, path: string): void {
  if (typeof wanted === 'number' && typeof seen === 'number') {
    const isClose = Math.abs(seen - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
    assert.ok(isClose, `${path} is ${seen}, not ${wanted}`);
  } else if (typeof wanted === 'object' && wanted !== null) {
    assert.deepEqual(Object.keys(seen as object).sort(), Object.keys(wanted).sort(), path);
    for (const [key, value] of Object.entries(wanted)) {
      assertSame((seen as Readonly<Record<string, unknown>>)[key], value, `${path}.${key}`);
    }
  } else assert.equal(seen, wanted, path);
}

test('the merged report of parts is the report of the whole', () => {
  const random = randomOf(6);
  for (const [count, parts] of [
    [0, 2],
    [1, 2],
    [500, 2],
    [3_000, 3],
    [30_000, 2],
  ] as const) {
    const all = events(random, count);
    const whole = documentOf(all);
    const split = Array.from({ length: parts }, (_, part) =>
      documentOf(all.filter((_, index) => index % parts === part)),
    );
    const onDisk = JSON.parse(JSON.stringify(split)) as readonly ReportDocument[];
    const { merged, ...together } = mergedDocument(onDisk);
    assert.deepEqual(
      { ...merged, runs: merged?.runs?.length },
      { reports: parts, left_out: [], runs: parts },
    );
    const [seen, wanted] = [together, whole].map((one) => JSON.parse(JSON.stringify(one)));
    assertSame(seen, wanted, `${count} in ${parts}`);
  }
});

test('what differs and cannot be added is left out and named', () => {
  const [one, other] = [1, 2].map((seed): ReportDocument => ({ ...documentOf([]), seed }));
  assert.ok(one && other);
  const { seed, merged } = mergedDocument([one, other]);
  assert.equal(seed, undefined);
  assert.deepEqual(merged?.left_out, ['seed']);
});

test('verdicts judged at different thresholds are not thrown together', () => {
  const one = documentOf([]);
  assert.ok(one.quality);
  const other = { ...one, quality: { ...one.quality, threshold: 0.9 } };
  assert.deepEqual(mergedDocument([one, other]).merged?.left_out, ['quality']);
});
