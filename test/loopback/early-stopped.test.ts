import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Container } from '../../dist/emulators/sagemaker/container/container.js';
import { loadModel } from '../../dist/model/model.js';
import { offlineModel } from '../../dist/pipeline-test/offline-model.js';
import { fixtures, fraudstream } from '../support/fraudstream.ts';
import { folder, linesOf } from '../support/recordings.ts';

/** A booster, rows of features, and the scores that the container of its version gives; float32 in hexadecimal. */
interface Vector {
  readonly model: string;
  readonly rows: readonly (readonly string[])[];
  readonly scores: readonly string[];
}

const from = join(fixtures, 'model', 'early-stopped');
const vectors: readonly Vector[] = linesOf(readFileSync(join(from, 'margins.ndjson'), 'utf8')).map(
  (line) => JSON.parse(line),
);
const floatOf = (bits: string): number => Buffer.from(bits, 'hex').readFloatBE();
const bitsOf = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes.toString('hex');
};
const given = (rows: Vector['rows']): readonly (readonly (number | null)[])[] =>
  rows.map((row) => row.map(floatOf).map((value) => (Number.isNaN(value) ? null : value)));

for (const { model, rows, scores } of vectors) {
  test(`${model}: the container of up and of the Lambda function, and --parity, score as XGBoost does`, async () => {
    const path = join(from, model);
    const container = new Container(loadModel(readFileSync(path)));
    const body = Buffer.from(
      given(rows)
        .map((row) => row.join(','))
        .join('\n'),
    );
    const answer = container.invoke({ body, contentType: 'text/csv', accept: 'text/csv' });
    assert.equal(answer.status, 200, answer.body);
    assert.deepEqual(answer.body.trim().split(/[\n,]/).map(Number).map(bitsOf), scores);
    const offline = await offlineModel(path, 'public');
    assert.deepEqual([...offline.recomputed(given(rows))].map(bitsOf), scores);
  });
}

test('score --local --model scores with the rounds of the best one, from features that are given', async () => {
  const [vector] = vectors.filter(({ model }) => model === '1.5.2-classifier.json');
  const { model = '', rows = [], scores = [] } = vector ?? {};
  const place = folder('early-stopped');
  const { out } = await fraudstream(['generate', '--count', String(rows.length), '--seed', '3']);
  const lines = linesOf(out).map((line, at) =>
    JSON.stringify({ ...JSON.parse(line), features: given(rows)[at] }),
  );
  writeFileSync(join(place, 'given.ndjson'), lines.join('\n'));
  const flags = ['--features', 'given', '--input', join(place, 'given.ndjson'), '--ordered'];
  const scored = await fraudstream(['score', '--local', '--model', join(from, model), ...flags]);
  assert.equal(scored.code, 0, scored.err);
  const found = linesOf(scored.out).map((line) => bitsOf(JSON.parse(line).score));
  assert.deepEqual(found, scores);
});
