import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Ended, fraudstream } from '../support/fraudstream.ts';
import { folder, linesOf, there } from '../support/recordings.ts';

const place = folder('large');
const MIB = 1_048_576;
const raw = join(place, 'raw.yaml');
writeFileSync(
  raw,
  'transactions: { format: raw, id: /id, event-time: { at: /t, as: epoch-milliseconds }, partition-key: /k }\n',
);

/** A record of so many bytes; its key is one byte more, which Kinesis counts, too. */
function record(index: number, bytes: number): string {
  const begin = `{"id":"r${index}","t":${1_769_853_600_000 + index},"k":"K","x":"`;
  return `${begin}${'x'.repeat(bytes - begin.length - 2)}"}`;
}

/** One call of an embedded Kinesis; the text of its answer. */
async function call(url: string, action: string, fields: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'x-amz-target': `Kinesis_20131202.${action}`,
      'content-type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify(fields),
  });
  return response.text();
}

const limits = [
  { name: 'one', mib: 1, flags: [] },
  { name: 'ten', mib: 10, flags: ['--max-user-record-size', '10MiB'] },
] as const;
for (const { name, mib, flags } of limits) {
  test(`a stream of ${mib} MiB takes records up to it, key included; larger ones are counted and cost no other`, async () => {
    const { kinesis, env } = await there({ [name]: 1 });
    const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
    const size = { StreamARN, MaxRecordSizeInKiB: 1_024 * mib };
    if (mib > 1) assert.equal(await call(kinesis.url, 'UpdateMaxRecordSize', size), '{}');
    const sizes = [100, mib * MIB - 1, mib * MIB, 200, ...Array(20).fill(300)];
    const lines = sizes.map((bytes, index) => record(index, bytes));
    const file = join(place, `${name}.ndjson`);
    writeFileSync(file, lines.join('\n'));
    const to = ['--contract', raw, '--stream', name, '--speed', 'max', '--progress', 'none'];
    const put = await fraudstream(['replay', file, ...to, '--output', 'json', ...flags], env);
    assert.equal(put.code, 75, put.err);
    const { sent, accepted, failures_by_code: failures } = JSON.parse(put.out).delivery;
    assert.deepEqual([sent, accepted], [24, 23]);
    assert.deepEqual(failures, [{ code: 'Record Too Large', count: 1 }]);
    const read = ['--stream', name, '--from', 'trim-horizon', '--count', '23'];
    const { out } = await fraudstream(['consume', ...read], env);
    const wanted = lines.filter((_, index) => index !== 2);
    // Equal without printing megabytes where it is not.
    assert.ok(out.trimEnd().split('\n').sort().join('\n') === wanted.sort().join('\n'));
  });
}

test('consume, record and score refuse the checkpoint of a stream that was deleted and made anew', async () => {
  const { kinesis, env } = await there({ old: 1, judged: 1 });
  const from = ['--from', 'trim-horizon', '--idle-timeout', '2s', '--progress', 'none'];
  const verbs: Readonly<Record<string, readonly string[]>> = {
    consume: ['consume', '--stream', 'old'],
    record: ['record', '--stream', 'old', '--out', join(place, 'recorded.ndjson')],
    score: ['score', '--from-stream', 'old', '--to-stream', 'judged', '--local'],
  };
  const run = async (verb: string): Promise<Ended> => {
    rmSync(join(place, 'recorded.ndjson'), { force: true });
    const checkpoint = ['--checkpoint', join(place, `${verb}.checkpoint`)];
    return fraudstream([...(verbs[verb] ?? []), ...from, ...checkpoint], env);
  };
  const produce = ['--count', '30', '--rate', 'max', '--seed', '1', '--progress', 'none'];
  const fill = () => fraudstream(['produce', '--stream', 'old', ...produce], env);
  assert.equal((await fill()).code, 0);
  for (const verb of Object.keys(verbs)) {
    const first = await run(verb);
    assert.equal(first.code, 0, `${verb}: ${first.err}`);
  }
  const StreamName = 'old';
  await call(kinesis.url, 'DeleteStream', { StreamName });
  // Deleting and creating take a moment each.
  const isActive = async (): Promise<boolean> => {
    await call(kinesis.url, 'CreateStream', { StreamName, ShardCount: 1 });
    const summary = await call(kinesis.url, 'DescribeStreamSummary', { StreamName });
    return summary.includes('"ACTIVE"');
  };
  while (!(await isActive())) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await fill()).code, 0);
  for (const verb of Object.keys(verbs)) {
    const ended = await run(verb);
    assert.equal(ended.code, 65, `${verb}: ${ended.err}`);
    assert.match(ended.err, /belongs to another stream "old" \(.*delete the file to start over/s);
    assert.equal(linesOf(ended.out).length, 0);
  }
});
