import { Session, type SessionSettings, type SessionSummary } from './session.ts';

/** A session without any transaction but with every figure: the names that limits may speak of. */
export function emptySession(settings: SessionSettings): SessionSummary {
  const session = new Session(settings);
  session.journey.add({
    ...{ id: '', cardId: '', eventAt: 0, dueAt: 0, acknowledgedAt: 0, arrivedAt: 0, readAt: 0 },
    ...{ score: 0, expected: 0, recomputed: 0, error: undefined },
    ...{ isFraud: false, scenario: undefined, country: undefined, isLate: false },
  });
  return session.summary(0, true);
}
