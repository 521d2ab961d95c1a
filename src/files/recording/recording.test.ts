import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FraudstreamError } from '../../errors.ts';
import type { Clock } from '../../stream/clock.ts';
import { numberedNames, oneName } from './file-names.ts';
import { type RecordedFile, Recording, type Rotation } from './recording.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'fraudstream-recording-'));
  folders.push(made);
  return made;
}
const lines = (...texts: readonly string[]): readonly Uint8Array[] =>
  texts.map((text) => Buffer.from(text));
const isUsage = (error: unknown): boolean =>
  error instanceof FraudstreamError && error.code === 'usage';

/** A clock that stands still; its sleepers wake together. */
class StillClock implements Clock {
  readonly sleepers: (() => void)[] = [];

  now(): number {
    return 0;
  }

  sleep(): Promise<void> {
    return new Promise((wake) => this.sleepers.push(wake));
  }
}

async function numbered(
  path: string,
  rotation: Rotation,
  clock = new StillClock(),
): Promise<{ readonly recording: Recording; readonly files: RecordedFile[] }> {
  const files: RecordedFile[] = [];
  const published = async (file: RecordedFile): Promise<void> => {
    files.push(file);
  };
  const events = { published, failed: () => undefined };
  return { recording: new Recording(await numberedNames(path), rotation, clock, events), files };
}

test('a file takes as many lines as fit, and one line of any size', async () => {
  const there = folder();
  const { recording, files } = await numbered(join(there, 'a.ndjson'), { sizeBytes: 8 });
  const heard: number[] = [];
  await recording.write(lines('12', '34', '567', 'much too long', '8'), (n) => heard.push(n));
  await recording.write(lines('9'), (n) => heard.push(n));
  await recording.publish();
  await recording.publish();
  assert.deepEqual(
    files.map(({ path }) => readFileSync(path, 'utf8')),
    ['12\n34\n', '567\n', 'much too long\n', '8\n9\n'],
  );
  assert.deepEqual(
    files.map((file) => [file.lines, file.lineBytes, file.bytes]),
    [
      [2, 6, 6],
      [1, 4, 4],
      [1, 14, 14],
      [2, 4, 4],
    ],
  );
  assert.deepEqual(heard, [2, 3, 4, 5, 1]);
  assert.deepEqual(readdirSync(there).sort(), [
    'a-00001.ndjson',
    'a-00002.ndjson',
    'a-00003.ndjson',
    'a-00004.ndjson',
  ]);
});

test('a file ends when its time has come, also when nothing more is written', async () => {
  const clock = new StillClock();
  const path = join(folder(), 'b.ndjson.gz');
  const { recording, files } = await numbered(path, { timeMs: 1000 }, clock);
  await recording.write(lines('1'), () => undefined);
  assert.equal(files.length, 0);
  clock.sleepers.shift()?.();
  // Its waking is no write: it takes its turn as soon as the promise has been heard.
  await new Promise((heard) => setImmediate(heard));
  await recording.write(lines('2'), () => undefined);
  assert.equal(files.length, 1);
  await recording.publish();
  assert.deepEqual(
    files.map((file) => gunzipSync(readFileSync(file.path)).toString()),
    ['1\n', '2\n'],
  );
});

test('the time of a file that ended by its size does not end the next one', async () => {
  const clock = new StillClock();
  const path = join(folder(), 'c.ndjson');
  const { recording, files } = await numbered(path, { sizeBytes: 2, timeMs: 1000 }, clock);
  await recording.write(lines('1', '2'), () => undefined);
  clock.sleepers.shift()?.();
  await recording.write([], () => undefined);
  assert.equal(files.length, 1);
});

test('numbers go on after the highest that is there, whole or unfinished', async () => {
  const there = folder();
  for (const name of ['d-00007.ndjson', 'd-00009.ndjson.partial', 'd-x.ndjson', 'd-00012.csv']) {
    writeFileSync(join(there, name), 'old');
  }
  const names = await numberedNames(join(there, 'd.ndjson'));
  assert.deepEqual(names.unfinished, [join(there, 'd-00009.ndjson.partial')]);
  assert.equal(names.next(), join(there, 'd-00010.ndjson'));
  assert.equal(names.next(), join(there, 'd-00011.ndjson'));
});

test('a name that is taken is refused, before the first line and after the last', async () => {
  const path = join(folder(), 'e.ndjson');
  writeFileSync(`${path}.partial`, 'another');
  await assert.rejects(oneName(path), isUsage);
  rmSync(`${path}.partial`);
  const events = { published: () => Promise.resolve(), failed: () => undefined };
  const recording = new Recording(await oneName(path), {}, new StillClock(), events);
  await recording.write(lines('1'), () => undefined);
  writeFileSync(path, 'somebody else');
  await assert.rejects(recording.publish(), isUsage);
  assert.equal(readFileSync(path, 'utf8'), 'somebody else');
  assert.equal(readFileSync(`${path}.partial`, 'utf8'), '1\n');
  await assert.rejects(oneName(path), isUsage);
  await assert.rejects(oneName(join(path, 'nowhere', 'f.ndjson')), isUsage);
});
