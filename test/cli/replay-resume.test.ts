import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { lineBlocks } from '../../dist/generators/line-blocks.js';
import { linesOf as bytesOf } from '../../dist/generators/lines/line-block.js';
import { fraudstream, start } from '../support/fraudstream.ts';
import { folder, type There, there } from '../support/recordings.ts';

const RECORDS = 200_000;
const KILLS = 20;
const place = folder('resume');
const input = join(place, 'day.ndjson');
const checkpoint = join(place, 'position');
let embedded: There;

before(async () => {
  embedded = await there({ killed: 4, small: 1 });
  const chunks: Uint8Array[] = [];
  let count = 0;
  for await (const block of lineBlocks({ seed: 'resume', cards: 5_000 })) {
    const lines = Math.min(block.count, RECORDS - count);
    const [track] = block.tracks;
    if (track) chunks.push(Buffer.from(bytesOf(track, lines)));
    count += lines;
    if (count === RECORDS) break;
  }
  writeFileSync(input, Buffer.concat(chunks));
});

/** How often each id lies in a stream. */
async function countsOf(stream: string, count: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const reading = ['--stream', stream, '--from', 'trim-horizon', '--idle-timeout', '3s'];
  const { out } = await fraudstream(['consume', ...reading, '--count', `${count}`], embedded.env);
  for (const [, id = ''] of out.matchAll(/"transaction_id":"(\w+)"/g)) {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

test(`killed ${KILLS} times in mid-run and resumed: nothing is lost, what came twice was foretold`, async () => {
  const args = ['replay', input, '--stream', 'killed', '--rate', '40k/s', '--resume'];
  const all = [...args, '--checkpoint', checkpoint, '--progress', 'none', '--output', 'json'];
  let foretold = 0;
  let moment = 1;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { child, ended } = start(all, embedded.env);
    // Some random moment after the start: before the first record, among them, or near a save.
    moment = (moment * 48_271) % 2_147_483_647;
    await wait(500 + (moment % 600));
    child.kill('SIGKILL');
    const { err } = await ended;
    foretold += twiceIn(err);
  }
  const last = await fraudstream(all, embedded.env);
  assert.equal(last.code, 0, last.err);
  foretold += twiceIn(last.err);
  const counts = await countsOf('killed', 2 * RECORDS);
  const repeats = [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
  assert.equal(counts.size, RECORDS);
  assert.ok(repeats <= foretold, `${repeats} came twice, at most ${foretold} were foretold`);
  assert.equal(JSON.parse(last.out).delivery.failed, 0);
});

const twiceIn = (err: string): number =>
  Number(/up to ([\d,]+) more may be in the stream twice/.exec(err)?.[1]?.replaceAll(',', '') ?? 0);

test('a replay that was finished has nothing left to do', async () => {
  const args = [
    'replay',
    input,
    '--stream',
    'killed',
    '--rate',
    '40k/s',
    '--checkpoint',
    checkpoint,
  ];
  const again = await fraudstream([...args, '--resume', '--output', 'json'], embedded.env);
  assert.equal(again.code, 0, again.err);
  assert.match(again.err, /Resuming: 200,000 records were acknowledged$/m);
  assert.equal(JSON.parse(again.out).delivery.sent, 0);
});

test('a changed file, mapping or selection is refused, and a copy of the file is not', async () => {
  const small = join(place, 'small.ndjson');
  const lines = readFileSync(input, 'utf8').split('\n', 100).join('\n');
  writeFileSync(small, lines);
  const position = join(place, 'small.position');
  const run = (path: string, ...more: readonly string[]) =>
    fraudstream(
      ['replay', path, '--stream', 'small', '--speed', 'max', '--checkpoint', position, ...more],
      embedded.env,
    );
  assert.equal((await run(small)).code, 0);
  const unasked = await run(small);
  assert.match(unasked.err, /holds the checkpoint of an earlier run.*--resume/);
  assert.equal(unasked.code, 2);
  const copy = join(place, 'copy.ndjson');
  copyFileSync(small, copy);
  assert.equal((await run(copy, '--resume')).code, 0);
  writeFileSync(copy, lines.replace(/"amount_minor":\d/, '"amount_minor":9'));
  for (const ended of [
    await run(copy, '--resume'),
    await run(small, '--resume', '--filter', 'channel=pos'),
    await run(small, '--resume', '--sort'),
  ]) {
    assert.match(ended.err, /belongs to other files, another mapping or other settings/);
    assert.equal(ended.code, 65);
  }
  writeFileSync(position, 'nonsense');
  assert.match((await run(small, '--resume')).err, /is not a checkpoint of a replay/);
});

test('what could not be delivered is tried again by the next run', async () => {
  const few = join(place, 'few.ndjson');
  writeFileSync(few, readFileSync(input, 'utf8').split('\n', 50).join('\n'));
  const args = ['replay', few, '--speed', 'max', '--checkpoint', join(place, 'few.position')];
  const bad = await fraudstream([
    ...args,
    '--local',
    '--fault',
    'throttle:1',
    '--record-ttl',
    '300',
  ]);
  assert.equal(bad.code, 75);
  const good = await fraudstream([...args, '--resume', '--local', '--output', 'json']);
  assert.equal(good.code, 0, good.err);
  assert.equal(JSON.parse(good.out).delivery.accepted, 50);
});

test('Ctrl-C settles what is under way, so that nothing comes twice', async () => {
  const position = join(place, 'stopped.position');
  const args = ['replay', input, '--local', '--rate', '2k/s', '--checkpoint', position];
  const { child, says, ended } = start([...args, '--progress', 'text'], {});
  await says(/acknowledged/);
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
  const { settled, reserved } = JSON.parse(readFileSync(position, 'utf8'));
  assert.ok(settled > 0);
  assert.equal(settled, reserved);
});
