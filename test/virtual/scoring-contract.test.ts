import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CircuitBreaker } from '../../dist/scoring/circuit-breaker.js';
import { retryAfterMs } from '../../dist/scoring/clients/retry-after.js';
import { scoringErrorOf } from '../../dist/scoring/errors.js';
import { scoresOf } from '../../dist/scoring/request/parse-answer.js';
import { requestBody, scoreForm } from '../../dist/scoring/request/request-body.js';
import {
  isOutage,
  isRetried,
  type retryTable,
  retryWaitMs,
} from '../../dist/scoring/retry-policy.js';
import { score } from '../../dist/scoring/score.js';
import type { Endpoint, Reply } from '../../dist/scoring/score-client.js';
import { scoreDefaults } from '../../dist/scoring/score-settings.js';
import type { ScoringOutcome } from '../../dist/transactions/scoring-outcome.js';
import { numbered, numbersIn } from '../support/scored.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** The fixtures that the Flink job reads as well: `ScoringContractTest.java`. */
const fixture = (name: string) =>
  JSON.parse(
    readFileSync(
      join(import.meta.dirname, '..', '..', 'fixtures', 'scoring', `${name}.json`),
      'utf8',
    ),
  );

interface AnswerCase {
  readonly name: string;
  readonly contentType: string;
  readonly body: string;
  readonly rows: number;
  readonly pointer?: string;
  readonly scores: readonly (number | null)[] | null;
}

for (const { name, contentType, body, rows, pointer, scores } of fixture(
  'answers',
) as readonly AnswerCase[]) {
  test(`answer: ${name}`, () => {
    const parsed = scoresOf(contentType, Buffer.from(body), rows, pointer);
    const seen =
      'problem' in parsed
        ? null
        : parsed.scores.map((value, row) => (parsed.problems?.has(row) ? null : value));
    assert.deepEqual(seen, scores);
  });
}

interface Answer {
  readonly status?: number;
  readonly errorType?: string;
  readonly body?: string;
  readonly retryAfter?: string;
  readonly failure?: Extract<Reply, { failure: string }>['failure'];
}

/** After the dates in the fixtures. */
const NOW = Date.UTC(2026, 10, 1);

function replyOf({ status, errorType, body = '', retryAfter, failure }: Answer): Reply {
  if (failure !== undefined) return { failure, reason: failure };
  return {
    status: status ?? 0,
    errorType,
    contentType: 'text/csv',
    body: Buffer.from(body),
    modelVersion: undefined,
    retryAfterMs: retryAfterMs(retryAfter, NOW),
  };
}

interface ReplyCase extends Answer {
  readonly name: string;
  readonly kind: keyof typeof retryTable | null;
  readonly isRowFault?: boolean;
  readonly isOutage?: boolean;
  readonly attempts?: number | null;
  readonly waitMs?: number;
}

for (const expected of fixture('replies') as readonly ReplyCase[]) {
  test(`reply: ${expected.name}`, () => {
    const error = scoringErrorOf(replyOf(expected));
    assert.equal(error?.kind ?? null, expected.kind);
    if (!error) return;
    const { isRowFault, waitMs } = error;
    const seen = { isRowFault, waitMs, isOutage: isOutage(error) };
    const { isRowFault: row, waitMs: wait, isOutage: outage, attempts } = expected;
    assert.deepEqual(seen, { isRowFault: row, waitMs: wait, isOutage: outage });
    const most = attempts ?? 1_000;
    if (most > 1) assert.ok(isRetried(error, most - 1));
    assert.equal(isRetried(error, most), attempts === null);
  });
}

interface BreakerStep {
  readonly at: number;
  readonly send?: true;
  readonly end?: {
    readonly sentAt: number;
    readonly outage: boolean;
    readonly times: number;
    readonly everyMs: number;
  };
  readonly expect?: { readonly isOpen: boolean; readonly lets: boolean; readonly openMs?: number };
}

for (const { name, steps } of fixture('breaker') as ReadonlyArray<{
  readonly name: string;
  readonly steps: readonly BreakerStep[];
}>) {
  test(`breaker: ${name}`, () => {
    const breaker = new CircuitBreaker();
    for (const { at, send, end, expect } of steps) {
      if (send) breaker.sent();
      for (let time = 0; time < (end?.times ?? 0); time += 1) {
        const { outage = false, sentAt = at, everyMs = 0 } = end ?? {};
        breaker.answered(outage, sentAt, at + time * everyMs);
      }
      if (!expect) continue;
      const seen = { isOpen: breaker.isOpen, lets: breaker.lets(at) };
      assert.deepEqual(seen, { isOpen: expect.isOpen, lets: expect.lets }, `at ${at}`);
      if (expect.openMs !== undefined) assert.equal(breaker.openMs(at), expect.openMs);
    }
  });
}

interface Sequence {
  readonly name: string;
  readonly rows: number;
  readonly batchRows: number;
  readonly timeoutMs: number;
  readonly latencyMs: number;
  readonly random: number;
  readonly badRow?: number;
  readonly answers: ReadonlyArray<Answer & { readonly perRow?: number }>;
  readonly requests?: ReadonlyArray<{ readonly at: number; readonly rows: readonly number[] }>;
  readonly outcomes?: ReadonlyArray<{ score?: number; error?: string; attempts: number }>;
  readonly requestCount?: number;
  readonly outcomeCounts?: Readonly<Record<string, number>>;
}

const { waits, sequences } = fixture('retries') as {
  readonly waits: ReadonlyArray<Record<'attempts' | 'askedMs' | 'random' | 'waitMs', number>>;
  readonly sequences: readonly Sequence[];
};

test('waits before a retry', () => {
  for (const { attempts, askedMs, random, waitMs } of waits) {
    assert.equal(
      retryWaitMs(attempts, askedMs, () => random),
      waitMs,
      `${attempts}`,
    );
  }
});

function answerTo(rows: readonly number[], request: number, sequence: Sequence): Reply {
  const { answers, badRow = -1 } = sequence;
  if (rows.includes(badRow)) return replyOf({ status: 400, body: 'bad row' });
  const { perRow, ...answer } = answers[Math.min(request, answers.length - 1)] ?? {};
  return replyOf(
    perRow === undefined ? answer : { ...answer, body: rows.map(() => perRow).join('\n') },
  );
}

for (const sequence of sequences) {
  test(`retries: ${sequence.name}`, async () => {
    const clock = new VirtualClock();
    const startedAt = clock.now();
    const requests: { at: number; rows: readonly number[] }[] = [];
    const endpoint: Endpoint = {
      invoke: (body) => {
        const rows = numbersIn(body);
        const reply = answerTo(rows, requests.length, sequence);
        requests.push({ at: clock.now() - startedAt, rows });
        return {
          reply: clock.sleep(sequence.latencyMs).then(() => reply),
          abort: () => assert.fail('no request takes longer than its timeout'),
        };
      },
    };
    const { rows, batchRows, timeoutMs, random } = sequence;
    const settings = {
      ...{ ...scoreDefaults, capacity: 1_000, concurrency: 'fixed' as const },
      ...{ batchRows, timeoutMs, isOrdered: true, lingerMs: 5 },
    };
    const form = scoreForm(requestBody('application/jsonlines', 'text/csv', undefined), undefined);
    async function* source() {
      yield Array.from({ length: rows }, (_, n) => ({ dueAt: clock.now(), record: numbered(n) }));
    }
    const outcomes: ScoringOutcome[] = [];
    const scored = async (): Promise<void> => {
      const dependencies = { clock, random: () => random };
      for await (const group of score(source(), endpoint, form, dependencies, settings))
        outcomes.push(...group);
    };
    await clock.pass(scored());

    assert.equal(outcomes.length, rows);
    if (sequence.requests) assert.deepEqual(requests, sequence.requests);
    if (sequence.requestCount !== undefined) assert.equal(requests.length, sequence.requestCount);
    const seen = outcomes.map(({ score: value, error, attempts }) =>
      error === undefined ? { score: value, attempts } : { error, attempts },
    );
    if (sequence.outcomes) assert.deepEqual(seen, sequence.outcomes);
    for (const [kind, count] of Object.entries(sequence.outcomeCounts ?? {})) {
      assert.equal(outcomes.filter(({ error }) => error === kind).length, count);
    }
  });
}
