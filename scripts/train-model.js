/**
 * Makes the model again, from a seed to the artifact: npm run model [-- folder].
 *
 *     folder/model.tar.gz     what the XGBoost container of SageMaker loads
 *     folder/metrics.json     how good it is
 *     folder/MODEL_CARD.md    the same for people
 *     folder/check.csv        rows of features, and their scores by XGBoost
 * Without a folder it writes model/artifact and assets/model.ubj, which the local endpoint loads.
 * Wants Python with model/requirements.txt: FRAUDSTREAM_PYTHON, else python3.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { featureSpecification } from '../dist/features/manifest.js';

const ROWS = '1M';
const SEED = '1';
const root = join(import.meta.dirname, '..');
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const [given] = process.argv.slice(2);
const target = given ?? join(root, 'model', 'artifact');
const work = mkdtempSync(join(tmpdir(), 'fraudstream-model-'));
const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 2, 2] });
const script = (name, ...args) => run(python, [join(root, 'model', name), ...args]);

try {
  mkdirSync(target, { recursive: true });
  const rows = join(work, 'rows.csv');
  const flags = ['--count', ROWS, '--seed', SEED, '--out', rows];
  run(process.execPath, [join(root, 'bin', 'fraudstream'), 'features', ...flags]);
  const [model, data] = [join(work, 'model'), join(work, 'data')];
  const about = ['--feature-specification', featureSpecification];
  const version = ['--model-version', `fraudstream-${SEED}-${featureSpecification.slice(0, 8)}`];
  const places = ['--model-dir', model, '--output-data-dir', data];
  script('train.py', '--train', rows, ...places, ...about, ...version);
  script('pack.py', model, join(target, 'model.tar.gz'));
  script('card.py', join(data, 'metrics.json'), join(target, 'MODEL_CARD.md'));
  for (const file of ['metrics.json', 'check.csv']) {
    copyFileSync(join(data, file), join(target, file));
  }
  if (given === undefined) {
    copyFileSync(join(model, 'xgboost-model'), join(root, 'assets', 'model.ubj'));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
