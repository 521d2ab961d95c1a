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
const run = (command, args, env = {}) =>
  execFileSync(command, args, { stdio: ['ignore', 2, 2], env: { ...process.env, ...env } });
/** Rows before have no past yet; between the windows are the frauds that were not reported in time. */
const windows = [
  ...['--train-from', '2026-01-05T15:21:10Z', '--train-until', '2026-01-30T19:25:54Z'],
  ...['--validate-from', '2026-02-02T15:13:00Z', '--validate-until', '2026-02-09T00:32:05Z'],
  ...['--test-from', '2026-02-10T17:13:30.400Z', '--label-delay', '1d'],
];

try {
  mkdirSync(target, { recursive: true });
  const rows = join(work, 'rows.csv');
  const flags = ['--count', ROWS, '--seed', SEED, '--out', rows];
  run(process.execPath, [join(root, 'bin', 'fraudstream'), 'features', ...flags]);
  const model = join(work, 'model');
  const version = `fraudstream-${SEED}-${featureSpecification.slice(0, 8)}`;
  const about = ['--feature-specification', featureSpecification, '--model-version', version];
  const files = [
    ...['--out', join(target, 'model.tar.gz'), '--report', join(work, 'report.html')],
    ...['--model-dir', model, '--check', join(target, 'check.csv')],
  ];
  const train = ['-m', 'fraudstream_model', 'train', rows, ...windows, ...about, ...files];
  run(python, [...train, '--baselines'], { PYTHONPATH: join(root, 'model') });
  copyFileSync(join(model, 'meta', 'metrics.json'), join(target, 'metrics.json'));
  run(python, [
    join(root, 'model', 'card.py'),
    join(target, 'metrics.json'),
    join(target, 'MODEL_CARD.md'),
  ]);
  if (given === undefined) {
    copyFileSync(join(model, 'xgboost-model'), join(root, 'assets', 'model.ubj'));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
