import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fraudstream } from '../support/fraudstream.ts';

const root = join(import.meta.dirname, '..', '..');

test('demo: every transaction has a verdict, judged against the truth, the most suspicious with reasons', async () => {
  const { out: stdout, code } = await fraudstream([
    ...['demo', '--count', '6000', '--rate', 'max', '--seed', '7', '--fraud-rate', '2%'],
    ...['--output', 'json', '--progress', 'none'],
  ]);
  assert.equal(code, 0);
  const report = JSON.parse(stdout);
  assert.equal(report.reconciliation.consumed, 6000);
  assert.equal(report.reconciliation.duplicates, 0);
  assert.equal(report.engine.scoring.scored, 6000);
  const { labelled, true_positives, false_negatives, frauds } = report.quality;
  assert.equal(labelled, 6000);
  assert.equal(true_positives + false_negatives, frauds);
  assert.ok(report.quality.roc_auc > 0.8);
  assert.equal(report.suspects.length, 10);
  for (const { reasons, score } of report.suspects) {
    assert.ok(score > report.quality.threshold);
    assert.ok(reasons.length > 0);
  }
});

test('score --local: the features are computed, and the threshold is that of the model', async () => {
  const {
    out: stdout,
    err: stderr,
    code,
  } = await fraudstream([
    ...['score', '--local', '--count', '500', '--seed', '3', '--progress', 'none'],
  ]);
  assert.equal(code, 0, stderr);
  const verdicts = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(verdicts.length, 500);
  const metrics = JSON.parse(readFileSync(join(root, 'model', 'artifact', 'metrics.json'), 'utf8'));
  assert.equal(verdicts[0].threshold, metrics.threshold);
  assert.ok(new Set(verdicts.map(({ score }) => score)).size > 50);
  assert.match(stderr, /500 = 500 scored/);
});

test('the foreign file scores by its mapping, and its labelled rows are judged', async () => {
  const folder = join(root, 'fixtures', 'foreign');
  const { out: stdout, code } = await fraudstream([
    ...['score', '--local', '--input', join(folder, 'afd_transactions_2k.csv')],
    ...['--map', join(folder, 'afd.yaml'), '--output', 'json', '--progress', 'none'],
  ]);
  assert.equal(code, 0);
  const { scoring, quality } = JSON.parse(stdout);
  assert.equal(scoring.scored, 1611);
  assert.equal(quality.labelled, 810);
  assert.equal(quality.frauds, 95);
});

test('the endpoint of score --local has the trouble that is asked for, and every transaction its outcome', async () => {
  const faults = ['--endpoint-fault', 'model400=1', '--count', '50', '--output', 'json'];
  const { code, out } = await fraudstream(['score', '--local', ...faults]);
  assert.equal(code, 75);
  const { scored, failed, unscored, failures } = JSON.parse(out).scoring;
  assert.deepEqual([scored, failed, unscored], [0, 50, 0], JSON.stringify(failures));
});
