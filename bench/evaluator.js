/**
 * Evaluates a booster of 200 trees of depth 6 on 100,000 rows of 20 features, ours against XGBoost and onnxruntime in Python.
 *
 * Run `npm run build && FRAUDSTREAM_PYTHON=... node bench/evaluator.js` with a Python that has xgboost 1.7.6, onnxmltools and
 * onnxruntime: JSON on stdout, exit code 1 when a bound is broken. One thread each; tasks take turns, figures are medians.
 * XGBoost gets the rows at once as they are (inplace_predict), and as a DMatrix, which is what the SageMaker container does.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel } from '../dist/model/model.js';
import { median } from './support/median.js';

const RUNS = 5;
const ROWS = 100_000;
const bounds = { rowsPerSecond: 300_000, overXgboost: 1, overOnnxruntime: 1 };
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-bench-'));
const peer = `
import sys, time, numpy as np, xgboost
b = xgboost.Booster({"nthread": 1}); b.load_model(sys.argv[1] + "/model.ubj"); b.set_param("nthread", 1)
t = np.fromfile(sys.argv[1] + "/rows.f32", "<f4").reshape(-1, 20); t[np.isinf(t)] = 9
s = time.perf_counter(); b.inplace_predict(t); a = time.perf_counter() - s
s = time.perf_counter(); b.predict(xgboost.DMatrix(t, nthread=1)); d = time.perf_counter() - s
s = time.perf_counter(); [b.inplace_predict(t[i:i + 1]) for i in range(500)]; o = time.perf_counter() - s
import onnxruntime
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
kinds = [("rows", FloatTensorType([None, 20]))]
# Its names have to be f0, f1, ...; the peer converts no boosters with feature names of their own.
b.feature_names = None
limits = onnxruntime.SessionOptions(); limits.intra_op_num_threads = 1; limits.inter_op_num_threads = 1
n = onnxruntime.InferenceSession(convert_xgboost(b, initial_types=kinds).SerializeToString(), limits, ["CPUExecutionProvider"])
outputs = [n.get_outputs()[1].name]
s = time.perf_counter(); n.run(outputs, {"rows": t}); x = time.perf_counter() - s
s = time.perf_counter(); [n.run(outputs, {"rows": t[i:i + 1]}) for i in range(500)]; y = time.perf_counter() - s
print(len(t) / a, len(t) / d, 500 / o, len(t) / x, 500 / y)
`;

try {
  const script = join(import.meta.dirname, '..', 'test', 'python', 'booster.py');
  execFileSync(python, [script, folder, String(ROWS), '20', '200', '6', '0.5']);
  const model = loadModel(readFileSync(join(folder, 'model.ubj')));
  const rows = new Float32Array(new Uint8Array(readFileSync(join(folder, 'rows.f32'))).buffer);
  const runs = Array.from({ length: RUNS }, () => ({ ...ours(model, rows), ...theirs() }));
  const of = (name) => Math.round(median(runs.map((run) => run[name])));
  const names = [
    'many',
    'oneByOne',
    'inplace',
    'dmatrix',
    'inplaceOneByOne',
    'onnx',
    'onnxOneByOne',
  ];
  const rowsPerSecond = Object.fromEntries(names.map((name) => [name, of(name)]));
  const overXgboost = Number((rowsPerSecond.many / rowsPerSecond.inplace).toFixed(2));
  const overOnnxruntime = Number((rowsPerSecond.many / rowsPerSecond.onnx).toFixed(2));
  const holds =
    rowsPerSecond.many >= bounds.rowsPerSecond &&
    overXgboost >= bounds.overXgboost &&
    overOnnxruntime >= bounds.overOnnxruntime;
  console.log(
    JSON.stringify({ rowsPerSecond, overXgboost, overOnnxruntime, bounds, holds }, null, 2),
  );
  process.exitCode = holds ? 0 : 1;
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

function theirs() {
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const said = execFileSync(python, ['-c', peer, folder], { encoding: 'utf8', env });
  const [inplace, dmatrix, inplaceOneByOne, onnx, onnxOneByOne] = said
    .trim()
    .split(/\s+/)
    .slice(-5)
    .map(Number);
  return { inplace, dmatrix, inplaceOneByOne, onnx, onnxOneByOne };
}
