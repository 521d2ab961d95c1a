import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { XGBOOST_TAG } from '../lib/scoring/xgboost-image.ts';
import { has, python, root, shell } from './tools.ts';

test('model.tar.gz is loaded as the container loads it, by its version of XGBoost, and scores as it did when trained', async (context) => {
  if (!(await has(context, python, ['-c', 'import xgboost']))) return;
  const script = join(import.meta.dirname, 'model_archive.py');
  const artifact = join(root, 'model', 'artifact');
  const args = [script, join(artifact, 'model.tar.gz'), join(artifact, 'check.csv')];
  const { stdout } = await shell(python, args);
  const seen = JSON.parse(stdout);
  assert.ok(seen.xgboost.startsWith(`${XGBOOST_TAG.split('-')[0]}.`), seen.xgboost);
  assert.equal(seen.models.length, 1, 'several would be averaged');
  assert.equal(seen.features, seen.columns);
  assert.ok(seen.wanted.length > 0);
  assert.deepEqual(seen.scores.map(Math.fround), seen.wanted.map(Math.fround));
});
