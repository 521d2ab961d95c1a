import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { arrivalLine, arrivalOf } from '../../dist/transactions/arrival.js';
import { call } from '../support/embedded.ts';
import { type Ended, fraudstream, local, start } from '../support/fraudstream.ts';

let kinesis: EmbeddedKinesis;
let folder: string;
/** What was put to `transactions`, by the producer, line by line. */
let produced: readonly string[];
before(async () => {
  const streams = { transactions: 3, odd: 1, live: 2, killed: 4, again: 2 };
  kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-record-'));
  produced = linesOf((await fraudstream(['generate', '--count', '3000', '--seed', '21'])).out);
  await produce('transactions', produced);
});
after(async () => {
  await kinesis.close();
  await rm(folder, { recursive: true });
});

const there = (): Record<string, string> => ({ ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url });
const at = (name: string): string => join(folder, name);
const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);
const sorted = (lines: readonly string[]): readonly string[] => [...lines].sort();

async function produce(stream: string, lines: readonly string[]): Promise<void> {
  const flags = ['--stream', stream, '--input', '-', '--rate', 'max'];
  const { code, err } = await fraudstream(['produce', ...flags], there(), `${lines.join('\n')}\n`);
  assert.equal(code, 0, err);
}

/** Records all that a stream holds. */
function recorded(...flags: readonly string[]): Promise<Ended> {
  const all = ['--from', 'trim-horizon', '--idle-timeout', '500ms'];
  return fraudstream(['record', ...all, ...flags], there());
}

/** The lines of files whose names begin so; each file must be whole. */
async function linesIn(beginning: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(beginning)).sort();
  const texts = names
    .filter((name) => !name.endsWith('.partial'))
    .map(async (name) => {
      const bytes = await readFile(at(name));
      const text = name.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
      assert.ok(text.endsWith('\n'), `${name} ends in the middle of a line`);
      return linesOf(text);
    });
  return (await Promise.all(texts)).flat();
}

/** A line as it was before it was recorded. */
const payload = (line: string): string => {
  const arrival = arrivalOf(Buffer.from(line));
  assert.ok(arrival && arrival.arrivedAt > 0, line);
  return Buffer.from(arrival.payload).toString();
};

test('files numbered by size hold together what the stream held, each line with its arrival', async () => {
  const flags = ['--rotate-size', '300kB', '--out', at('sized.ndjson.gz'), '--output', 'json'];
  const { code, out, err } = await recorded(...flags);
  assert.equal(code, 0, err);
  const lines = await linesIn('sized-');
  assert.deepEqual(sorted(lines.map(payload)), sorted(produced));
  const { intake, files } = JSON.parse(out);
  assert.equal(intake.records, 3000);
  assert.ok(files.length > 5, out);
  assert.equal(
    files.reduce((sum: number, file: { lines: number }) => sum + file.lines, 0),
    intake.records,
  );
  for (const { line_bytes: lineBytes, bytes } of files) {
    assert.ok(lineBytes <= 300_000 && bytes < lineBytes, out);
  }
});

test('a shard is recorded in the order of its arrivals', async () => {
  await produce('odd', produced.slice(0, 500));
  await recorded('--stream', 'odd', '--out', at('order.ndjson'));
  const lines = await linesIn('order');
  const arrivals = lines.map((line) => Date.parse(JSON.parse(line).arrived_at));
  assert.equal(arrivals.length, 500);
  assert.deepEqual(
    arrivals,
    arrivals.toSorted((a, b) => a - b),
  );
});

test('a payload that is no JSON object on one line is kept in an object about its record', async () => {
  const Records = ['plain text', '{"two":\n"lines"}', '\u0000', '{"one":"line"}\n'].map((text) => {
    return { PartitionKey: 'odd', Data: Buffer.from(text).toString('base64') };
  });
  await call(kinesis, 'CreateStream', { StreamName: 'payloads', ShardCount: 1 });
  await call(kinesis, 'PutRecords', { StreamName: 'payloads', Records });
  const { err, out } = await recorded('--stream', 'payloads', '--out', at('payloads.ndjson'));
  assert.match(out, /Wrapped +3 payloads that are no JSON object on one line/, err);
  const lines = (await linesIn('payloads')).map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map((line) => line.data ?? line.one),
    ['plain text', '{"two":\n"lines"}', '\u0000', 'line'],
  );
  for (const line of lines) assert.ok(Date.parse(line.arrived_at) > 0);
});

test('nothing is overwritten: a file that is there ends the run before it reads', async () => {
  const flags = ['--out', at('once.ndjson'), '--count', '10'];
  assert.equal((await recorded(...flags)).code, 0);
  const before = await readFile(at('once.ndjson'), 'utf8');
  const { code, err } = await recorded(...flags);
  assert.equal(code, 2);
  assert.match(
    err,
    /once\.ndjson exists, and a recording does not overwrite files\. .*--rotate-size/,
  );
  assert.equal(await readFile(at('once.ndjson'), 'utf8'), before);
  const nowhere = await recorded('--out', at('nowhere/once.ndjson'));
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.err, /nowhere.*cannot be written/);
  assert.equal((await recorded('--out', '-')).code, 2);
});

test('a name that promises another form is refused', async () => {
  const { code, err } = await fraudstream(['record', '--stream', 's', '--out', at('day.csv')]);
  assert.equal(code, 2);
  assert.match(err, /a recording is NDJSON/);
});

test('in instalments with a checkpoint each record is written once', async () => {
  const flags = ['--checkpoint', at('parts.checkpoint'), '--out', at('parts.ndjson')];
  for (const more of [['--count', '1'], ['--count', '1234'], []]) {
    const { code, err } = await recorded(...flags, '--rotate-size', '1MB', ...more);
    assert.equal(code, 0, err);
  }
  const lines = await linesIn('parts-');
  assert.deepEqual(sorted(lines.map(payload)), sorted(produced));
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends a recording with all that was read on disk: exit code ${code}`, async () => {
    const flags = ['--from', 'trim-horizon', '--out', at(`${signal}.ndjson.gz`)];
    const run = start(['record', ...flags, '--progress', 'bar', '--output', 'json'], there());
    await run.says(/3,000 read/);
    run.child.kill(signal);
    const ended = await run.ended;
    assert.equal(ended.code, code, ended.err);
    const { intake } = JSON.parse(ended.out);
    const lines = await linesIn(signal);
    assert.equal(intake.records, lines.length);
    assert.deepEqual(sorted(lines.map(payload)), sorted(produced));
  });
}

test('a file that has its time is put in place while the stream is silent', async () => {
  const flags = ['--stream', 'live', '--from', 'trim-horizon', '--out', at('live.ndjson')];
  const rotation = ['--rotate-time', '50ms', '--output', 'ndjson'];
  const run = start(['record', ...flags, ...rotation], there());
  await produce('live', produced.slice(0, 1));
  await run.says(/live-00001\.ndjson/);
  await produce('live', produced.slice(1, 2));
  await run.says(/live-00002\.ndjson/);
  assert.deepEqual((await linesIn('live-')).map(payload), produced.slice(0, 2));
  run.child.kill('SIGINT');
  assert.equal((await run.ended).code, 130);
});

test('--duration ends a recording of a stream that goes on', async () => {
  const flags = ['--stream', 'live', '--duration', '1s', '--out', at('span.ndjson')];
  const { code, out } = await fraudstream(['record', ...flags, '--from', 'trim-horizon'], there());
  assert.equal(code, 0);
  assert.match(out, /Written +2 lines in 1 file /);
});

test('kill -9 leaves whole files only, and with the checkpoint nothing is lost', async () => {
  await produce('killed', produced);
  const flags = ['--stream', 'killed', '--from', 'trim-horizon', '--checkpoint', at('killed.cp')];
  const args = [...flags, '--rotate-size', '100kB', '--out', at('killed.ndjson.gz')];
  for (const [run, published] of [1, 3, 2].entries()) {
    const recorder = start(
      ['record', ...args, '--output', 'ndjson', '--get-records-limit', String(1 + run)],
      there(),
    );
    await recorder.says(new RegExp(`(\\{"path".*\\n){${published}}`));
    recorder.child.kill('SIGKILL');
    await recorder.ended;
    const lines = await linesIn('killed-');
    assert.ok(lines.length > 0);
    for (const line of lines) JSON.parse(line);
  }
  const last = await recorded(...args);
  assert.equal(last.code, 0, last.err);
  const ids = (await linesIn('killed-')).map((line) => JSON.parse(line).transaction_id);
  assert.equal(new Set(ids).size, 3000);
  // Killed between a file and its checkpoint, a run leaves that one file to be read again.
  assert.ok(ids.length - 3000 <= 3 * 140, `${ids.length - 3000} came twice`);
});

test('what was recorded is replayed, and comes back equal from the other stream', async () => {
  await recorded('--out', at('first.ndjson.gz'));
  const flags = ['--stream', 'again', '--by', 'arrival', '--sort', '--speed', 'max'];
  const replayed = await fraudstream(['replay', at('first.ndjson.gz'), ...flags], there());
  assert.equal(replayed.code, 0, replayed.err);
  await recorded('--stream', 'again', '--out', at('second.ndjson'));
  assert.deepEqual(sorted((await linesIn('second')).map(payload)), sorted(produced));
});

test('replay --by arrival keeps the rhythm of the stream, whatever the event times say', async () => {
  const arrivals = [0, 40, 40, 700, 1_000, 61_000];
  const lines = produced.slice(0, arrivals.length).reverse();
  const recording = lines.map((line, place) =>
    Buffer.from(arrivalLine(Buffer.from(line), 1_800_000_000_000 + (arrivals[place] ?? 0)) ?? []),
  );
  await writeFile(at('rhythm.ndjson'), `${recording.toReversed().join('\n')}\n`);
  const flags = [at('rhythm.ndjson'), '--sort', '--by', 'arrival'];
  const plan = await fraudstream(['replay', ...flags, '--dry-run', '--output', 'json']);
  const { expected_ms: expectedMs, out_of_order: outOfOrder } = JSON.parse(plan.out).plan;
  assert.deepEqual([expectedMs, outOfOrder], [61_000, 0]);
  const { out } = await fraudstream(['replay', ...flags, '--to', 'stdout', '--speed', '1000x']);
  assert.deepEqual(linesOf(out), [lines[0], lines[2], lines[1], ...lines.slice(3)]);
  const moved = ['--to', 'stdout', '--speed', 'max', '--time-shift', '1h', '--loop', '2'];
  const twice = linesOf((await fraudstream(['replay', ...flags, ...moved])).out);
  assert.equal(twice.length, 2 * lines.length);
  const first = JSON.parse(lines[0] ?? '');
  assert.equal(
    Date.parse(JSON.parse(twice[0] ?? '').event_time),
    Date.parse(first.event_time) + 3_600_000,
  );
});

test('replay --by arrival of a file that nobody recorded says so: exit code 65', async () => {
  await writeFile(at('plain.ndjson'), `${produced.slice(0, 3).join('\n')}\n`);
  const flags = [at('plain.ndjson'), '--by', 'arrival', '--to', 'stdout'];
  const { code, err } = await fraudstream(['replay', ...flags]);
  assert.equal(code, 65);
  assert.match(err, /has no arrived_at.*leave --by arrival out/);
});
