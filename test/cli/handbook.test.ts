import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { fixtures } from '../support/fraudstream.ts';

const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const isReady = spawnSync(python, ['-c', 'import pandas, sklearn, xgboost']).status === 0;
const skip =
  isReady || process.env.FRAUDSTREAM_REQUIRE_ALL
    ? false
    : `${python} lacks xgboost or pandas: pip install -r model/requirements.txt`;

test('the benchmark of the Handbook runs on a generated sample, and measures every window', {
  skip,
}, async () => {
  const script = join(fixtures, '..', 'bench', 'handbook.js');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--sample']);
  const { benchmark, windows, holds } = JSON.parse(stdout);
  assert.deepEqual([benchmark, holds], ['handbook', true]);
  assert.deepEqual(
    Object.values<object>(windows).map((each) => Object.keys(each).length),
    [4, 1, 3],
  );
  for (const figures of Object.values<object>(windows).flatMap((each) => Object.values(each))) {
    for (const [name, figure] of Object.entries(figures as object)) {
      assert.ok(figure >= 0 && figure <= 1, `${name} is ${figure}`);
    }
  }
});
