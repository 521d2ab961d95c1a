import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fixtures, fraudstream, shell } from '../support/fraudstream.ts';
import { folder, idsOf, linesOf, recordsOf, type There, there } from '../support/recordings.ts';

const foreign = join(fixtures, 'foreign', 'afd_transactions_2k.csv');
const mapping = join(fixtures, 'foreign', 'afd.yaml');
const foreignIds = readFileSync(foreign, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',')[3] ?? '')
  .sort();
const place = folder('replay');
let embedded: There;
let lines: readonly string[];
let day: string;

before(async () => {
  const streams = { foreign: 4, hundred: 4, max: 4, original: 1, loop: 1 };
  embedded = await there(streams);
  const args = ['--count', '2000', '--seed', '5', '--cards', '500', '--labels', 'inline'];
  const { out } = await fraudstream(['generate', ...args]);
  day = out;
  lines = linesOf(out);
  writeFileSync(join(place, 'day.ndjson'), out);
  writeFileSync(join(place, 'day@2x.ndjson.gz'), gzipSync(out));
});

/** What a replay writes to stdout, parsed. */
async function replayed(...args: readonly string[]): Promise<readonly Record<string, never>[]> {
  const { code, out, err } = await fraudstream(
    ['replay', ...args, '--to', 'stdout', '--progress', 'none'],
    {},
    day,
  );
  assert.equal(code, 0, err);
  return linesOf(out).map((line) => JSON.parse(line));
}

for (const [stream, ...timing] of [
  ['max', '--speed', 'max', '--sort'],
  ['hundred', '--speed', '100x', '--max-gap', '20ms', '--sort'],
  ['foreign', '--rate', '5k/s'],
] as const) {
  test(`the foreign file comes back equal by id: ${timing.join(' ')}`, async () => {
    const args = ['replay', foreign, '--map', mapping, '--stream', stream, ...timing];
    const { code, out, err } = await fraudstream([...args, '--output', 'json'], embedded.env);
    assert.equal(code, 0, err);
    const report = JSON.parse(out);
    assert.equal(report.delivery.accepted, 1611);
    const records = await recordsOf(stream, 1611, embedded.env);
    assert.deepEqual(idsOf(records), foreignIds);
    // 11.5 dollars are 1150 cents; the label stays here.
    for (const record of records) assert.ok(!('is_fraud' in record) && record.currency === 'USD');
  });
}

test('at the original speed records leave as far apart as they were recorded', async () => {
  const some = linesOf(day)
    .slice(0, 40)
    .map((line) => JSON.parse(line));
  const from = Date.parse('2026-03-01T00:00:00.000Z');
  const dense = some.map((each, place) => {
    return JSON.stringify({ ...each, event_time: new Date(from + place * 25).toISOString() });
  });
  const path = join(place, 'dense.ndjson');
  writeFileSync(path, dense.join('\n'));
  const args = ['replay', path, '--stream', 'original', '--output', 'ndjson'];
  const { code, out, err } = await fraudstream(args, embedded.env);
  assert.equal(code, 0, err);
  const receipts = linesOf(out).map((line) => JSON.parse(line));
  const dueAt = receipts.map(({ due_at }) => due_at).sort((a, b) => a - b);
  for (const [index, at] of dueAt.entries()) {
    assert.ok(Math.abs(at - dueAt[0] - index * 25) < 0.01, `${index}`);
  }
  assert.deepEqual(idsOf(await recordsOf('original', 40, embedded.env)), idsOf(some));
});

test('NDJSON, gzip, CSV, Parquet, stdin and patterns are the same transactions', async () => {
  const plain = await replayed(join(place, 'day.ndjson'), '--speed', 'max');
  assert.deepEqual(idsOf(plain), idsOf(lines.map((line) => JSON.parse(line))));
  assert.ok(plain.every((record) => !('is_fraud' in record)));
  const make = ['--count', '2000', '--seed', '5', '--cards', '500'];
  for (const name of ['day.csv', 'day.parquet']) {
    const made = await fraudstream(['generate', ...make, '--out', join(place, name)]);
    assert.equal(made.code, 0, made.err);
  }
  const known = ({
    transaction_id,
    event_time,
    amount_minor,
    source_ip,
  }: Record<string, unknown>) =>
    [transaction_id, event_time, amount_minor, source_ip ?? null].join();
  const wanted = plain.map(known);
  for (const path of [
    join(place, 'day@2x.ndjson.gz'),
    join(place, 'd?y.csv'),
    join(place, 'day.parquet'),
    '-',
  ]) {
    assert.deepEqual((await replayed(path, '--speed', 'max')).map(known), wanted, path);
  }
});

test('a pipe with a name is read like a file', async () => {
  const path = join(place, 'day.ndjson');
  const line = `fraudstream replay <(cat '${path}') --local --speed max --output json`;
  const { code, out, err } = await shell(line);
  assert.equal(code, 0, err);
  assert.equal(JSON.parse(out).delivery.accepted, lines.length);
});

test('two files are one stream, in order of the names of a pattern', async () => {
  const half = Math.floor(lines.length / 2);
  writeFileSync(join(place, 'part-1.ndjson'), lines.slice(0, half).join('\n'));
  writeFileSync(join(place, 'part-2.ndjson'), lines.slice(half).join('\n'));
  const found = await replayed(join(place, 'part-*.ndjson'), '--speed', 'max');
  assert.deepEqual(
    found.map(({ transaction_id }) => transaction_id),
    lines.map((line) => JSON.parse(line).transaction_id),
  );
});

test('--from, --until, --filter and --count choose', async () => {
  const all = lines.map((line) => JSON.parse(line));
  const [from, until] = [all[200].event_time, all[900].event_time];
  const args = ['--from', from, '--until', until, '--filter', 'channel=pos'];
  const wanted = all.filter(
    ({ event_time, channel }) => event_time >= from && event_time < until && channel === 'pos',
  );
  const path = join(place, 'day.ndjson');
  const found = await replayed(path, '--speed', 'max', ...args, '--filter', 'amount_minor>=0');
  assert.deepEqual(idsOf(found), idsOf(wanted));
  for (const wrong of ['amount_minor>abc', 'amount_minor=>1000', 'amount_minor>']) {
    const { code, err } = await fraudstream(['replay', path, '--local', '--filter', wrong]);
    assert.equal(code, 2, wrong);
    assert.match(err, /amount_minor is a number, and ".*" is none/);
  }
  const few = await replayed(path, '--speed', 'max', ...args, '--count', '7');
  assert.deepEqual(idsOf(few), idsOf(wanted.slice(0, 7)));
});

test('--loop goes on in time, with ids of their own, and keeps the time that was', async () => {
  const found = await replayed(join(place, 'day.ndjson'), '--speed', 'max', '--loop', '3');
  assert.equal(found.length, 3 * lines.length);
  assert.equal(new Set(idsOf(found)).size, found.length);
  const times = found.map(({ event_time }) => String(event_time));
  assert.deepEqual(times, [...times].sort());
  assert.match(String(found.at(-1)?.transaction_id), /~3$/);
  assert.equal(found.at(-1)?.original_event_time, found[lines.length - 1]?.event_time);
});

test('--time-shift moves event times, and keeps the old ones', async () => {
  const path = join(place, 'day.ndjson');
  const [first] = await replayed(path, '--speed', 'max', '--count', '1', '--time-shift', '-1d');
  const original = JSON.parse(lines[0] ?? '').event_time;
  assert.equal(first?.original_event_time, original);
  assert.equal(Date.parse(String(first?.event_time)), Date.parse(original) - 86_400_000);
  const startedAt = Date.now();
  const now = await replayed(path, '--speed', 'max', '--count', '5', '--time-shift', 'now');
  for (const { event_time } of now) {
    const at = Date.parse(String(event_time));
    assert.ok(at >= startedAt - 1 && at <= Date.now() + 1, String(event_time));
  }
});

test('--sort orders all, --sort-window what is within, and disorder is counted without', async () => {
  const shuffled = lines.map((line, index) => [(index * 7919) % lines.length, line] as const);
  const path = join(place, 'shuffled.ndjson');
  writeFileSync(
    path,
    shuffled
      .sort(([a], [b]) => a - b)
      .map(([, line]) => line)
      .join('\n'),
  );
  const times = (found: readonly Record<string, never>[]) => found.map((each) => each.event_time);
  const wanted = lines.map((line) => JSON.parse(line).event_time);
  assert.deepEqual(times(await replayed(path, '--speed', 'max', '--sort')), wanted);
  const swapped = lines.map((_, index) => lines[index ^ 1] ?? lines[index]);
  const near = join(place, 'swapped.ndjson');
  writeFileSync(near, swapped.join('\n'));
  assert.deepEqual(times(await replayed(near, '--speed', 'max', '--sort-window', '1h')), wanted);
  const { out } = await fraudstream(['replay', near, '--dry-run', '--output', 'json']);
  const behind = wanted.filter((time, index) => index % 2 === 1 && time > wanted[index - 1]);
  assert.equal(JSON.parse(out).plan.out_of_order, behind.length);
});

test('--dry-run tells how many, how long and how fast, and needs no stream', async () => {
  const args = [
    'replay',
    join(place, 'day.ndjson'),
    '--speed',
    '60x',
    '--dry-run',
    '--output',
    'json',
  ];
  const { code, out } = await fraudstream(args);
  assert.equal(code, 0);
  const { plan } = JSON.parse(out);
  const at = lines.map((line) => Date.parse(JSON.parse(line).event_time));
  const spanMs = (at.at(-1) ?? 0) - (at[0] ?? 0);
  assert.equal(plan.records, lines.length);
  assert.equal(plan.span_ms, spanMs);
  assert.ok(Math.abs(plan.expected_ms - spanMs / 60) < 1e-6 * spanMs);
  const seconds = at.map((each) => Math.floor((each - (at[0] ?? 0)) / 60_000));
  const peak = Math.max(
    ...new Set(seconds.map((each) => seconds.filter((s) => s === each).length)),
  );
  assert.equal(plan.peak_per_second, peak);
});

test('an object of S3 is read like a file', async () => {
  const server = createServer((request, response) => {
    const isThere = request.url?.startsWith('/bucket/days/day.ndjson') ?? false;
    response.writeHead(isThere ? 200 : 404).end(isThere ? day : '');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const env = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  const args = ['--speed', 'max', '--to', 'stdout', '--progress', 'none'];
  const found = await fraudstream(['replay', 's3://bucket/days/day.ndjson', ...args], env);
  const absent = await fraudstream(['replay', 's3://bucket/none', ...args], env);
  server.close();
  assert.equal(found.code, 0, found.err);
  assert.equal(linesOf(found.out).length, lines.length);
  assert.equal(absent.code, 66, absent.err);
});

const refused: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  ['no file', ['none.ndjson'], 66, /none\.ndjson cannot be read: there is no such file/],
  ['a pattern without files', ['none-*.ndjson'], 66, /No file matches none-\*/],
  ['an unknown field', ['-', '--filter', 'colour=red'], 2, /no field "colour"/],
  ['an unknown target', ['-', '--map', 'car_id=A'], 78, /sets "car_id", which is not a field/],
  ['a mapping that lacks', ['-', '--map', 'card_id=A'], 78, /lacks event_time/],
  ['a bad speed', ['-', '--speed', '2'], 2, /--speed.*2x/s],
  ['stdin twice', ['-', '--loop', '2'], 2, /stdin can be read only once/],
  ['stdin and a checkpoint', ['-', '--checkpoint', 'c'], 2, /stdin cannot be read again/],
  ['--resume alone', ['-', '--resume'], 2, /--checkpoint/],
];
for (const [what, args, code, message] of refused) {
  test(`replay refuses ${what} with exit code ${code}`, async () => {
    const ended = await fraudstream(['replay', ...args, '--to', 'stdout'], {}, '');
    assert.match(ended.err, message);
    assert.equal(ended.code, code);
  });
}

test('replay --to score: every record gets a verdict, and the labels of the file judge them', async () => {
  const verdicts = join(place, 'verdicts.ndjson');
  const { code, out, err } = await fraudstream([
    ...['replay', join(place, 'day.ndjson'), '--to', 'score', '--local', '--speed', 'max'],
    ...['--batch-rows', '50', '--out', verdicts, '--output', 'json', '--progress', 'none'],
  ]);
  assert.equal(code, 0, err);
  const report = JSON.parse(out);
  assert.equal(report.scoring.scored, 2000);
  assert.equal(report.quality.labelled, 2000);
  const scored = linesOf(readFileSync(verdicts, 'utf8')).map((line) => JSON.parse(line));
  assert.deepEqual(idsOf(scored), idsOf(lines.map((line) => JSON.parse(line))));
});

test('a Parquet file that is none, and a mapping of a column that is not there, are told as such', async () => {
  const broken = join(place, 'broken.parquet');
  writeFileSync(broken, 'no parquet');
  const bad = await fraudstream(['replay', broken, '--to', 'stdout']);
  assert.equal(bad.code, 65);
  assert.match(bad.err, /broken\.parquet cannot be read as Parquet/);
  const columns = 'card_id=NOPE,amount=order_price,event_time=EVENT_TIMESTAMP,currency:USD';
  const lost = await fraudstream(['replay', foreign, '--map', columns, '--to', 'stdout']);
  assert.equal(lost.code, 78);
  assert.match(lost.err, /has no column "NOPE".*It has EVENT_LABEL/);
});
