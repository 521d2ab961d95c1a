import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsLimits } from '../../dist/emulators/kinesis/limits.js';
import { outcomes, put, records, started } from '../support/embedded.ts';

test('a shard takes what AWS lets it take in a second and refuses the rest of the request', async () => {
  const kinesis = await started({ shardLimits: awsLimits });
  const found: string[] = [];
  for (let request = 0; request < 4; request += 1) {
    found.push(...outcomes(await put(kinesis, 500)));
  }
  const refused = found.filter((one) => one === 'ProvisionedThroughputExceededException').length;
  assert.equal(found.slice(0, 1000).filter((one) => one === 'ok').length, 1000);
  assert.ok(refused > 0 && refused <= 1000, `${refused} refused`);
});

test('what it keeps is bounded: the oldest goes first, and a reader goes on from what is left', async () => {
  const kinesis = await started({ retainedBytes: 50_000 });
  for (let request = 0; request < 10; request += 1) await put(kinesis, 10, 1000);
  const { retainedBytes, trimmedRecords, records: taken } = await kinesis.statistics();
  assert.ok(retainedBytes <= 50_000);
  const left = await records(kinesis);
  assert.equal(left.length, taken - trimmedRecords);
  assert.ok(left.length >= 45);
});

test('one read answers at most 10 MiB', async () => {
  const kinesis = await started();
  for (let request = 0; request < 3; request += 1) await put(kinesis, 5, 900_000);
  assert.equal((await records(kinesis)).length, 11);
});
