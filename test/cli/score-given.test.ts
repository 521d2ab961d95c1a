import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { fraudstream, local } from '../support/fraudstream.ts';

let folder: string;
let lines: readonly string[];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-given-'));
  const { out } = await fraudstream(['generate', '--count', '5', '--seed', '8']);
  const features: (number | null)[] = Array.from({ length: 69 }, () => 1);
  features[3] = null;
  const given = [features, undefined, 'x', [1, 'y'], []];
  lines = out
    .split('\n')
    .filter(Boolean)
    .map((line, place) => JSON.stringify({ ...JSON.parse(line), features: given[place] }));
});
after(() => rm(folder, { recursive: true }));

test('--features given: a line that brings no row of numbers is a bad line, named, counted and rejected; the others are scored', async () => {
  const [input, rejects] = [join(folder, 'given.ndjson'), join(folder, 'rejects.ndjson')];
  await writeFile(input, `${lines.join('\n')}\n`);
  const flags = ['--local', '--features', 'given', '--input', input, '--rejects', rejects];
  const { code, out, err } = await fraudstream(['score', ...flags, '--output', 'json']);
  assert.equal(code, 65, err);
  assert.match(err, /given\.ndjson:2: features must be an array of numbers/);
  assert.match(err, /given\.ndjson:3: features .*, not "x"/);
  assert.match(err, /given\.ndjson:4: features .*, not \[1,"y"\]/);
  const report = JSON.parse(out);
  assert.equal(report.scoring.scored, 1);
  assert.equal(report.scoring.transactions, 1);
  assert.equal(report.source.rejected_lines, 4);
  assert.equal((await readFile(rejects, 'utf8')).trim().split('\n').length, 4);
});

test('--features given: generated transactions bring none, which is an error of usage', async () => {
  for (const verb of ['score', 'search']) {
    const { code, err } = await fraudstream([verb, '--local', '--features', 'given']);
    assert.equal(code, 2, err);
    assert.match(err, /--features given .*generated.*--input/);
  }
});

test('--features given: a record of a stream without them is no transaction to be scored', async () => {
  const kinesis = await startEmbeddedKinesis({ streams: { transactions: 1 } });
  try {
    const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
    const produce = ['produce', '--input', '-', '--stream', 'transactions'];
    const produced = await fraudstream(produce, env, `${lines.join('\n')}\n`);
    assert.equal(produced.code, 0, produced.err);
    const flags = ['--from-stream', 'transactions', '--idle-timeout', '1s', '--output', 'json'];
    const { code, out } = await fraudstream(
      ['score', '--local', '--features', 'given', ...flags],
      env,
    );
    assert.equal(code, 65);
    const report = JSON.parse(out);
    assert.equal(report.scoring.scored, 1);
    assert.equal(report.source.unread_records, 4);
  } finally {
    await kinesis.close();
  }
});
