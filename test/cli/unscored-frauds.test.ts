import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { fixtures, fraudstream } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const place = folder('unscored-frauds');
const at = (name: string): string => join(place, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

const day = join(fixtures, 'transactions', 'day.ndjson');
const lines = readFileSync(day, 'utf8').trim().split('\n').slice(0, 40);
const ids = lines.map((line): string => JSON.parse(line).transaction_id);
const input = at('input.ndjson');
writeFileSync(input, `${lines.join('\n')}\n`);
/** Every fourth is a fraud. */
const labels = at('input.labels.ndjson');
const truth = (id: string, isFraud: boolean): string =>
  `${JSON.stringify({ transaction_id: id, is_fraud: isFraud, fraud_scenario: isFraud ? 'card_testing' : null })}\n`;
const [firstLabel = ''] = readFileSync(
  join(fixtures, 'transactions', 'day.labels.ndjson'),
  'utf8',
).split('\n');
const form = JSON.parse(firstLabel);
writeFileSync(
  labels,
  ids
    .map((id, place) => {
      const known = JSON.parse(truth(id, place % 4 === 0));
      return `${JSON.stringify({ ...form, ...known })}\n`;
    })
    .join(''),
);

test('frauds without a score are missed in quality, and quality_of_scored stands beside it, in every form', async () => {
  // One answer in two: of the frauds, which are the first, fifth and so on, half get a score of 0.9.
  let seen = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      seen += 1;
      const isRefused = seen % 8 === 1;
      response.writeHead(isRefused ? 400 : 200, { 'content-type': 'text/csv' });
      response.end(isRefused ? 'no' : '0.9\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const endings = ['json', 'html', 'md', 'xml', 'prom', 'csv', 'emf'];
  const reports = endings.flatMap((ending) => ['--report', at(`score.${ending}`)]);
  const { code, out, err } = await fraudstream([
    ...['score', '--url', url, '--auth', 'none', '--input', input, '--labels', labels],
    ...['--batch-rows', '1', '--capacity', '1', '--rate', '100', '--progress', 'none'],
    ...['--output', 'human', '--fail-if', 'quality.recall < 0.6', ...reports],
  ]);
  assert.equal(code, 75, err);
  const { quality, quality_of_scored: scored, thresholds } = JSON.parse(text('score.json'));
  assert.deepEqual(
    [quality.labelled, quality.frauds, quality.missed_unscored, quality.recall],
    [40, 10, 5, 0.5],
  );
  assert.equal(quality.false_negatives, 5);
  assert.deepEqual([scored.labelled, scored.frauds, scored.recall], [35, 5, 1]);
  assert.equal(thresholds[0].passed, false, 'recall < 0.6');
  assert.match(
    out,
    /10 frauds among 40 labelled; 5 got no score, the 5 frauds of these count as missed/,
  );
  assert.match(out, /Of the scored +5 frauds among 35: .*recall 100 %/);
  for (const ending of ['html', 'md']) {
    assert.match(
      text(`score.${ending}`),
      /5 frauds among them, which count as missed. Among those scored: .*recall 100 %/,
    );
  }
  assert.match(text('score.prom'), /^fraudstream_quality_recall\{[^}]*\} 0\.5$/m);
  assert.match(text('score.prom'), /^fraudstream_quality_of_scored_recall\{[^}]*\} 1$/m);
  assert.match(text('score.emf'), /"quality_of_scored\.recall":1[,}]/);
  assert.match((await fraudstream(['report', at('score.json')])).out, /recall of scored +100 %/);
  const again = await fraudstream(['report', at('score.json'), '--fail-if', 'f1 > 2']);
  assert.doesNotMatch(again.err, /may mean/, 'a short name means that of the whole');
});

test('where no fraud got a score, quality is told all the same, and recall is 0', async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(400).end('no'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { code, out } = await fraudstream([
    ...['score', '--url', url, '--auth', 'none', '--input', input, '--labels', labels],
    ...['--rate', 'max', '--progress', 'none', '--output', 'human'],
    ...[
      '--fail-if',
      'quality.recall < 0.2',
      '--report',
      at('none.json'),
      '--report',
      at('none.html'),
    ],
  ]);
  assert.equal(code, 75);
  assert.match(out, /FAILED {2}quality\.recall < 0\.2/);
  const { quality, quality_of_scored: scored } = JSON.parse(text('none.json'));
  assert.deepEqual(
    [quality.frauds, quality.recall, scored.frauds, scored.recall],
    [10, 0, 0, null],
  );
  assert.match(text('none.html'), /count as missed/);
});

test('a report of an earlier version counts its frauds without a score as missed', async () => {
  const { quality, quality_of_scored: _, ...rest } = JSON.parse(text('score.json'));
  const { unscored_genuine: __, ...known } = quality;
  const earlier = { ...known, frauds: 5, labelled: 35, false_negatives: 0, recall: 1 };
  writeFileSync(at('earlier.json'), JSON.stringify({ ...rest, quality: earlier }));
  await fraudstream(['report', at('earlier.json'), '--report', at('now.json')]);
  const now = JSON.parse(text('now.json'));
  assert.deepEqual([now.quality.frauds, now.quality.recall], [10, 0.5]);
  assert.equal(now.quality_of_scored.recall, 1);
});

test('run does not blame labels where the stream of verdicts is not there', async () => {
  const kinesis = await startEmbeddedKinesis({ streams: { a: 1 } });
  after(() => kinesis.close());
  const { code, err } = await fraudstream(
    [
      ...['run', '--kinesis-endpoint-url', kinesis.url, '--stream', 'a', '--verdict-stream', 'b'],
      ...['--input', input, '--labels', labels, '--progress', 'none'],
    ],
    { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' },
  );
  assert.equal(code, 69, err);
  assert.match(err, /Stream "b" was not found/);
  assert.doesNotMatch(err, /--labels/);
});
