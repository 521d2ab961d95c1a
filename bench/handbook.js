/**
 * Trains on the Fraud Detection Handbook's simulated data with our features, and tests by the Handbook's protocol.
 *
 *     npm run build && node bench/handbook.js FOLDER     the data folder of Fraud-Detection-Handbook/simulated-data-raw
 *     npm run build && node bench/handbook.js --sample   a generated sample in the same form: no bounds
 *
 * JSON on stdout, exit code 1 when a bound is broken. Wants Python with model/requirements.txt: FRAUDSTREAM_PYTHON, else python3.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atLeast, publish, skip } from './support/benchmark.js';

const bounds = { auc: 0.885, averagePrecision: 0.66, cardPrecisionAt100: 0.29 };
const root = join(import.meta.dirname, '..');
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const [data] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'fraudstream-handbook-'));
const run = (command, args) =>
  execFileSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 24 });
const script = (name, ...args) => run(python, [join(root, 'bench', 'handbook', name), ...args]);

if (data === undefined) {
  skip('Name the folder with the data of the Handbook, or --sample.');
} else {
  try {
    script('table.py', data, work);
    const [input, map] = [join(work, 'transactions.csv'), join(work, 'map.yaml')];
    const rows = join(work, 'rows.csv');
    const flags = ['--input', input, '--map', map, '--out', rows, '--progress', 'none'];
    run(process.execPath, [join(root, 'bin', 'fraudstream'), 'features', ...flags]);
    const windows = JSON.parse(script('protocol.py', rows).toString('utf8'));
    const test = windows.find(
      ({ purpose, trainedOnDays }) => purpose === 'test' && trainedOnDays > 7,
    );
    const isSample = data === '--sample';
    publish({
      settings: { data: isSample ? 'a generated sample' : 'the simulated data of the Handbook' },
      tables: [
        {
          title: "The Handbook's protocol, each window, by the days that are trained on",
          rows: windows,
        },
      ],
      bounds: isSample
        ? []
        : Object.entries(bounds).map(([figure, least]) => atLeast(figure, test[figure], least)),
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
