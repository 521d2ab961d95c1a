import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { folder, linesOf } from './recordings.ts';
import { fraudstream } from './shell.ts';

const place = folder('validate');
const path = join(place, 'bad.ndjson');
before(async () => {
  const { out } = await fraudstream(['generate', '--count', '6', '--seed', '4']);
  const [first = '', ...rest] = linesOf(out);
  const bad = { ...JSON.parse(first), amount_minor: '12.50', mcc: 'food', source_ip: '1.2.3' };
  writeFileSync(path, [first, JSON.stringify(bad), '{"cut', ...rest.reverse(), 'null'].join('\n'));
});

test('every problem is told with file, line, field, value and reason, exit code 65', async () => {
  const { code, out, err } = await fraudstream(['validate', path]);
  assert.equal(code, 65);
  assert.deepEqual(
    linesOf(out).map((line) => line.replace(place, '')),
    [
      '/bad.ndjson:2: mcc must be 4 digits, not "food"',
      '/bad.ndjson:2: amount_minor must be a whole number from 0 to 2^53-1, not "12.50"',
      '/bad.ndjson:2: source_ip must be an IPv4 or IPv6 address, not "1.2.3"',
      out.split('\n')[3]?.replace(place, ''),
      '/bad.ndjson:9: the line must be an object, not null',
    ],
  );
  assert.match(out, /bad\.ndjson:3: the line is not JSON/);
  assert.match(err, /9 lines of .*: 6 valid, 3 not/);
  assert.match(err, /not in order of event time/);
});

test('the report counts, and the forms for machines parse', async () => {
  const { out } = await fraudstream(['validate', path, '--output', 'json']);
  const report = JSON.parse(out);
  assert.deepEqual([report.lines, report.valid, report.invalid, report.problems], [9, 6, 3, 5]);
  const each = await fraudstream(['validate', path, '--output', 'ndjson']);
  const [first] = linesOf(each.out).map((line) => JSON.parse(line));
  assert.deepEqual([first.line, first.field, first.value], [2, 'mcc', '"food"']);
  const github = await fraudstream(['validate', path, '--output', 'github']);
  assert.match(linesOf(github.out)[0] ?? '', /^::error file=.*bad\.ndjson,line=2::.*mcc must be/);
});

test('--max-errors stops, and says so', async () => {
  const { code, out, err } = await fraudstream(['validate', path, '--max-errors', '2']);
  assert.equal(code, 65);
  assert.equal(linesOf(out).length, 2);
  assert.match(err, /stopped at --max-errors/);
});

test('what is right is exit code 0, what is not there 66', async () => {
  const good = await fraudstream([
    'generate',
    '--count',
    '50',
    '--seed',
    '4',
    '--labels',
    'inline',
  ]);
  const read = await fraudstream(['validate', '-'], {}, good.out);
  assert.equal(read.code, 0, read.err);
  assert.equal(read.out, '');
  assert.equal((await fraudstream(['validate', join(place, 'none')])).code, 66);
});
