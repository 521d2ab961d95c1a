import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { started } from '../support/embedded.ts';
import { type Ended, fraudstream, local } from '../support/fraudstream.ts';
import { type ScoreServer, scoreServer, type Treatment } from '../support/score-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-answers-'));
let server: ScoreServer;
before(async () => {
  server = await scoreServer();
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const ROWS = 20;
const score = ['score', '--count', String(ROWS), '--rate', 'max', '--batch-rows', '1'];
const form = ['--features', 'raw', '--content-type', 'application/jsonlines'];
const json = ['--output', 'json', '--progress', 'none'];

async function scored(treatment: Treatment, ...more: readonly string[]): Promise<Ended> {
  server.treat(treatment);
  return fraudstream([...score, ...form, '--url', server.url, ...json, ...more], local);
}

/** One score of 0.5 for each row of a request, which has one. */
const answering =
  (body: Uint8Array | string, headers: Readonly<Record<string, string>>, status = 200): Treatment =>
  (_numbers, _request, response) => {
    response.writeHead(status, headers).end(body);
  };

const csv = { 'content-type': 'text/csv' };
const codings: Readonly<Record<string, Buffer>> = {
  gzip: gzipSync('0.5'),
  deflate: deflateSync('0.5'),
  br: brotliCompressSync('0.5'),
  'deflate, gzip': gzipSync(deflateRawSync('0.5')),
};
for (const [coding, body] of Object.entries(codings)) {
  test(`an answer in ${coding} is read`, async () => {
    const ended = await scored(answering(body, { ...csv, 'content-encoding': coding }));
    assert.equal(ended.code, 0, ended.err);
    assert.equal(JSON.parse(ended.out).scoring.scored, ROWS);
  });
}

test('a compressed answer that unpacks without end, is damaged or unknown is a bad response', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
  for (const [body, coding] of [
    [bomb, 'gzip'],
    [Buffer.from('0.5'), 'gzip'],
    [Buffer.from('0.5'), 'zstd'],
  ] as const) {
    const ended = await scored(
      answering(body, { ...csv, 'content-encoding': coding }),
      ...['--timeout', '3s'],
    );
    const { failures_by_kind: kinds } = JSON.parse(ended.out).scoring;
    assert.equal(ended.code, 69, ended.err);
    assert.match(ended.err, /larger than|cannot be read/);
    assert.equal(kinds[0].code, 'bad_response');
  }
});

test('a redirect is not followed, and its Location is shown', async () => {
  const headers = { location: 'https://elsewhere.example/score' };
  const ended = await scored(answering('', headers, 308), '--timeout', '3s');
  assert.equal(ended.code, 75, ended.err);
  assert.match(ended.out, /redirect to https:\/\/elsewhere\.example\/score/);
});

test('Retry-After is waited for, in seconds and as a date, up to the deadline', async () => {
  const later = (): string => new Date(Date.now() + 3_000).toUTCString();
  for (const wait of [() => '2', later]) {
    let refusedAt = 0;
    let answeredAt = 0;
    const ended = await scored(
      (_numbers, _request, response) => {
        if (refusedAt === 0) {
          refusedAt = Date.now();
          response.writeHead(429, { 'retry-after': wait() }).end();
        } else {
          answeredAt = Date.now();
          response.writeHead(200, csv).end('0.5');
        }
      },
      ...['--count', '1'],
    );
    assert.equal(ended.code, 0, ended.err);
    assert.ok(answeredAt - refusedAt >= 1_900, `${wait()}: ${answeredAt - refusedAt} ms`);
  }
  const ended = await scored(answering('', { 'retry-after': '3600' }, 429), '--timeout', '3s');
  assert.equal(ended.code, 75, ended.err);
  assert.equal(JSON.parse(ended.out).scoring.retries, 0);
});

test('user and password of --url are sent as Basic authorization, and shown nowhere', async () => {
  const seen = new Set<string | undefined>();
  server.treat((_numbers, request, response) => {
    seen.add(request.headers.authorization);
    response.writeHead(200, csv).end('0.5');
  });
  const url = server.url.replace('//', '//me:p%40ssword@');
  const ended = await fraudstream([...score, ...form, '--url', url, ...json], local);
  assert.equal(ended.code, 0, ended.err);
  assert.deepEqual([...seen], [`Basic ${Buffer.from('me:p@ssword').toString('base64')}`]);
  assert.doesNotMatch(ended.out + ended.err, /p%40ssword|p@ssword/);
  const both = ['--url', url, '--header', 'authorization:Bearer x'];
  const twice = await fraudstream([...score, ...form, ...both], local);
  assert.equal(twice.code, 2, twice.err);
  assert.match(twice.err, /one authorization/);
});

test('headers that HTTP cannot send are refused before anything is sent', async () => {
  const before = server.requests();
  for (const header of ['bad name:x', 'x-ü:1', 'transfer-encoding:chunked', 'x-key:a\u0001b']) {
    const ended = await scored(answering('0.5', csv), '--header', header);
    assert.equal(ended.code, 2, `${header}: ${ended.err}`);
    assert.match(ended.err, /--header/);
  }
  assert.equal(server.requests(), before);
});

test('a time-out names the flag to raise', async () => {
  const ended = await scored(() => undefined, '--request-timeout', '300ms', '--timeout', '1s');
  assert.match(ended.err, /--request-timeout/);
});

test('the region of a stream is that of its ARN', async () => {
  const kinesis = await started({ region: 'eu-west-1' });
  const arn = 'arn:aws:kinesis:eu-west-1:000000000000:stream/transactions';
  const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  const ended = await fraudstream(['doctor', '--stream', arn], env);
  assert.equal(ended.code, 0, ended.out);
  assert.match(ended.out, /region +eu-west-1/);
  const wrong = await fraudstream(['doctor', '--stream', 'arn:aws:sqs:eu-west-1:1:x'], env);
  assert.match(wrong.out + wrong.err, /not the ARN of a Kinesis stream/);
});

test('reading more than ten shards warns of nothing', async () => {
  const kinesis = await started({ streams: { transactions: 24 } });
  const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  const reading = ['consume', '--from', 'trim-horizon', '--idle-timeout', '1s'];
  const { code, err } = await fraudstream([...reading, '--progress', 'none'], env);
  assert.equal(code, 0, err);
  assert.doesNotMatch(err, /Warning|leak/);
});

test('a comparison says which settings differ, and JUnit and GitHub why records failed', async () => {
  const [before, now, xml] = ['before.json', 'now.json', 'now.xml'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await scored(answering('0.5', csv), '--report', before);
  await scored(answering('<html>', csv), '--report', now, '--batch-rows', '2');
  const { out } = await fraudstream(['report', now, '--baseline', before]);
  assert.match(out, /settings differ.*batch-rows 2 instead of 1/);
  const why = /could not be scored \(bad_response 20\)/;
  const github = await fraudstream(['report', now, '--output', 'github']);
  assert.match(github.out, why);
  await fraudstream(['report', now, '--report', xml]);
  assert.match(readFileSync(xml, 'utf8'), why);
});
