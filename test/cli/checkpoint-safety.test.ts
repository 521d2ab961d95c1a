import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fraudstream, start } from '../support/fraudstream.ts';
import { folder, linesOf, type There, there } from '../support/recordings.ts';

const place = folder('checkpoint');
const input = join(place, 'day.ndjson');
const RECORDS = 2_000;
const quiet = ['--progress', 'none'];
let embedded: There;

before(async () => {
  embedded = await there({ put: 1, read: 1, small: 2 });
  const made = await fraudstream(['generate', '--count', String(RECORDS), '--seed', '7']);
  assert.equal(made.code, 0, made.err);
  writeFileSync(input, made.out);
  for (const stream of ['read', 'small']) {
    const args = ['produce', '--input', input, '--stream', stream, '--rate', 'max', ...quiet];
    const { code, err } = await fraudstream(args, embedded.env);
    assert.equal(code, 0, err);
  }
});

/** What a file holds; nothing if it is not there. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Commands that go on until they are stopped, each with what it says once it works. */
const users: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
  replay: [
    ['replay', input, '--stream', 'put', '--rate', '1', '--output', 'ndjson'],
    /"is_accepted":true/,
  ],
  consume: [['consume', '--stream', 'read', '--from', 'trim-horizon'], /transaction_id/],
  record: [
    [
      'record',
      '--stream',
      'read',
      '--from',
      'trim-horizon',
      '--output',
      'ndjson',
      '--rotate-size',
      '10kB',
      '--out',
      join(place, 'recorded-%.ndjson'),
    ],
    /"path"/,
  ],
  'score --from-stream': [
    ['score', '--local', '--from-stream', 'read', '--from', 'trim-horizon', '--output', 'ndjson'],
    /transaction_id/,
  ],
};
for (const [name, [words, works]] of Object.entries(users)) {
  test(`${name}: a second process with the checkpoint of a first is refused, until that is killed`, async () => {
    const checkpoint = join(place, `${name.split(' ')[0]}.position`);
    const isReplay = name === 'replay';
    const args = [...words, ...quiet, '--checkpoint', checkpoint];
    const first = start(args, embedded.env);
    await first.says(works);
    const second = await fraudstream(isReplay ? [...args, '--resume'] : args, embedded.env);
    assert.equal(second.code, 2, second.err);
    assert.ok(second.err.includes(`in use by process ${first.child.pid} on `), second.err);
    assert.ok(second.err.includes(checkpoint), second.err);
    first.child.kill('SIGKILL');
    await first.ended;
    assert.ok(existsSync(`${checkpoint}.lock`), 'what was killed leaves its lock');
    const third = start(isReplay ? [...args, '--resume'] : args, embedded.env);
    while (third.child.exitCode === null && !third.child.killed) {
      const isOwner = textOf(`${checkpoint}.lock`).includes(`"pid":${third.child.pid},`);
      if (isOwner) third.child.kill('SIGINT');
      await wait(5);
    }
    const { code, err } = await third.ended;
    assert.equal(code, 130, err);
  });
}

test('a lock is ours by the start of its process, the start of its machine, or its freshness', async () => {
  const checkpoint = join(place, 'stale.position');
  const lockPath = `${checkpoint}.lock`;
  const args = ['consume', '--stream', 'read', '--from', 'trim-horizon', ...quiet];
  const reading = [...args, '--count', '10', '--checkpoint', checkpoint];
  const holder = start(
    ['consume', '--stream', 'read', ...quiet, '--checkpoint', checkpoint],
    embedded.env,
  );
  while (!textOf(lockPath).endsWith('\n')) await wait(5);
  const owner = JSON.parse(textOf(lockPath));
  const coded = async (lock: string, ageSeconds = 0): Promise<number | null> => {
    writeFileSync(lockPath, lock);
    const at = Date.now() / 1000 - ageSeconds;
    utimesSync(lockPath, at, at);
    return (await fraudstream(reading, embedded.env)).code;
  };
  const line = (changed: object): string => `${JSON.stringify({ ...owner, ...changed })}\n`;
  try {
    assert.equal(await coded(line({})), 2, 'the process is there');
    if (owner.startedAt !== '') {
      assert.equal(await coded(line({ startedAt: '1' })), 0, 'another process has its number');
    }
    if (owner.boot !== '') assert.equal(await coded(line({ boot: 'earlier' })), 0, 'a restart');
    assert.equal(await coded(line({ pid: 2 ** 30 })), 0, 'no such process');
    assert.equal(await coded(line({ host: 'elsewhere' })), 2, 'a fresh lock of another machine');
    assert.equal(await coded(line({ host: 'elsewhere' }), 3_600), 0, 'an old one');
    assert.equal(await coded(''), 0, 'one that a crash left empty');
    assert.equal(await coded(line({ pid: -1 })), 0, 'not a lock');
    assert.ok(!existsSync(lockPath), 'a run that ends takes its lock away');
  } finally {
    holder.child.kill('SIGKILL');
    await holder.ended;
  }
});

test('a draft is never written through a symbolic link, and what was killed leaves none behind', async () => {
  const checkpoint = join(place, 'linked.position');
  const victim = join(place, 'victim');
  writeFileSync(victim, 'mine');
  for (const name of [`${checkpoint}.new`, `${checkpoint}.partial`, `${checkpoint}.2.partial`]) {
    symlinkSync(victim, name);
  }
  const args = ['replay', input, '--stream', 'put', '--speed', 'max', ...quiet];
  const { code, err } = await fraudstream([...args, '--checkpoint', checkpoint], embedded.env);
  assert.equal(code, 0, err);
  const report = join(place, 'report.json');
  symlinkSync(victim, `${report}.partial`);
  const run = ['produce', '--local', '--count', '10', '--rate', 'max', ...quiet];
  assert.equal((await fraudstream([...run, '--report', report])).code, 0);
  assert.equal(readFileSync(victim, 'utf8'), 'mine');
  assert.equal(JSON.parse(readFileSync(report, 'utf8')).command, 'produce');
  assert.ok(!existsSync(`${checkpoint}.partial`) && !existsSync(`${checkpoint}.2.partial`));
});

test('a report that replaces another one keeps its permissions', async () => {
  const report = join(place, 'private.json');
  writeFileSync(report, 'old');
  chmodSync(report, 0o600);
  const run = ['produce', '--local', '--count', '10', '--rate', 'max', ...quiet];
  assert.equal((await fraudstream([...run, '--report', report])).code, 0);
  assert.equal(statSync(report).mode & 0o777, 0o600);
});

test('a replay checkpoint whose numbers cannot be true is refused, with the number', async () => {
  const checkpoint = join(place, 'numbers.position');
  const args = ['replay', input, '--stream', 'put', '--speed', 'max', ...quiet, '--resume'];
  const all = [...args, '--checkpoint', checkpoint];
  assert.equal((await fraudstream(all, embedded.env)).code, 0);
  const whole = JSON.parse(readFileSync(checkpoint, 'utf8'));
  const damages: readonly (readonly [object, RegExp])[] = [
    [
      { settled: 1e12, reserved: 1e12 },
      /1000000000000 settled records, but the replay has only 2000/,
    ],
    [{ settled: RECORDS + 1, reserved: RECORDS + 1 }, /2001 settled records, but/],
    [{ settled: -1 }, /"settled" is -1/],
    [{ settled: 1.5 }, /"settled" is 1.5/],
    [{ settled: '5' }, /"settled" is "5"/],
    [{ settled: null }, /"settled" is null/],
    [{ reserved: 1e300 }, /"reserved" is 1e\+300/],
    [{ reserved: 10 }, /"reserved" is 10, below "settled", which is 2000/],
    [{ failed: undefined }, /"failed" is absent/],
    [{ failed: [RECORDS] }, /"failed" holds 2000/],
    [{ failed: [-1] }, /"failed" holds -1/],
    [{ failed: [0.5] }, /"failed" holds 0.5/],
    [{ failed: [1, 1] }, /"failed" holds a number twice/],
  ];
  for (const [damage, complaint] of damages) {
    writeFileSync(checkpoint, JSON.stringify({ ...whole, ...damage }));
    const { code, err } = await fraudstream(all, embedded.env);
    assert.match(err, complaint);
    assert.equal(code, 65, err);
    assert.doesNotMatch(err, /were acknowledged/);
  }
});

test('a consumer checkpoint whose values cannot be true is refused, with the value', async () => {
  const checkpoint = join(place, 'values.position');
  const args = ['consume', '--stream', 'small', '--from', 'trim-horizon', ...quiet];
  const all = [...args, '--idle-timeout', '1s', '--checkpoint', checkpoint];
  const first = await fraudstream(all, embedded.env);
  assert.equal(linesOf(first.out).length, RECORDS);
  const whole = JSON.parse(readFileSync(checkpoint, 'utf8'));
  const [shardId = ''] = Object.keys(whole.shards);
  const at = (position: unknown) => ({ shards: { ...whole.shards, [shardId]: position } });
  const damages: readonly (readonly [object, RegExp])[] = [
    [{ from: { timestamp: -5 } }, /"from" is {"timestamp":-5}/],
    [{ from: 'latest' }, /"from" is "latest"/],
    [{ companion: 1.5 }, /"companion" is 1.5/],
    [at({ sequenceNumber: '1', subSequenceNumber: -2 }), /shardId-0+ is .*-2/],
    [at({ sequenceNumber: '1', subSequenceNumber: 0.5 }), /0\.5/],
    [at({ sequenceNumber: '-1', subSequenceNumber: 0 }), /"-1"/],
    [at({ sequenceNumber: 7, subSequenceNumber: 0 }), /shardId-0+ is/],
    [at(null), /shardId-0+ is null/],
    [at('end'), /says that shardId-0+ was read to its end, but the shard is open/],
    [{ shards: { 'shardId-000000000099': 'end' } }, /names shardId-000000000099, but the newest/],
    [{ shards: [] }, /is not a checkpoint of fraudstream/],
  ];
  for (const [damage, complaint] of damages) {
    writeFileSync(checkpoint, JSON.stringify({ ...whole, ...damage }));
    const { code, err } = await fraudstream(all, embedded.env);
    assert.match(err, complaint);
    assert.equal(code, 65, err);
  }
});
