import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../../errors.ts';
import type { Shard } from '../../kinesis/put-client.ts';
import type { ReadClient, RecordPage } from '../../kinesis/read-client.ts';
import { establishedReading } from './shard-verdicts.ts';

const clock = { now: () => 0, sleep: async () => undefined };
const dependencies = { clock, stop: new AbortController().signal };
const page: RecordPage = { entries: [], next: 'next', behindMs: 0 };
const failed = (code: string): RecordPage => ({ ...page, failure: { code, message: '' } });

test('reads that failed are counted by code; an iterator that is only too old is none', async () => {
  const answers = [page, failed('Timeout'), failed('ExpiredIteratorException'), failed('Timeout')];
  const client: ReadClient = {
    listShards: async () => [],
    iterator: async () => {
      throw new FraudstreamError('unreachable', 'gone');
    },
    records: async () => answers.shift() ?? page,
  };
  const failures: string[] = [];
  const onFailure = (code: string): void => void failures.push(code);
  const watched = await establishedReading(client, onFailure, dependencies);
  for (let read = 0; read < 5; read += 1) await watched.client.records('one', 1);
  await assert.rejects(watched.client.iterator('shard', 'latest'), /gone/);
  assert.deepEqual(failures, ['Timeout', 'Timeout', 'unreachable']);
});

const open = (shardId: string, isOpen = true): Shard => ({
  shardId,
  startingHashKey: '0',
  endingHashKey: '1',
  isOpen,
  parentShardIds: [],
});

test('a reading is established by the first answer that is none of a failure', async () => {
  const answers = [failed('Timeout'), page];
  const client: ReadClient = {
    listShards: async () => [open('one')],
    iterator: async () => 'iterator',
    records: async () => answers.shift() ?? page,
  };
  const watched = await establishedReading(client, () => undefined, dependencies);
  await watched.client.iterator('one', 'latest');
  await watched.client.records('iterator', 1);
  await watched.client.records('iterator', 1);
  await watched.established;
});

test('a reading does not wait for a shard that was closed before it began', async () => {
  const lists = [[open('one')], [open('one', false)]];
  const client: ReadClient = {
    listShards: async () => lists.shift() ?? [],
    iterator: async () => 'iterator',
    records: async () => page,
  };
  const watched = await establishedReading(client, () => undefined, dependencies);
  await watched.client.listShards();
  await watched.established;
});
