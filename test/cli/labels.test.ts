import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtures, fraudstream } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const place = folder('labels');
const day = join(fixtures, 'transactions', 'day.ndjson');
const labels = join(fixtures, 'transactions', 'day.labels.ndjson');
const lines = readFileSync(labels, 'utf8').trim().split('\n');
const changed = (line = ''): string => line.replace(/("transaction_id":")[^"]*/, '$1OTHER');
const ofAnother = join(place, 'another.labels.ndjson');
writeFileSync(ofAnother, `${changed(lines[0])}\n`);
const withOneMore = join(place, 'more.labels.ndjson');
writeFileSync(withOneMore, `${lines.join('\n')}\n${changed(lines[0])}\n`);
const empty = join(place, 'empty.ndjson');
writeFileSync(empty, '');

const quiet = ['--progress', 'none', '--input', day];
const commands: Readonly<Record<string, readonly string[]>> = {
  score: ['score', '--local', '--rate', 'max', ...quiet],
  run: ['run', '--local', '--rate', 'max', ...quiet],
  features: ['features', ...quiet],
};

for (const [name, command] of Object.entries(commands)) {
  test(`${name}: labels that are about none of the transactions are told`, async () => {
    const { code, err } = await fraudstream([...command, '--labels', ofAnother]);
    assert.equal(code, 0, err);
    assert.match(err, /another\.labels\.ndjson: none of its 1 labels belongs to a transaction/);
  });

  test(`${name}: labels that fit are not told, those that do not are counted`, async () => {
    const whole = await fraudstream([...command, '--labels', labels]);
    assert.doesNotMatch(whole.err, /--labels/);
    const { err } = await fraudstream([...command, '--labels', withOneMore]);
    assert.match(err, new RegExp(`: 1 of its ${lines.length + 1} labels belong to no transaction`));
  });
}

test('a limit on a quality that no label measured is told as not measured', async () => {
  const limit = ['--fail-if', 'quality.recall < 60%', '--output', 'human'];
  const score = [...(commands.score ?? []), '--labels', ofAnother];
  const { code, out } = await fraudstream([...score, ...limit]);
  assert.equal(code, 0);
  assert.match(out, /Thresholds +NOT MEASURED {2}quality\.recall < 60%/);
});

for (const command of ['produce', 'run', 'score', 'replay']) {
  test(`${command}: an input without transactions is told`, async () => {
    const input = command === 'replay' ? [empty] : ['--input', empty];
    const { code, err } = await fraudstream([command, '--local', '--progress', 'none', ...input]);
    assert.equal(code, 0, err);
    assert.match(err, /empty\.ndjson: contains no transactions/);
  });
}
