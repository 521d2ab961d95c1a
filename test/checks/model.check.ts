import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { featureSpecification } from '../../dist/features/manifest.js';
import { loadModel } from '../../dist/model/model.js';
import { lacksTraining } from '../support/python.ts';

const root = join(import.meta.dirname, '..', '..');
const shipped = join(root, 'model', 'artifact');
const skip = lacksTraining('pandas', 'sklearn', 'xgboost');
/** How much better the model has to be, in average precision. */
const MARGINS = { logistic_regression: 0.15, without_ip: 0.08 } as const;
/** What another machine may make of the same seed. */
const TOLERANCE = 0.01;

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');
const bits = (value: number): number => new Uint32Array(new Float32Array([value]).buffer)[0] ?? 0;

test('the shipped model scores the rows that were kept as XGBoost did, to the last bit of the margin', () => {
  const model = loadModel(readFileSync(join(root, 'assets', 'model.ubj')));
  assert.equal(model.featureSpecification, featureSpecification, 'run npm run model');
  const [header = '', ...lines] = read(shipped, 'check.csv').trim().split('\n');
  assert.deepEqual(header.split(',').slice(0, -2), model.featureNames);
  const width = model.featureNames.length;
  const cells = lines.map((line) =>
    line.split(',').map((cell) => (cell === '' ? NaN : Number(cell))),
  );
  const rows = Float32Array.from(cells.flatMap((row) => row.slice(0, width)));
  const margins = new Float32Array(lines.length);
  model.margins(rows, lines.length, margins);
  const expected = cells.map((row) => row[width] ?? NaN);
  assert.ok(lines.length >= 200);
  assert.deepEqual([...margins].map(bits), expected.map(bits));
});

test('the model beats the logistic regression and itself without source IP by the margins of its card', () => {
  const metrics = JSON.parse(read(shipped, 'metrics.json'));
  for (const [name, margin] of Object.entries(MARGINS)) {
    const ahead = metrics.model.average_precision - metrics[name].average_precision;
    assert.ok(ahead >= margin, `${ahead} ahead of ${name}`);
    assert.match(read(shipped, 'MODEL_CARD.md'), new RegExp(`${margin} more`));
  }
  assert.ok(metrics.model.expected_calibration_error < 0.02);
});

test('one command makes the shipped model again', { skip }, () => {
  const made = mkdtempSync(join(tmpdir(), 'fraudstream-model-check-'));
  try {
    const script = join(root, 'scripts', 'train-model.js');
    execFileSync(process.execPath, [script, made], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [old, fresh] = [shipped, made].map((folder) => JSON.parse(read(folder, 'metrics.json')));
    for (const figure of ['average_precision', 'roc_auc', 'card_precision_at_100', 'brier']) {
      const away = Math.abs(old.model[figure] - fresh.model[figure]);
      assert.ok(away <= TOLERANCE, `${figure} is ${away} away`);
    }
    assert.equal(read(made, 'check.csv'), read(shipped, 'check.csv'));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
});
