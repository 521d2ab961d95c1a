import type { HeldBack } from '../../dist/scoring/admission.js';
import { requestBody, scoreForm } from '../../dist/scoring/request/request-body.js';
import { score } from '../../dist/scoring/score.js';
import type { Endpoint, Reply, ScoreRequest } from '../../dist/scoring/score-client.js';
import { type ScoreSettings, scoreDefaults } from '../../dist/scoring/score-settings.js';
import type { Scorer } from '../../dist/scoring/scorer.js';
import type { Clock } from '../../dist/stream/clock.js';
import type {
  Candidate,
  ScoreTrace,
  ScoringOutcome,
} from '../../dist/transactions/scoring-outcome.js';
import type { Due } from '../../dist/transactions/user-record.js';
import { seeded } from './seeded.ts';

/** A transaction that is nothing but its number. */
export function numbered(number: number): Candidate {
  const id = `t${number}`;
  const data = Buffer.from(JSON.stringify({ n: number }));
  return { id, cardId: 'c', eventTime: '2026-01-01T00:00:00.000Z', data, features: undefined };
}

/** The numbers in a body of JSON lines. */
export const numbersIn = (body: Uint8Array): readonly number[] =>
  Buffer.from(body)
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line).n);

/** A score that tells the transaction: its number in thousandths, modulo 1. */
export const scoreOf = (number: number): number => (number % 1000) / 1000;

export const answer = (status: number, body: string, errorType?: string): Reply => ({
  status,
  errorType,
  contentType: 'text/csv',
  body: Buffer.from(body),
  modelVersion: 'test-1',
  retryAfterMs: undefined,
});

export const scoresFor = (numbers: readonly number[]): Reply =>
  answer(200, `${numbers.map(scoreOf).join('\n')}\n`);

/** What a simulated endpoint does with a request: the answer, and after how long; `never` hangs. */
export type Behaviour = (
  numbers: readonly number[],
  request: number,
  now: number,
) => { readonly afterMs: number; readonly reply: Reply | 'never' };

/** An endpoint in virtual time. */
export class SimulatedScoring implements Endpoint {
  readonly #clock: Clock;
  readonly #behave: Behaviour;
  requests = 0;
  inFlight = 0;
  inFlightMost = 0;

  constructor(clock: Clock, behave: Behaviour) {
    this.#clock = clock;
    this.#behave = behave;
  }

  invoke(body: Uint8Array): ScoreRequest {
    this.requests += 1;
    this.inFlight += 1;
    this.inFlightMost = Math.max(this.inFlightMost, this.inFlight);
    const { afterMs, reply } = this.#behave(numbersIn(body), this.requests, this.#clock.now());
    let resolve: (reply: Reply) => void = () => undefined;
    let isOver = false;
    const settled = new Promise<Reply>((done) => {
      resolve = (said) => {
        if (!isOver) this.inFlight -= 1;
        isOver = true;
        done(said);
      };
    });
    if (reply !== 'never') void this.#clock.sleep(afterMs).then(() => resolve(reply));
    return { reply: settled, abort: (failure, reason) => resolve({ failure, reason }) };
  }
}

export interface Scored {
  readonly outcomes: readonly ScoringOutcome[];
  readonly traces: readonly ScoreTrace[];
  readonly error: unknown;
  /** For how long what was due waited for us. */
  readonly heldBack: HeldBack | undefined;
  readonly scorer: Pick<Scorer, 'breaker'> | undefined;
}

export interface Course {
  readonly count: number;
  readonly settings?: Partial<ScoreSettings>;
  /** Transactions a second; all at once without it. */
  readonly perSecond?: number;
  readonly groupSize?: number;
}

/** Scores so many numbered transactions. */
export async function scoredBy(
  endpoint: Endpoint,
  clock: Clock,
  { count, settings, perSecond, groupSize = 20 }: Course,
): Promise<Scored> {
  const traces: ScoreTrace[] = [];
  const means = {
    clock,
    random: seeded(3),
    observe: (trace: ScoreTrace) => void traces.push(trace),
  };
  async function* source(): AsyncGenerator<readonly Due<Candidate>[]> {
    const startAt = clock.now();
    for (let from = 0; from < count; from += groupSize) {
      const dueAt = perSecond === undefined ? clock.now() : startAt + (from * 1000) / perSecond;
      if (dueAt > clock.now()) await clock.sleep(dueAt - clock.now());
      const size = Math.min(groupSize, count - from);
      yield Array.from({ length: size }, (_, place) => ({ dueAt, record: numbered(from + place) }));
    }
  }
  const form = scoreForm(requestBody('application/jsonlines', 'text/csv', undefined), undefined);
  const all = { ...scoreDefaults, isPaced: perSecond !== undefined, ...settings };
  let scorer: Pick<Scorer, 'breaker' | 'heldBack'> | undefined;
  const tell = (one: NonNullable<typeof scorer>): void => {
    scorer = one;
  };
  const outcomes: ScoringOutcome[] = [];
  try {
    for await (const group of score(source(), endpoint, form, means, all, tell)) {
      outcomes.push(...group);
    }
    return { outcomes, traces, error: undefined, heldBack: scorer?.heldBack, scorer };
  } catch (error) {
    return { outcomes, traces, error, heldBack: scorer?.heldBack, scorer };
  }
}
