import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session, type SessionSettings } from '../../pipeline-test/session.ts';
import { sessionText } from './pipeline-test-text.ts';

const settings: SessionSettings = {
  lateAfterMs: 1_000,
  forgetAfterMs: 60_000,
  isOrdered: true,
  isAlone: true,
  warmUpMs: 0,
  isPaced: true,
  stages: undefined,
  threshold: undefined,
  parityTolerance: 0,
  costs: { missedFraud: 1, falseAlarm: 1 },
};

const unknown = { isFraud: undefined, scenario: undefined, country: undefined };
const receipt = {
  ...{ id: 'a', isAccepted: true, payloadBytes: 1, dueAt: 1, acknowledgedAt: 2, attempts: [] },
  ...{ shardId: undefined, sequenceNumber: undefined, subSequenceNumber: undefined },
  errorCode: undefined,
};

/** A session of one transaction that was put, and whose puts ended at an instant, NaN for never. */
function put(warmUpMs = 0, putEndedAt = 5): Session {
  const session = new Session({ ...settings, warmUpMs });
  session.start(0);
  session.sent({ id: 'a', cardId: 'card', dueAt: 1, expected: Number.NaN, ...unknown }, 1);
  session.left([{ dueAt: 1 }], 1);
  session.acknowledged([receipt]);
  session.putEnded(putEndedAt);
  return session;
}

/** The same, with a verdict that was read at an instant. */
function judged(session: Session, readAt: number): Session {
  const times = { eventAt: 0, arrivedAt: 3, readAt };
  const scores = { score: 0.5, recomputed: Number.NaN, error: undefined, threshold: 0.5 };
  session.verdict({ id: 'a', cardId: 'card', ...times, ...scores }, true);
  return session;
}

const textOf = (session: Session): string => sessionText(session.summary(10)).join('\n');

test('where no verdict came, the drain says so instead of a span', () => {
  assert.ok(Number.isNaN(put().summary(10).drainMs));
  assert.match(textOf(put()), /Drain +no verdict came/);
  assert.match(
    textOf(judged(put(), 8)),
    /Drain +the last verdict came 3\.00 ms after the last put/,
  );
  // One that came while others were still put has not been waited for.
  assert.equal(judged(put(), 4).summary(10).drainMs, 0);
});

test('a run that broke while it put has verdicts and no drain', () => {
  const session = judged(put(0, Number.NaN), 4);
  assert.ok(Number.isNaN(session.summary(10).drainMs));
  assert.match(textOf(session), /Drain +none: the run broke before its last put/);
  assert.doesNotMatch(textOf(session), /no verdict came/);
});

test('a run that was not longer than its warm-up says so, and measures nothing', () => {
  const session = judged(put(5_000), 4);
  const { latency, generator, correlation } = session.summary(10);
  assert.deepEqual([correlation.matched, latency.endToEnd.count], [1, 0]);
  assert.equal(generator.limitedBy, 'unknown');
  assert.match(textOf(session), /Warm-up +the run was not longer than --warm-up/);
  assert.doesNotMatch(textOf(session), /kept its schedule|Silence/);
  assert.doesNotMatch(textOf(put()), /Warm-up/);
});

test('silence is not blamed on the pipeline where reads have failed', () => {
  const session = put();
  assert.match(textOf(session), /Silence +nothing was scored: check --verdict-stream/);
  for (let read = 0; read < 3; read += 1) session.readFailed('Connection');
  assert.match(textOf(session), /Reading +3 reads of what comes out failed by Connection/);
  assert.match(textOf(session), /Silence .*could not always be read, see Reading/);
});

test('dead letters that came again are counted beside the reasons, not in them', () => {
  const session = put();
  for (let letter = 0; letter < 3; letter += 1) session.rejected('a', 'dropped', true);
  assert.match(textOf(session), /Rejected +1 dead letters: dropped/);
  assert.match(textOf(session), /Repeated +2 more dead letters are about the same transactions/);
});
