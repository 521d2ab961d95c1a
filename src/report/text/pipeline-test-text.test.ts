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

/** A session of one transaction that was put. */
function put(warmUpMs = 0): Session {
  const session = new Session({ ...settings, warmUpMs });
  session.start(0);
  const nobody = { isFraud: undefined, scenario: undefined, country: undefined };
  session.sent({ id: 'a', cardId: 'card', dueAt: 1, expected: Number.NaN, ...nobody }, 1);
  session.generator.left([{ dueAt: 1 }], 1, session.endToEnd.measuredFrom);
  session.correlation.acknowledged('a', 2, true, false);
  session.putAt = 5;
  return session;
}

const textOf = (session: Session): string => sessionText(session.summary(10, true)).join('\n');

test('where no verdict came, the drain says so instead of a span', () => {
  const session = put();
  assert.ok(Number.isNaN(session.summary(10, true).drainMs));
  assert.match(textOf(session), /Drain +no verdict came/);
  session.lastVerdictAt = 8;
  assert.match(textOf(session), /Drain +the last verdict came 3\.00 ms after the last put/);
  // One that came while others were still put has not been waited for.
  session.lastVerdictAt = 4;
  assert.equal(session.summary(10, true).drainMs, 0);
});

test('a run that broke while it put has verdicts and no drain', () => {
  const session = put();
  const times = { eventAt: 0, arrivedAt: 3, readAt: 4 };
  const scores = { score: 0.5, recomputed: Number.NaN, error: undefined };
  session.correlation.judged({ id: 'a', cardId: 'card', ...times, ...scores });
  session.lastVerdictAt = 4;
  session.putAt = Number.NaN;
  assert.ok(Number.isNaN(session.summary(10, true).drainMs));
  assert.match(textOf(session), /Drain +none: the run broke before its last put/);
  assert.doesNotMatch(textOf(session), /no verdict came/);
});

test('a run that was not longer than its warm-up says so, and measures nothing', () => {
  const session = put(5_000);
  const times = { eventAt: 0, arrivedAt: 3, readAt: 4 };
  const scores = { score: 0.5, recomputed: Number.NaN, error: undefined };
  session.correlation.judged({ id: 'a', cardId: 'card', ...times, ...scores });
  const { latency, generator, correlation } = session.summary(10, true);
  assert.deepEqual([correlation.matched, latency.endToEnd.count], [1, 0]);
  assert.equal(generator.limitedBy, 'unknown');
  assert.match(textOf(session), /Warm-up +the run was not longer than --warm-up/);
  assert.doesNotMatch(textOf(session), /kept its schedule|Silence/);
  assert.doesNotMatch(textOf(put()), /Warm-up/);
});

test('silence is not blamed on the pipeline where reads have failed', () => {
  const session = put();
  assert.match(textOf(session), /Silence +no score came at all: check --verdict-stream/);
  session.readErrors.add('Connection', 3);
  assert.match(textOf(session), /Reading +3 reads of what comes out failed by Connection/);
  assert.match(textOf(session), /Silence .*could not always be read, see Reading/);
});

test('dead letters that came again are told beside the reasons, not in them', () => {
  const session = put();
  session.rejects.add('dropped');
  session.repeatedRejects = 2;
  assert.match(textOf(session), /Rejected +1 dead letters: dropped/);
  assert.match(textOf(session), /Repeated +2 more dead letters are about the same transactions/);
});
