import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Position } from '../read-client.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-checkpoint-'));
});
after(() => rm(folder, { recursive: true }));

const checkpoint: Checkpoint = {
  stream: 'transactions',
  from: { timestamp: 1_700_000_000_000 },
  positions: new Map<string, Position | 'end'>([
    ['shardId-0', 'end'],
    ['shardId-1', { sequenceNumber: '495', subSequenceNumber: 17 }],
  ]),
};

test('a checkpoint reads back as it was written, and leaves nothing beside it', async () => {
  const path = join(folder, 'a.checkpoint');
  await writeCheckpoint(path, checkpoint);
  await writeCheckpoint(path, checkpoint);
  assert.deepEqual(await readCheckpoint(path, 'transactions'), checkpoint);
  assert.deepEqual(await readdir(folder), ['a.checkpoint']);
});

test('no file is no checkpoint; any other file is refused by name', async () => {
  assert.equal(await readCheckpoint(join(folder, 'none'), 'transactions'), undefined);
  for (const text of [
    '',
    '{}',
    '[]',
    'null',
    '{"version":1,"stream":"transactions"}',
    '{"version":2}',
  ]) {
    const path = join(folder, 'bad.checkpoint');
    await writeFile(path, text);
    await assert.rejects(
      readCheckpoint(path, 'transactions'),
      /bad\.checkpoint is not a checkpoint/,
    );
  }
});

test('a checkpoint of a stream that was deleted and made anew is refused, one that says nothing is taken', async () => {
  const path = join(folder, 'identity.checkpoint');
  const arn = 'arn:aws:kinesis:eu-central-1:000000000000:stream/s';
  const identity = { arn, createdAt: Date.UTC(2026, 0, 1) };
  const own = { stream: 's', from: 'trim-horizon' as const, positions: new Map() };
  await writeCheckpoint(path, { ...own, identity });
  assert.deepEqual((await readCheckpoint(path, 's', identity))?.identity, identity);
  assert.ok(await readCheckpoint(path, 's'));
  const anew = { arn, createdAt: Date.UTC(2026, 0, 2) };
  await assert.rejects(readCheckpoint(path, 's', anew), /created 2026-01-01.*created 2026-01-02/);
  await writeCheckpoint(path, own);
  assert.ok(await readCheckpoint(path, 's', anew));
});
