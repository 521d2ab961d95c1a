import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../../dist/errors.js';
import type { ScoringOutcome } from '../../dist/transactions/scoring-outcome.js';
import {
  answer,
  type Behaviour,
  type Course,
  type Scored,
  SimulatedScoring,
  scoredBy,
  scoreOf,
  scoresFor,
} from '../support/scored.ts';
import { seeded } from '../support/seeded.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

interface Run extends Scored {
  readonly endpoint: SimulatedScoring;
}

async function run(behave: Behaviour, course: Course): Promise<Run> {
  const clock = new VirtualClock();
  const endpoint = new SimulatedScoring(clock, behave);
  return { ...(await clock.pass(scoredBy(endpoint, clock, course))), endpoint };
}

const well: Behaviour = (numbers) => ({ afterMs: 10, reply: scoresFor(numbers) });
const always =
  (status: number, body = '', type?: string): Behaviour =>
  () => ({ afterMs: 2, reply: answer(status, body, type) });

/** Every transaction has one outcome, and a score is the one of its own transaction. */
function assertWhole(outcomes: readonly ScoringOutcome[], count: number): void {
  assert.equal(new Set(outcomes.map(({ candidate }) => candidate.id)).size, count);
  assert.equal(outcomes.length, count);
  for (const { candidate, error, score } of outcomes) {
    if (error === undefined) assert.equal(score, scoreOf(Number(candidate.id.slice(1))));
  }
}
const errorsOf = (outcomes: readonly ScoringOutcome[]): ReadonlySet<string | undefined> =>
  new Set(outcomes.map(({ error }) => error));
const count = (outcomes: readonly ScoringOutcome[], error: string | undefined): number =>
  outcomes.filter((outcome) => outcome.error === error).length;

test('each transaction gets its own score, in batches, never above the capacity', async () => {
  const settings = { capacity: 8, batchRows: 7, concurrency: 'fixed' } as const;
  const { outcomes, endpoint, traces } = await run(well, { count: 1000, settings });
  assertWhole(outcomes, 1000);
  assert.deepEqual([...errorsOf(outcomes)], [undefined]);
  assert.equal(endpoint.inFlightMost, 8);
  assert.ok(traces.every(({ rows }) => rows <= 7));
  assert.equal(outcomes[0]?.modelVersion, 'test-1');
});

test('ordered: outcomes leave as transactions came, though answers overtake each other', async () => {
  const random = seeded(5);
  const jumpy: Behaviour = (numbers) => ({ afterMs: 100 * random(), reply: scoresFor(numbers) });
  const settings = { isOrdered: true, capacity: 16, concurrency: 'fixed' } as const;
  const { outcomes } = await run(jumpy, { count: 300, settings });
  assert.deepEqual(
    outcomes.map(({ ordinal }) => ordinal),
    Array.from({ length: 300 }, (_, place) => place),
  );
  const free = await run(jumpy, { count: 300, settings: { ...settings, isOrdered: false } });
  assertWhole(free.outcomes, 300);
  assert.notDeepEqual(
    free.outcomes.map(({ ordinal }) => ordinal),
    outcomes.map(({ ordinal }) => ordinal),
  );
});

test('under troubles of every kind each transaction has one outcome', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const random = seeded(seed);
    const troubles = [
      answer(400, '{"message":null}', 'ThrottlingException'),
      answer(503, ''),
      answer(424, '{"OriginalStatusCode":500}', 'ModelError'),
      answer(200, '0.5\n'.repeat(9)),
      { failure: 'connect', reason: 'ECONNRESET' } as const,
      'never' as const,
    ];
    const moody: Behaviour = (numbers) => {
      const draw = Math.floor(random() * 60);
      return { afterMs: 5 + 30 * random(), reply: troubles[draw] ?? scoresFor(numbers) };
    };
    const batchRows = seed;
    const isOrdered = seed % 2 === 0;
    const { outcomes } = await run(moody, { count: 800, settings: { batchRows, isOrdered } });
    assertWhole(outcomes, 800);
    assert.ok(count(outcomes, undefined) > 700, `seed ${seed}: ${count(outcomes, undefined)}`);
    for (const { error, attempts } of outcomes) if (error === undefined) assert.ok(attempts >= 1);
  }
});

test('a batch refused for bad rows is taken apart: only they fail', async () => {
  const bad = new Set([13, 14, 77, 150]);
  const picky: Behaviour = (numbers) => {
    const isBad = numbers.some((number) => bad.has(number));
    const refusal = answer(424, '{"OriginalStatusCode":415,"OriginalMessage":"no"}', 'ModelError');
    return { afterMs: 5, reply: isBad ? refusal : scoresFor(numbers) };
  };
  const settings = { batchRows: 50, capacity: 4 };
  const { outcomes, endpoint } = await run(picky, { count: 200, settings, groupSize: 200 });
  assertWhole(outcomes, 200);
  const failed = outcomes.filter(({ error }) => error !== undefined);
  assert.deepEqual(new Set(failed.map(({ candidate }) => Number(candidate.id.slice(1)))), bad);
  assert.deepEqual([...errorsOf(failed)], ['model_error']);
  assert.match(failed[0]?.reason ?? '', /415|no/);
  assert.ok(endpoint.requests < 60, `${endpoint.requests} requests`);
});

test('an answer with some scores that are none fails their rows alone, at once, and is no outage', async () => {
  const spoilt: Behaviour = (numbers) => {
    const said = numbers.map((number) => (number % 10 === 3 ? 'nan' : scoreOf(number)));
    return { afterMs: 5, reply: answer(200, said.join('\n')) };
  };
  const { outcomes, traces } = await run(spoilt, { count: 2_000, settings: { batchRows: 20 } });
  assertWhole(outcomes, 2_000);
  const failed = outcomes.filter(({ error }) => error !== undefined);
  assert.equal(failed.length, 200);
  for (const { candidate, error, reason, attempts } of failed) {
    assert.ok(candidate.id.endsWith('3'));
    assert.deepEqual([error, attempts], ['bad_response', 1]);
    assert.equal(reason, 'a score is nan, not from 0 to 1');
  }
  assert.ok(traces.every(({ error }) => error === undefined));
});

test('where every row is refused, taking apart ends', async () => {
  const { outcomes, endpoint } = await run(always(400, 'no'), {
    count: 20_000,
    settings: { batchRows: 100 },
  });
  assertWhole(outcomes, 20_000);
  assert.ok(endpoint.requests < 800, `${endpoint.requests} requests for 200 batches`);
});

test('total failure: retries add at most a tenth to the load, whatever the failure', async () => {
  const kinds: readonly (readonly [string, Behaviour])[] = [
    ['http5xx', always(503)],
    ['model_error', always(424, '{"OriginalStatusCode":500}')],
    ['bad_response', always(200, 'nonsense')],
    ['connect', () => ({ afterMs: 1, reply: { failure: 'connect', reason: 'ECONNREFUSED' } })],
    ['timeout', () => ({ afterMs: 1, reply: 'never' })],
    ['throttled', always(400, '{"message":null}', 'ThrottlingException')],
  ];
  for (const [kind, behave] of kinds) {
    for (const concurrency of ['fixed', 'adaptive'] as const) {
      const settings = { concurrency, timeoutMs: 3_000, requestTimeoutMs: 200 };
      const { outcomes, traces } = await run(behave, { count: 2_000, settings, perSecond: 500 });
      const first = new Set(outcomes.filter(({ attempts }) => attempts > 0)).size;
      const told = `${kind} ${concurrency}: ${traces.length} requests, ${first} sent`;
      // A limit that gives way sends a request now and then, the same ones again.
      const isTrickle = traces.length < 0.05 * 2_000;
      assert.ok(isTrickle || traces.length <= Math.max(1.1 * first, first + 20), told);
    }
  }
});

test('an endpoint that dies for ten seconds: the breaker opens, most is scored later, all is told', async () => {
  let startedAt = Number.NaN;
  const dying: Behaviour = (numbers, _request, now) => {
    startedAt = Number.isNaN(startedAt) ? now : startedAt;
    const isDead = now >= startedAt + 5_000 && now < startedAt + 15_000;
    return isDead
      ? { afterMs: 1, reply: { failure: 'connect', reason: 'ECONNREFUSED' } }
      : { afterMs: 10, reply: scoresFor(numbers) };
  };
  // The last pause of the breaker is five seconds, so it is noticed to be alive after fifteen at most.
  const settings = { timeoutMs: 16_000, capacity: 32 };
  const { outcomes, traces, error } = await run(dying, { count: 5_000, perSecond: 200, settings });
  assert.equal(error, undefined);
  assertWhole(outcomes, 5_000);
  const failed = count(outcomes, 'connect') + count(outcomes, 'dropped');
  assert.equal(count(outcomes, undefined) + failed, 5_000);
  assert.ok(failed < 100, `${failed} failed`);
  const whileDead = traces.filter(({ error: kind }) => kind === 'connect').length;
  assert.ok(whileDead < 80, `${whileDead} requests to a dead endpoint`);
});

test('a throttle never opens the breaker, and each throttled transaction is scored in the end', async () => {
  const throttling: Behaviour = (numbers, request) =>
    request % 3 === 0
      ? { afterMs: 10, reply: scoresFor(numbers) }
      : { afterMs: 1, reply: answer(400, '{"message":null}', 'ThrottlingException') };
  const { outcomes } = await run(throttling, { count: 300, settings: { timeoutMs: 600_000 } });
  assertWhole(outcomes, 300);
  assert.deepEqual([...errorsOf(outcomes)], [undefined]);
});

test('one deadline: no outcome comes later than the timeout, however often it was tried', async () => {
  const settings = { timeoutMs: 1_500, requestTimeoutMs: 400, capacity: 400 };
  const hanging: Behaviour = (numbers, request) =>
    request % 4 === 0 ? { afterMs: 0, reply: 'never' } : { afterMs: 20, reply: scoresFor(numbers) };
  const { outcomes } = await run(hanging, { count: 400, settings, perSecond: 100 });
  assertWhole(outcomes, 400);
  for (const { settledAt, dueAt } of outcomes) assert.ok(settledAt - dueAt < 1_700);
});

test('what cannot be sent in time is dropped, and was never sent', async () => {
  const slow: Behaviour = (numbers) => ({ afterMs: 100, reply: scoresFor(numbers) });
  const settings = { capacity: 2, dropAfterMs: 300, concurrency: 'fixed' } as const;
  const { outcomes, traces } = await run(slow, {
    count: 500,
    settings,
    perSecond: 100,
    groupSize: 1,
  });
  assertWhole(outcomes, 500);
  const dropped = outcomes.filter(({ error }) => error === 'dropped');
  assert.ok(dropped.length > 300 && dropped.length < 450, `${dropped.length}`);
  assert.ok(dropped.every(({ attempts, sentAt }) => attempts === 0 && Number.isNaN(sentAt)));
  assert.equal(traces.length + dropped.length, 500);
});

test('refused credentials end the run; what waited is aborted, and the error says what to do', async () => {
  const { outcomes, error, endpoint } = await run(
    always(403, '{"message":"no"}', 'AccessDeniedException'),
    { count: 5_000, settings: { capacity: 4 } },
  );
  assert.ok(error instanceof FraudstreamError);
  assert.equal(error.exitCode, 77);
  assert.match(error.message, /sagemaker:InvokeEndpoint/);
  assert.ok(endpoint.requests <= 4);
  for (const { error: kind } of outcomes) assert.match(kind ?? '', /auth|aborted/);
});

test('an endpoint that is not there ends the run with 69', async () => {
  const missing = await run(always(400, '{"message":"Endpoint x not found"}', 'ValidationError'), {
    count: 500,
  });
  assert.ok(missing.error instanceof FraudstreamError);
  assert.equal(missing.error.exitCode, 69);
  const refusing: Behaviour = () => ({
    afterMs: 1,
    reply: { failure: 'connect', reason: 'ECONNREFUSED' },
  });
  const dead = await run(refusing, { count: 30, settings: { timeoutMs: 2_000 } });
  assert.ok(dead.error instanceof FraudstreamError);
  assert.equal(dead.error.exitCode, 69);
  assert.ok(dead.outcomes.length > 0 && dead.outcomes.every((outcome) => outcome.error));
});

test('an error of the source comes after the outcomes of what it gave', async () => {
  const clock = new VirtualClock();
  const endpoint = new SimulatedScoring(clock, well);
  const { outcomes } = await clock.pass(scoredBy(endpoint, clock, { count: 40 }));
  assertWhole(outcomes, 40);
});

test('linger gathers company, and none waits longer', async () => {
  const course = { count: 200, perSecond: 1000, groupSize: 1 };
  const settings = { batchRows: 10, lingerMs: 50 };
  const { traces, outcomes } = await run(well, { ...course, settings });
  assertWhole(outcomes, 200);
  assert.ok(traces.every(({ rows }) => rows === 10));
  const alone = await run(well, { ...course, settings: { batchRows: 10 } });
  assert.ok(alone.traces.length > traces.length);
});

for (const afterMs of [30, 300, 1_500]) {
  test(`an endpoint that always takes ${afterMs} ms is slow, not full: the adaptive limit lets the rate through`, async () => {
    const slow: Behaviour = (numbers) => ({ afterMs, reply: scoresFor(numbers) });
    const perSecond = 30_000 / afterMs;
    const course = { count: 900, perSecond, groupSize: 1 };
    const { outcomes, traces, heldBack } = await run(slow, course);
    assertWhole(outcomes, 900);
    assert.equal(Math.min(...traces.map(({ limit }) => limit)), 8);
    assert.ok((heldBack?.limitMs ?? 0) > afterMs && heldBack?.capacityMs === 0);
    const startedAt = Math.min(...outcomes.map(({ dueAt }) => dueAt));
    // Ten round trips: three to find 30 places, the others to make up for those.
    const settled = outcomes.filter(({ dueAt }) => dueAt > startedAt + 10 * afterMs);
    assert.ok(settled.length > 500);
    for (const { sentAt, dueAt } of settled) assert.ok(sentAt - dueAt < 10, `${sentAt - dueAt}`);
  });
}

test('what was due and waited for us is told: for the capacity, for the limit, or not at all', async () => {
  const steady: Behaviour = (numbers) => ({ afterMs: 100, reply: scoresFor(numbers) });
  const fixed = { concurrency: 'fixed' } as const;
  const course = { count: 400, perSecond: 100, groupSize: 1 };
  const roomy = await run(steady, { ...course, settings: fixed });
  assert.deepEqual({ ...roomy.heldBack }, { limitMs: 0, capacityMs: 0 });
  const tight = await run(steady, { ...course, settings: { ...fixed, capacity: 5 } });
  assert.equal(tight.heldBack?.limitMs, 0);
  // Half of the rate fits in, so what is due waits nearly all of eight seconds.
  assert.ok((tight.heldBack?.capacityMs ?? 0) > 7_500, `${tight.heldBack?.capacityMs}`);
  const unpaced = await run(steady, { count: 400, settings: { ...fixed, capacity: 5 } });
  assert.deepEqual({ ...unpaced.heldBack }, { limitMs: 0, capacityMs: 0 });
  const down = await run(always(503), { ...course, settings: { capacity: 5, timeoutMs: 1_000 } });
  assert.ok((down.heldBack?.capacityMs ?? 0) < 500, 'an endpoint that is down holds nobody back');
});

/** Well for so long, then gone for good. */
const dyingAfter = (ms: number): Behaviour => {
  let startedAt = Number.NaN;
  return (numbers, _request, now) => {
    startedAt = Number.isNaN(startedAt) ? now : startedAt;
    return now < startedAt + ms
      ? { afterMs: 10, reply: scoresFor(numbers) }
      : { afterMs: 1, reply: { failure: 'connect', reason: 'ECONNREFUSED' } };
  };
};

const reasonOf = ({ reason }: ScoringOutcome): string => reason ?? '';
const DROPPED_BY_REFUSAL =
  'dropped after waiting up to 3 s for the endpoint to take requests again (ECONNREFUSED)';

test('an endpoint that dies: each is given up one timeout after it was due, however many wait', async () => {
  for (const isOrdered of [false, true]) {
    const settings = { timeoutMs: 3_000, capacity: 20, isOrdered };
    const course = { count: 5_000, perSecond: 500, settings };
    const { outcomes, error } = await run(dyingAfter(2_000), course);
    assert.equal(error, undefined);
    assertWhole(outcomes, 5_000);
    assert.ok(count(outcomes, undefined) > 900);
    for (const { settledAt, dueAt } of outcomes) assert.ok(settledAt - dueAt < 3_050);
    const reasons = outcomes.filter(({ error: kind }) => kind === 'dropped').map(reasonOf);
    assert.deepEqual(new Set(reasons), new Set([DROPPED_BY_REFUSAL]));
  }
});

test('unpaced, a whole group is given up one timeout after it came to a dead endpoint, but not while others are scored', async () => {
  const settings = { timeoutMs: 3_000, capacity: 20, concurrency: 'fixed' } as const;
  const course = { count: 1_200, groupSize: 400, settings };
  const dead = await run(dyingAfter(0), { ...course, settings: { ...settings, timeoutMs: 1_000 } });
  const ended = dead.outcomes.map(({ settledAt }) => settledAt);
  assert.ok(Math.max(...ended) - Math.min(...ended) < 3_000);
  const slow: Behaviour = (numbers) => ({ afterMs: 500, reply: scoresFor(numbers) });
  const { outcomes } = await run(slow, course);
  assertWhole(outcomes, 1_200);
  assert.deepEqual([...errorsOf(outcomes)], [undefined]);
});
