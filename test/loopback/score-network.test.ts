import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { FraudstreamError } from '../../dist/errors.js';
import { Scoring, unbounded } from '../../dist/metrics/scoring.js';
import { systemClock } from '../../dist/runtime.js';
import { fastClient } from '../../dist/scoring/clients/fast-client.js';
import { gatewayTarget, runtimeTarget } from '../../dist/scoring/clients/request-targets.js';
import { sdkClient } from '../../dist/scoring/clients/sdk-client.js';
import type { ScoreClient } from '../../dist/scoring/score-client.js';
import {
  hang,
  refusal,
  reset,
  type ScoreServer,
  scoreServer,
  type Treatment,
  text,
  well,
} from '../support/score-server.ts';
import { type Course, type Scored, scoredBy, scoreOf } from '../support/scored.ts';

let server: ScoreServer;
before(async () => {
  server = await scoreServer();
});
after(() => server.close());

const transports = ['fast', 'sdk'] as const;
type Transport = (typeof transports)[number];
const connection = { connections: 32, connectTimeoutMs: 1_000 };

function opened(transport: Transport, endpointUrl: string): Promise<ScoreClient> {
  const settings = {
    ...connection,
    endpointName: 'fraud',
    targetVariant: 'blue',
    inferenceComponent: undefined,
    region: 'us-east-1',
    profile: undefined,
    endpointUrl,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    contentType: 'application/jsonlines',
    accept: 'text/csv',
  };
  if (transport === 'sdk') return sdkClient(settings);
  return runtimeTarget(settings, systemClock).then((target) =>
    fastClient(target, connection, systemClock),
  );
}

async function scored(transport: Transport, course: Course, url = server.url): Promise<Scored> {
  const client = await opened(transport, url);
  try {
    return await scoredBy(client, systemClock, course);
  } finally {
    await client.close();
  }
}

/** The head of an answer and half of its body. */
function begun(numbers: readonly number[], response: ServerResponse): void {
  const body = `${numbers.map(scoreOf).join('\n')}\n`;
  response.writeHead(200, { 'content-type': 'text/csv', 'content-length': 2 * body.length });
  response.write(body);
}
const stops: Treatment = (numbers, _request, response) => begun(numbers, response);
const cutShort: Treatment = (numbers, _request, response) => {
  begun(numbers, response);
  response.socket?.end();
};
const endless: Treatment = (_numbers, _request, response) => {
  const chunk = Buffer.alloc(262_144, '\n');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more).on('error', () => undefined);
  more();
};

/** What becomes of each tenth transaction, in turn; the others are scored. */
const faults: readonly (readonly [string, string, Treatment])[] = [
  ['a throttle', 'throttled', refusal(400, 'ThrottlingException', { message: null })],
  ['a model that is not ready', 'throttled', refusal(429, 'ModelNotReadyException', {})],
  ['no answer', 'timeout', hang],
  ['a reset', 'connect', reset],
  ['a conflict', 'http4xx', refusal(409, 'ConflictException', { message: 'busy' })],
  ['503', 'http5xx', refusal(503, 'ServiceUnavailable', { Message: 'later' })],
  ['530', 'http5xx', refusal(530, 'InternalDependencyException', { Message: 'oh' })],
  ['a failing container', 'model_error', refusal(424, 'ModelError', { OriginalStatusCode: 500 })],
  ['a refused row', 'model_error', refusal(424, 'ModelError', { OriginalStatusCode: 415 })],
  ['nonsense', 'bad_response', text('<html>')],
  ['too many scores', 'bad_response', text('0.5\n0.5\n')],
  ['no score', 'bad_response', text('')],
  ['an answer that stops', 'timeout', stops],
  ['an answer without end', 'bad_response', endless],
  ['an answer that is cut short', 'connect', cutShort],
];

for (const transport of transports) {
  test(`${transport}: every kind of error at the network is told as its kind, all else is scored`, async () => {
    server.treat((numbers, request, response) => {
      const [number = 0] = numbers;
      const fault = number % 10 === 0 ? faults[(number / 10) % faults.length] : undefined;
      (fault?.[2] ?? well)(numbers, request, response);
    });
    const settings = { concurrency: 'fixed', capacity: 8, requestTimeoutMs: 300 } as const;
    const { outcomes, error } = await scored(transport, { count: 240, settings });
    assert.equal(error, undefined);
    assert.equal(outcomes.length, 240);
    for (const { candidate, error: kind, score, reason, modelVersion } of outcomes) {
      const number = Number(candidate.id.slice(1));
      if (number % 10 !== 0) {
        assert.deepEqual([kind, score], [undefined, scoreOf(number)]);
        assert.equal(modelVersion, 'AllTraffic');
      } else {
        const [what, expected] = faults[(number / 10) % faults.length] ?? [];
        assert.equal(kind, expected, `${what}: ${reason}`);
      }
    }
  });

  test(`${transport}: refused credentials end the run with 77`, async () => {
    server.treat(refusal(403, 'AccessDeniedException', { Message: 'not allowed' }));
    const { outcomes, error } = await scored(transport, { count: 50 });
    assert.ok(error instanceof FraudstreamError && error.exitCode === 77, String(error));
    assert.ok(outcomes.some(({ error: kind }) => kind === 'auth'));
  });

  test(`${transport}: an endpoint without TLS where TLS is expected ends the run, as tls`, async () => {
    const url = server.url.replace('http:', 'https:');
    const { outcomes, error } = await scored(transport, { count: 20 }, url);
    assert.ok(error instanceof FraudstreamError && error.exitCode === 69, String(error));
    assert.ok(outcomes.some(({ error: kind }) => kind === 'tls'));
  });

  test(`${transport}: nobody listens: connect, exit 69`, async () => {
    // Loads the client, which takes longer than a deadline where the machine is busy.
    await scored(transport, { count: 1 });
    const gone = await scoreServer();
    await gone.close();
    const settings = { timeoutMs: 2_000 };
    const { outcomes, error } = await scored(transport, { count: 20, settings }, gone.url);
    assert.ok(error instanceof FraudstreamError && error.exitCode === 69, String(error));
    assert.match(error.message, /ECONNREFUSED/);
    // The deadline may cut the last attempt short.
    const kinds = outcomes.map(({ error: kind = 'scored' }) => kind);
    for (const kind of kinds) assert.match(kind, /^(connect|timeout|aborted|dropped)$/);
  });

  test(`${transport}: the request is the one that SageMaker documents`, async () => {
    let seen: Record<string, unknown> = {};
    server.treat((numbers, request, response) => {
      seen = { ...request.headers, url: request.url, method: request.method };
      well(numbers, request, response);
    });
    await scored(transport, { count: 1 });
    assert.equal(seen.url, '/endpoints/fraud/invocations');
    assert.equal(seen.method, 'POST');
    assert.equal(seen['content-type'], 'application/jsonlines');
    assert.equal(seen.accept, 'text/csv');
    assert.equal(seen['x-amzn-sagemaker-target-variant'], 'blue');
    assert.match(String(seen.authorization), /us-east-1\/sagemaker\/aws4_request/);
  });

  test(`${transport}: an endpoint that dies and comes back: breaker, then scores, and nothing is lost`, async () => {
    let mortal = await scoreServer();
    const { port, url } = mortal;
    const dies = setTimeout(() => void mortal.close(), 500);
    const lives = setTimeout(async () => {
      mortal = await scoreServer(well, port);
    }, 2_500);
    try {
      const settings = { timeoutMs: 8_000, capacity: 16 };
      const course = { count: 900, perSecond: 200, settings };
      const { outcomes, error, traces } = await scored(transport, course, url);
      assert.equal(error, undefined);
      assert.equal(outcomes.length, 900);
      const failed = outcomes.filter(({ error: kind }) => kind !== undefined);
      assert.ok(failed.length < 60, `${failed.length} failed`);
      const atDead = traces.filter(({ error: kind }) => kind !== undefined);
      assert.ok(atDead.length > 0 && atDead.length < 120, `${atDead.length} requests`);
    } finally {
      clearTimeout(dies);
      clearTimeout(lives);
      await mortal.close();
    }
  });
}

test('stalls of 250 ms each second: the response shows them, the requests alone do not', async () => {
  const startedAt = systemClock.now();
  server.treat((numbers, request, response) => {
    const into = (systemClock.now() - startedAt) % 1_000;
    setTimeout(() => well(numbers, request, response), into < 250 ? 250 - into : 0);
  });
  const settings = { capacity: 16, concurrency: 'fixed' } as const;
  const course = { count: 3_000, perSecond: 1_000, settings, groupSize: 1 };
  const { outcomes, traces } = await scored('fast', course);
  const scoring = new Scoring(startedAt, 0);
  scoring.add(outcomes);
  for (const trace of traces) scoring.addRequest(trace);
  const { response, service, late, dropped, scored: count } = scoring.summary(3, unbounded);
  assert.equal(count, 3_000);
  assert.ok(response.p95Ms > 100, `response p95 ${response.p95Ms}`);
  assert.ok(service.p95Ms < response.p95Ms / 2, `service p95 ${service.p95Ms}`);
  assert.ok(late > 300 && dropped === 0, `${late} late, ${dropped} dropped`);
});

test('any URL: headers as given, no signature unless asked for, the query as it stands', async () => {
  let seen: Record<string, unknown> = {};
  server.treat((numbers, request, response) => {
    seen = { ...request.headers, url: request.url };
    well(numbers, request, response);
  });
  const base = { region: undefined, profile: undefined, contentType: 'a/b', accept: 'text/csv' };
  const header = new Map([['X-Api-Key', 'secret']]);
  const url = `${server.url}/prod/score?stage=a%20b&v=1`;
  const target = await gatewayTarget({ ...base, url, header, auth: 'auto' }, systemClock);
  const client = await fastClient(target, connection, systemClock);
  const { outcomes } = await scoredBy(client, systemClock, { count: 1 });
  await client.close();
  assert.equal(outcomes[0]?.error, undefined);
  assert.equal(seen.url, '/prod/score?stage=a%20b&v=1');
  assert.equal(seen['x-api-key'], 'secret');
  assert.equal(seen.authorization, undefined);
});
