import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type Ended, fraudstream, start } from '../support/fraudstream.ts';
import { folder, idsOf, linesOf, recordsOf, type There, there } from '../support/recordings.ts';

const disk = mkdtempSync(join(tmpdir(), 'fraudstream-full-disk-'));
const place = folder('full-disk-inputs');
const input = join(place, 'day.ndjson');
const bad = join(place, 'bad.ndjson');
const filling = join(disk, 'filling');
const RECORDS = 3_000;
let embedded: There;

const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
const isMounted = mounted.status === 0;
const isRequired = process.env.FRAUDSTREAM_REQUIRE_ALL === '1';
const skip = isMounted || isRequired ? false : 'a tmpfs cannot be mounted here';
after(() => {
  if (isMounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

before(async () => {
  embedded = await there({ full: 2, read: 2, scored: 2 });
  const made = await fraudstream(['generate', '--count', String(RECORDS), '--seed', '7']);
  assert.equal(made.code, 0, made.err);
  writeFileSync(input, made.out);
  writeFileSync(bad, 'no transaction\n'.repeat(100_000));
  for (const stream of ['read', 'scored']) {
    const args = ['produce', '--input', input, '--stream', stream, '--rate', 'max'];
    const put = await fraudstream([...args, '--progress', 'none'], embedded.env);
    assert.equal(put.code, 0, put.err);
  }
});

/** Leaves not a byte. */
function fill(): void {
  for (let bytes = 65_536; bytes >= 1; bytes /= 16) {
    try {
      for (;;) writeFileSync(filling, Buffer.alloc(bytes), { flag: 'a' });
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    }
  }
}

beforeEach(() => {
  for (const name of readdirSync(disk)) rmSync(join(disk, name));
});

function assertRefused({ code, err }: Ended, path: string): void {
  assert.equal(code, 2, err);
  assert.match(err, /ENOSPC/);
  assert.ok(err.includes(path), `${err} does not name ${path}`);
  assert.doesNotMatch(err, /bug in fraudstream|^ +at /m);
}

const old = 'what was there before\n';
const few = ['--count', '500', '--seed', '1'];
const quiet = ['--progress', 'none'];
/** Outputs that are there whole or not at all, each on a disk that is full from the beginning. */
const outputs: Readonly<Record<string, (path: string) => readonly string[]>> = {
  'generate --out': (path) => ['generate', ...few, '--out', path],
  'generate --manifest': (path) => [
    'generate',
    ...few,
    '--out',
    join(place, 'made.ndjson'),
    '--manifest',
    path,
  ],
  'features --out': (path) => ['features', ...few, '--out', path],
  'features --snapshot': (path) => [
    'features',
    ...few,
    '--out',
    join(place, 'rows.csv'),
    '--snapshot',
    path,
  ],
  'produce --report': (path) => [
    'produce',
    '--local',
    ...few,
    '--rate',
    'max',
    ...quiet,
    '--report',
    path,
  ],
  'score --report': (path) => [
    'score',
    '--local',
    ...few,
    '--rate',
    'max',
    ...quiet,
    '--report',
    path,
  ],
  'replay --report': (path) => [
    'replay',
    input,
    '--local',
    '--speed',
    'max',
    ...quiet,
    '--report',
    path,
  ],
};
for (const [name, args] of Object.entries(outputs)) {
  test(`${name} on a full disk: exit code 2, and the file is as it was`, { skip }, async () => {
    const path = join(disk, 'file.json');
    writeFileSync(path, old);
    fill();
    assertRefused(await fraudstream(args(path)), path);
    assert.equal(readFileSync(path, 'utf8'), old);
    assert.deepEqual(readdirSync(disk).sort(), ['file.json', 'filling']);
  });
}

/** Outputs that grow line by line. */
const sinks: Readonly<Record<string, (path: string) => readonly string[]>> = {
  'score --out': (path) => ['score', '--local', ...few, '--rate', 'max', ...quiet, '--out', path],
  'score --rejects': (path) => [
    'score',
    '--local',
    '--input',
    bad,
    '--rate',
    'max',
    ...quiet,
    '--rejects',
    path,
  ],
  'produce --rejects': (path) => [
    'produce',
    '--local',
    '--input',
    bad,
    '--rate',
    'max',
    ...quiet,
    '--rejects',
    path,
  ],
  'replay --rejects': (path) => [
    'replay',
    bad,
    '--local',
    '--speed',
    'max',
    ...quiet,
    '--rejects',
    path,
  ],
  'replay --to score --out': (path) => [
    'replay',
    input,
    '--to',
    'score',
    '--local',
    '--speed',
    'max',
    ...quiet,
    '--out',
    path,
  ],
};
for (const [name, args] of Object.entries(sinks)) {
  test(`${name} on a full disk: exit code 2`, { skip }, async () => {
    const path = join(disk, 'lines.ndjson');
    fill();
    assertRefused(await fraudstream(args(path)), path);
  });
}

test('replay --checkpoint on a disk that fills up reports, and loses nothing', {
  skip,
}, async () => {
  const path = join(disk, 'position');
  const args = ['replay', input, '--stream', 'full', '--checkpoint', path, ...quiet];
  const run = start([...args, '--rate', '1000', '--output', 'ndjson'], embedded.env);
  await run.says(/"is_accepted":true/);
  fill();
  const ended = await run.ended;
  assertRefused(ended, path);
  assert.match(ended.err, /User records +[\d,]+ sent/);
  const { settled, reserved } = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(settled < RECORDS && settled <= reserved);
  assert.deepEqual(readdirSync(disk).sort(), ['filling', 'position']);
  rmSync(filling);
  const again = await fraudstream([...args, '--speed', 'max', '--resume'], embedded.env);
  assert.equal(again.code, 0, again.err);
  const ids = idsOf(await recordsOf('full', 2 * RECORDS, embedded.env));
  assert.equal(new Set(ids).size, RECORDS);
});

test('consume --checkpoint on a disk that fills up ends, and the next run goes on', {
  skip,
}, async () => {
  const path = join(disk, 'position');
  const args = ['consume', '--stream', 'read', '--from', 'trim-horizon', '--checkpoint', path];
  const first = [...args, ...quiet, '--count', '1000'];
  const begun = await fraudstream(first, embedded.env);
  assert.equal(begun.code, 0, begun.err);
  const before = readFileSync(path, 'utf8');
  fill();
  const full = await fraudstream(first, embedded.env);
  assertRefused(full, path);
  assert.equal(readFileSync(path, 'utf8'), before);
  rmSync(filling);
  const rest = await fraudstream([...args, ...quiet, '--idle-timeout', '2s'], embedded.env);
  assert.equal(rest.code, 0, rest.err);
  assert.equal(linesOf(begun.out).length + linesOf(rest.out).length, RECORDS);
});

test('record on a full disk keeps its checkpoint behind what is in files', { skip }, async () => {
  const path = join(disk, 'recorded.ndjson');
  const checkpoint = join(place, 'recorded.position');
  const args = ['record', '--stream', 'read', '--from', 'trim-horizon', '--out', path, ...quiet];
  const reading = [
    ...args,
    '--checkpoint',
    checkpoint,
    '--count',
    String(RECORDS),
    '--idle-timeout',
    '5s',
  ];
  fill();
  assertRefused(await fraudstream(reading, embedded.env), path);
  const to = join(place, 'recorded.ndjson');
  const again = reading.map((word) => (word === path ? to : word));
  const whole = await fraudstream(again, embedded.env);
  assert.equal(whole.code, 0, whole.err);
  assert.equal(linesOf(readFileSync(to, 'utf8')).length, RECORDS);
});

test('score --from-stream --checkpoint on a full disk: exit code 2, the old state stays', {
  skip,
}, async () => {
  const path = join(disk, 'engine');
  const args = ['score', '--local', '--from-stream', 'scored', '--from', 'trim-horizon', ...quiet];
  const reading = [...args, '--checkpoint', path, '--idle-timeout', '2s', '--output', 'ndjson'];
  const env = { ...embedded.env, AWS_ENDPOINT_URL_KINESIS: embedded.kinesis.url };
  const first = await fraudstream([...reading, '--count', '100'], env);
  assert.equal(first.code, 0, first.err);
  const before = readFileSync(path, 'utf8');
  fill();
  assertRefused(await fraudstream(reading, env), path);
  assert.equal(readFileSync(path, 'utf8'), before);
  rmSync(filling);
});
