import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { loadModel } from '../../dist/model/model.js';
import { fixtures } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const isReady = spawnSync(python, ['-c', 'import numpy, xgboost']).status === 0;
const skip =
  isReady || process.env.FRAUDSTREAM_REQUIRE_ALL === '1'
    ? false
    : `${python} lacks xgboost: pip install -r test/python/requirements.txt`;
const place = folder('evaluator');
const script = join(fixtures, '..', 'test', 'python', 'booster.py');
const floats = (path: string): Float32Array =>
  new Float32Array(new Uint8Array(readFileSync(path)).buffer);

function folderOf(index: number): string {
  const own = join(place, `${index}`);
  mkdirSync(own);
  return own;
}

/** Rows, features, trees, depth, base score. */
const models = [
  ['20000', '20', '200', '6', '0.5'],
  ['5000', '7', '3', '3', '0.1'],
  ['5000', '7', '1', '9', '0.002'],
  ['5000', '7', '34', '1', '0.9'],
] as const;

describe('margins are those of XGBoost, to the last bit', { skip }, () => {
  // One process for all: loading XGBoost takes longer than training the small ones.
  before(() => {
    const words = models.flatMap((shape, index) => [folderOf(index), ...shape]);
    // Threads that wait for one another by turning take the cores from other tests.
    execFileSync(python, [script, ...words], { env: { ...process.env, OMP_NUM_THREADS: '1' } });
  });
  for (const [index, shape] of models.entries()) {
    test(`${shape[0]} rows of ${shape[1]} features, ${shape[2]} trees of depth ${shape[3]}, base ${shape[4]}`, () => {
      const own = join(place, `${index}`);
      const rows = floats(join(own, 'rows.f32'));
      const wanted = new Int32Array(floats(join(own, 'margins.f32')).buffer);
      for (const form of ['model.json', 'model.ubj']) {
        const model = loadModel(readFileSync(join(own, form)));
        assert.equal(model.trees, Number(shape[2]));
        assert.deepEqual(
          [model.version, model.threshold, model.featureSpecification],
          ['7', 0.25, 'abc'],
        );
        const out = new Float32Array(wanted.length);
        model.margins(rows, wanted.length, out);
        const found = new Int32Array(out.buffer);
        const other = found.findIndex((bits, row) => bits !== wanted[row]);
        assert.equal(other, -1, `${form}, row ${other}: ${out[other]}`);
      }
    });
  }
});
