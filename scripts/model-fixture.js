/** Makes fixtures/model again: a small booster of XGBoost, rows, and its margins. Argument: python with xgboost 1.7.6. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [python = 'python3'] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const to = join(root, 'fixtures', 'model');
const from = mkdtempSync(join(tmpdir(), 'fraudstream-model-'));
const FEATURES = 4;
execFileSync(python, [
  join(root, 'test', 'python', 'booster.py'),
  from,
  '24',
  String(FEATURES),
  '5',
  '3',
  '0.2',
]);
for (const name of ['model.json', 'model.ubj']) copyFileSync(join(from, name), join(to, name));
const floats = (name) => new Float32Array(new Uint8Array(readFileSync(join(from, name))).buffer);
const hex = (value) =>
  Buffer.from(new Float32Array([value]).buffer)
    .reverse()
    .toString('hex');
const values = Array.from(floats('rows.f32'));
const lines = Array.from(floats('margins.f32'), (margin, row) => {
  const features = values.slice(row * FEATURES, (row + 1) * FEATURES).map(hex);
  return JSON.stringify({ row: features, margin: hex(margin) });
});
writeFileSync(join(to, 'margins.ndjson'), `${lines.join('\n')}\n`);
rmSync(from, { recursive: true });
