import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { folder, idsOf, linesOf, type There, there } from './recordings.ts';
import { fraudstream, start } from './shell.ts';

const RECORDS = 3000;
const place = folder('record');
let embedded: There;
let sent: readonly string[];
const all = ['--from', 'trim-horizon', '--idle-timeout', '1s', '--progress', 'none'];

before(async () => {
  embedded = await there({ transactions: 4, slow: 1, mixed: 1 });
  const { out } = await fraudstream(['generate', '--count', `${RECORDS}`, '--seed', '6']);
  sent = linesOf(out);
  const args = ['produce', '--input', '-', '--rate', '3k/s'];
  assert.equal((await fraudstream(args, embedded.env, out)).code, 0);
});

test('a recording holds every record with its arrival, and replays byte for byte', async () => {
  const out = join(place, 'all.ndjson.gz');
  const { code, err } = await fraudstream(['record', '--out', out, ...all], embedded.env);
  assert.equal(code, 0, err);
  const recorded = linesOf(gunzipSync(readFileSync(out)).toString());
  assert.equal(recorded.length, RECORDS);
  for (const line of recorded) assert.match(line, /,"arrived_at":"[^"]{24}"}$/);
  const args = ['replay', out, '--to', 'stdout', '--progress', 'none'];
  for (const by of ['event-time', 'arrival']) {
    const again = await fraudstream([...args, '--by', by, '--sort', '--speed', 'max']);
    assert.equal(again.code, 0, again.err);
    assert.deepEqual([...linesOf(again.out)].sort(), [...sent].sort());
  }
  const { plan } = JSON.parse(
    (
      await fraudstream([
        'replay',
        out,
        '--by',
        'arrival',
        '--sort',
        '--dry-run',
        '--output',
        'json',
      ])
    ).out,
  );
  const arrivals = recorded.map((line) => Date.parse(JSON.parse(line).arrived_at));
  assert.equal(plan.expected_ms, Math.max(...arrivals) - Math.min(...arrivals));
});

test('files follow each other by size; their union is the stream, and none is overwritten', async () => {
  const out = join(place, 'live.ndjson');
  const args = ['record', '--out', out, '--rotate-size', '300kB', ...all];
  const { code, err } = await fraudstream(args, embedded.env);
  assert.equal(code, 0, err);
  const names = readdirSync(place).filter((name) => name.startsWith('live.'));
  assert.ok(names.length > 3);
  assert.deepEqual(
    names.map((name) => /\.(\d+)\./.exec(name)?.[1]),
    names.map((_, index) => `${index + 1}`.padStart(6, '0')),
  );
  const union = names.flatMap((name) => linesOf(readFileSync(join(place, name), 'utf8')));
  assert.deepEqual(
    idsOf(union.map((line) => JSON.parse(line))),
    idsOf(sent.map((line) => JSON.parse(line))),
  );
  const again = await fraudstream(args, embedded.env);
  assert.equal(again.code, 2);
  assert.match(again.err, /live\.000001\.ndjson is there already/);
});

test('killed in mid-run, complete files are whole, and the next run brings the rest', async () => {
  const out = (run: number): string => join(place, `killed-${run}.ndjson`);
  const position = join(place, 'killed.position');
  const args = (run: number): readonly string[] => [
    ...['record', '--stream', 'slow', '--out', out(run), '--rotate-size', '50kB'],
    ...['--checkpoint', position, '--from', 'trim-horizon', '--progress', 'none'],
  ];
  const produced = fraudstream(
    ['produce', '--stream', 'slow', '--input', '-', '--rate', '1k/s'],
    embedded.env,
    sent.join('\n'),
  );
  const { child, ended } = start(args(1), embedded.env);
  const isThere = (): boolean => readdirSync(place).some((name) => /^killed-1\.000003/.test(name));
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGKILL');
  await ended;
  await produced;
  const rest = await fraudstream([...args(2), '--idle-timeout', '1s'], embedded.env);
  assert.equal(rest.code, 0, rest.err);
  const complete = readdirSync(place).filter((name) => /^killed-.*\d\.ndjson$/.test(name));
  const lines = complete.flatMap((name) => linesOf(readFileSync(join(place, name), 'utf8')));
  const ids = new Set(lines.map((line) => JSON.parse(line).transaction_id));
  assert.equal(ids.size, RECORDS);
});

test('a payload that is no JSON object is kept, in base64', async () => {
  const request = {
    StreamName: 'mixed',
    PartitionKey: 'a',
    Data: Buffer.from('plain\ntext').toString('base64'),
  };
  await fetch(embedded.kinesis.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord' },
    body: JSON.stringify(request),
  });
  const out = join(place, 'mixed.ndjson');
  const args = ['record', '--stream', 'mixed', '--out', out, ...all];
  assert.equal((await fraudstream(args, embedded.env)).code, 0);
  const { data_base64: data } = JSON.parse(readFileSync(out, 'utf8'));
  assert.equal(Buffer.from(data, 'base64').toString(), 'plain\ntext');
});
