import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoringErrorOf } from './errors.ts';
import type { Reply } from './score-client.ts';

const answer = (status: number, errorType: string | undefined, body: string): Reply => ({
  status,
  errorType,
  contentType: 'application/json',
  body: Buffer.from(body),
  modelVersion: undefined,
  retryAfterMs: undefined,
});

/** Status, name, body; kind, whether a row is to blame, which error ends the run. */
const table = [
  [400, 'ThrottlingException', '{"message":null}', 'throttled', false, undefined],
  [429, undefined, '{"message":"Too Many Requests"}', 'throttled', false, undefined],
  [429, 'LimitExceededException', '{"message":"Limit Exceeded"}', 'throttled', false, undefined],
  [429, 'ModelNotReadyException', '{}', 'throttled', false, undefined],
  [403, 'AccessDeniedException', '{"Message":"no"}', 'auth', false, 'no-permission'],
  [403, undefined, '{"message":"Forbidden"}', 'auth', false, 'no-permission'],
  [401, undefined, '', 'auth', false, 'no-permission'],
  [400, 'InvalidSignatureException', '{}', 'auth', false, 'no-permission'],
  [
    400,
    undefined,
    '{"__type":"com.amazon.coral#ExpiredTokenException"}',
    'auth',
    false,
    'no-permission',
  ],
  [
    424,
    'ModelError',
    '{"OriginalStatusCode":500,"OriginalMessage":"boom"}',
    'model_error',
    false,
    undefined,
  ],
  [
    424,
    'ModelError',
    '{"OriginalStatusCode":415,"OriginalMessage":"bad"}',
    'model_error',
    true,
    undefined,
  ],
  [424, undefined, '{"message":"(0)"}', 'model_error', false, undefined],
  [400, 'ValidationError', '{"message":"Endpoint x not found"}', 'http4xx', false, 'not-found'],
  [404, undefined, '', 'http4xx', false, 'not-found'],
  [400, undefined, 'bad row', 'http4xx', true, undefined],
  [413, undefined, '', 'http4xx', true, undefined],
  [409, undefined, '', 'http4xx', false, undefined],
  [500, 'InternalFailure', '{}', 'http5xx', false, undefined],
  [503, 'ServiceUnavailable', '{}', 'http5xx', false, undefined],
  [504, undefined, '{"message":"Endpoint request timed out"}', 'http5xx', false, undefined],
  [530, 'InternalDependencyException', '{}', 'http5xx', false, undefined],
  [302, undefined, '', 'bad_response', false, undefined],
] as const;

for (const [status, name, body, kind, isRowFault, endsRun] of table) {
  test(`${status} ${name ?? body} is ${kind}`, () => {
    const trouble = scoringErrorOf(answer(status, name, body));
    assert.ok(trouble);
    const { kind: seen, isRowFault: fault, endsRun: ends } = trouble;
    assert.deepEqual([seen, fault, ends], [kind, isRowFault, endsRun]);
    assert.match(trouble.reason, new RegExp(`HTTP ${status}`));
  });
}

test('the reason says what the container said', () => {
  const body =
    '{"Message":"Received client error","OriginalStatusCode":415,"OriginalMessage":"bad cell"}';
  assert.match(
    scoringErrorOf(answer(424, 'ModelError', body))?.reason ?? '',
    /ModelError: bad cell$/,
  );
  const long = scoringErrorOf(answer(500, undefined, 'x'.repeat(5_000)));
  assert.ok((long?.reason.length ?? 0) < 400);
});

test('an answer of success is no trouble', () => {
  assert.equal(scoringErrorOf(answer(200, undefined, '0.5')), undefined);
});
