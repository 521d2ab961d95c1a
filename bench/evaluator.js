/**
 * Evaluates a booster of 200 trees of depth 6 on 100,000 rows of 20 features: ours, XGBoost, onnxruntime and treelite in Python.
 *
 * Run `npm run build && node bench/evaluator.js`: JSON on stdout, exit code 1 when a bound is missed. One thread each; tasks take turns,
 * figures are medians. XGBoost gets the rows as they are (inplace_predict), and as a DMatrix, which is what the SageMaker container does.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel } from '../dist/model/model.js';
import {
  alternating,
  atLeast,
  medians,
  publish,
  ratio,
  settings,
  skip,
} from './support/benchmark.js';
import { peer } from './support/peers.js';
import { timed } from './support/processes.js';

const ROWS = 100_000;
const BOUNDS = { rowsPerSecond: 300_000, over: 1 };
const given = settings({ runs: 3 }, { runs: 5 });
const python = await peer('boosters');
if (python.skipped !== undefined) skip(python.skipped);
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-bench-'));

try {
  const script = join(import.meta.dirname, '..', 'test', 'python', 'booster.py');
  await timed([...python.command, script, folder, ROWS, 20, 200, 6, 0.5]);
  const model = loadModel(readFileSync(join(folder, 'model.ubj')));
  const rows = new Float32Array(new Uint8Array(readFileSync(join(folder, 'rows.f32'))).buffer);
  const mid = medians(
    await alternating({ ours: () => ours(model, rows), theirs: () => theirs() }, given.runs),
  );
  const all = { ...mid.ours, ...mid.theirs };
  const row = (evaluator, many, one) => ({
    evaluator,
    'rows/s, all rows together': many,
    'over ours': many / all.many,
    'rows/s, a row at a time': one,
  });
  const over = {
    'XGBoost, inplace_predict': all.many / all.inplace,
    onnxruntime: all.many / all.onnx,
    'treelite, GTIL': all.many / all.treelite,
  };
  publish({
    settings: {
      ...given,
      rows: ROWS,
      trees: 200,
      depth: 6,
      features: 20,
      versions: python.version,
    },
    tables: [
      {
        title: 'A booster of 200 trees of depth 6 on one thread',
        rows: [
          row('ours', all.many, all.oneByOne),
          row('XGBoost, inplace_predict', all.inplace, all.inplaceOneByOne),
          row('XGBoost, DMatrix and predict', all.dmatrix, Number.NaN),
          row('onnxruntime', all.onnx, all.onnxOneByOne),
          row('treelite, GTIL', all.treelite, all.treeliteOneByOne),
        ],
      },
    ],
    ratios: Object.entries(over).map(([name, value]) => ratio(`over ${name}`, value)),
    bounds: [
      atLeast('rows/s', all.many, BOUNDS.rowsPerSecond),
      ...Object.entries(over).map(([name, value]) => atLeast(`over ${name}`, value, BOUNDS.over)),
    ],
  });
} finally {
  rmSync(folder, { recursive: true });
}

function ours(model, rows) {
  const out = new Float32Array(ROWS);
  const one = new Float32Array(1);
  const width = model.featureNames.length;
  let startedAt = performance.now();
  model.margins(rows, ROWS, out);
  const many = (1000 * ROWS) / (performance.now() - startedAt);
  const some = ROWS / 10;
  startedAt = performance.now();
  for (let row = 0; row < some; row += 1) {
    model.margins(rows.subarray(row * width, (row + 1) * width), 1, one);
  }
  return { many, oneByOne: (1000 * some) / (performance.now() - startedAt) };
}

async function theirs() {
  const script = join(import.meta.dirname, 'support', 'boosters.py');
  const { stdout } = await timed([...python.command, script, folder], {
    env: { OMP_NUM_THREADS: '1' },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
