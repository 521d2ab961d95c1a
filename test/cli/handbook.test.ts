import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { fixtures } from '../support/fraudstream.ts';
import { lacksTraining } from '../support/python.ts';

const skip = lacksTraining('pandas', 'sklearn', 'xgboost');

test('the benchmark of the Handbook runs on a generated sample, and measures every window', {
  skip,
}, async () => {
  const script = join(fixtures, '..', 'bench', 'handbook.js');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--sample']);
  const { benchmark, tables, bounds } = JSON.parse(stdout);
  assert.deepEqual([benchmark, bounds], ['handbook', []]);
  const [{ rows }] = tables;
  // Eleven windows, after seven days of training and after 28.
  assert.equal(rows.length, 22);
  for (const { trainedOnDays: _, purpose, window, ...figures } of rows) {
    assert.deepEqual(Object.keys(figures), ['auc', 'averagePrecision', 'cardPrecisionAt100']);
    for (const [name, figure] of Object.entries<number>(figures)) {
      assert.ok(figure >= 0 && figure <= 1, `${purpose} ${window}: ${name} is ${figure}`);
    }
  }
});
