import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtures } from '../support/fraudstream.ts';
import { lacksTraining, python } from '../support/python.ts';
import { folder } from '../support/recordings.ts';

const skip = lacksTraining('pandas', 'pyarrow', 'sklearn', 'xgboost');

/** Exit code, and what the message must say. */
const wanted: Readonly<Record<string, readonly [number, RegExp]>> = {
  'no labels': [65, /unlabelled\.csv: none of its 28 rows has a label.*--labels FILE/],
  'one class': [65, /None of the 12 labelled rows of the train window .* is a fraud.*--train-from/],
  'frauds alone': [65, /train window .* is genuine: a model needs both classes/],
  'missing columns': [65, /no column transaction_id, event_time, card_id, is_fraud: .* time, card/],
  'no features': [65, /has no column of a feature/],
  'empty test window': [65, /test window \(2026-03-01.*holds no labelled row: .* 2026-01-28/],
  'trained after the rows': [65, /validate window .* holds no labelled row/],
  'trained before the rows': [2, /--train-until is 2025-03-01.*training begins at 2026-01-01/],
  'labels not known': [2, /--test-from is 2026-01-18.*known only at 2026-01-22.*2026-01-11/],
  'half a window': [2, /--validate-from and --validate-until belong together/],
  'no day': [2, /--train-until: 'yesterday' is no day or instant: write 2026-01-31/],
  'no delay': [2, /--label-delay: '7' is no duration: write 7d/],
  'no number': [65, /the column amount_usd does not hold numbers alone/],
  'no label': [65, /is_fraud is 2 in row 1, and in 28 rows no label/],
  'no instant': [65, /event_time of transaction number 1 is yesterday, which is no instant/],
  'no file': [66, /none\.csv is not there/],
  'no Parquet': [65, /damaged\.parquet cannot be read/],
  good: [0, /^$/],
};

test('training says what is wrong with rows, windows and flags, and what to do', { skip }, () => {
  const root = join(fixtures, '..');
  const script = join(root, 'test', 'python', 'train_errors.py');
  const args = [script, join(root, 'model'), folder('training')];
  const found = JSON.parse(execFileSync(python, args, { encoding: 'utf8' }));
  assert.deepEqual(Object.keys(found), Object.keys(wanted));
  for (const [name, [code, message]] of Object.entries(wanted)) {
    assert.equal(found[name][0], code, `${name}: ${found[name][1]}`);
    assert.match(found[name][1], message);
  }
});
