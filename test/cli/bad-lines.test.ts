import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recorded } from '../../dist/files/recorded-transactions.js';
import { start } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';
import { folder, linesOf } from '../support/recordings.ts';

const LINES = 10_000;
const place = folder('bad-lines');

/** What is done to a line, and whether it is still a transaction then. */
const mutations: readonly (readonly [string, (line: Buffer, random: number) => Buffer, boolean])[] =
  [
    ['as it is', (line) => line, true],
    ['cut off', (line, random) => line.subarray(0, 1 + (random % (line.length - 1))), false],
    [
      'a wrong type',
      (line) => replaced(line, /"amount_minor":\d+/, '"amount_minor":"12.50"'),
      false,
    ],
    [
      'a null id',
      (line) => replaced(line, /"transaction_id":"\w+"/, '"transaction_id":null'),
      false,
    ],
    ['NUL bytes', (line, random) => spliced(line, random, Buffer.from([0, 0])), false],
    [
      'bad UTF-8',
      (line) => replaced(line, /"merchant_name":"/, '"merchant_name":"\u00ff', 'latin1'),
      false,
    ],
    ['CR LF', (line) => Buffer.concat([line, Buffer.from('\r')]), true],
    ['a space in front', (line) => Buffer.concat([Buffer.from(' '), line]), true],
    ['an array', (line) => Buffer.concat([Buffer.from('['), line, Buffer.from(']')]), false],
    ['a byte order mark inside', (line) => Buffer.concat([Buffer.from('\uFEFF'), line]), true],
    [
      'a day that is none',
      (line) => replaced(line, /"event_time":"\d{4}-\d\d-\d\d/, '"event_time":"2026-02-30'),
      false,
    ],
    [
      'huge',
      (line) => replaced(line, /"merchant_name":"/, `"merchant_name":"${'x'.repeat(70_000)}`),
      false,
    ],
  ];

function replaced(
  line: Buffer,
  from: RegExp,
  to: string,
  encoding: BufferEncoding = 'utf8',
): Buffer {
  return Buffer.from(
    line.toString('latin1').replace(from, to),
    encoding === 'latin1' ? 'latin1' : 'utf8',
  );
}

function spliced(line: Buffer, random: number, bytes: Buffer): Buffer {
  const at = 1 + (random % (line.length - 2));
  return Buffer.concat([line.subarray(0, at), bytes, line.subarray(at)]);
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test(`${LINES} mutated lines: each is counted with its place, none is lost`, async () => {
  const { out } = await inProcess(['generate', '--count', `${LINES}`, '--seed', '8']);
  const kinds = linesOf(out).map(
    (_, index) => mutations[(index * 7) % mutations.length] ?? mutations[0],
  );
  const mutated = linesOf(out).map((line, index) => {
    const kind = kinds[index];
    assert.ok(kind);
    return kind[1](Buffer.from(line), index * 7919);
  });
  const file = Buffer.concat(mutated.flatMap((line) => [line, Buffer.from('\n')]));
  for (const size of [65_536, 9_973]) {
    const bad: number[] = [];
    let good = 0;
    const input = chunksOf(file, size);
    const settings = { paths: ['-'], input, s3: {}, format: undefined, mapping: undefined };
    const reject = ({ line, bytes }: { line: number; bytes: Uint8Array }): void => {
      bad.push(line);
      // The first line of the file may lose a byte order mark, any line its end.
      assert.ok(
        (mutated[line - 1] ?? Buffer.alloc(0)).includes(Buffer.from(bytes)),
        `line ${line}`,
      );
    };
    for await (const group of recorded({ ...settings, reject })) good += group.length;
    const wanted = kinds.flatMap((kind, index) => (kind?.[2] ? [] : [index + 1]));
    assert.deepEqual(bad, wanted);
    assert.equal(good + bad.length, LINES);
  }
});

test('in CSV a quoted line break belongs to its row, and a bad row has its own line', async () => {
  const path = join(place, 'some.csv');
  const rows = [
    '\uFEFFid,time,card,price,cur,shop',
    'a,2026-01-01T00:00:00Z,c1,1.50,USD,"Quick ""Shop""\nof two lines"',
    'b,yesterday,c1,1.50,USD,x',
    'c,2026-01-01T00:00:01Z,c1,1.505,USD,x',
    'd,2026-01-01T00:00:02Z,c1,1,JPY,x,and more',
    'e,2026-01-01T00:00:03Z,c1,7,JPY,x',
    'f,2026-01-01T00:00:04Z,c1,1.50,"U"SD,x',
    'g,2026-01-01T00:00:05Z,c1,1.5,KWD,last',
  ];
  writeFileSync(path, rows.join('\r\n'));
  const map =
    'transaction_id=id,event_time=time,card_id=card,amount=price,currency=cur,merchant_name=shop';
  const rejects = join(place, 'rejects.csv');
  const args = ['replay', path, '--map', map, '--to', 'stdout', '--speed', 'max'];
  const { code, out, err } = await inProcess([...args, '--rejects', rejects]);
  assert.equal(code, 65);
  const found = linesOf(out).map((line) => JSON.parse(line));
  assert.deepEqual(
    found.map(({ transaction_id, amount_minor }) => [transaction_id, amount_minor]),
    [
      ['a', 150],
      ['e', 7],
      ['g', 1500],
    ],
  );
  assert.equal(found[0].merchant_name, 'Quick "Shop"\nof two lines');
  assert.match(
    err,
    /some\.csv:4: time cannot be read as event_time as iso \(.*\), not "yesterday"/,
  );
  assert.match(err, /some\.csv:5: price has a fraction, and USD has 2 decimals: .*, not "1\.505"/);
  assert.match(err, /some\.csv:6: the line is not CSV/);
  assert.match(err, /some\.csv:8: cur|some\.csv:8: price/);
  assert.match(err, /4 bad lines of the input were not sent/);
});

test('--on-error stop ends the run at the first bad line', async () => {
  const path = join(place, 'stop.ndjson');
  writeFileSync(path, '{"broken\n');
  const args = ['replay', path, '--to', 'stdout', '--on-error', 'stop'];
  const { code, err } = await inProcess(args);
  assert.equal(code, 65);
  assert.match(err, /stop\.ndjson:1: the line is not JSON.*--on-error skip/);
});

test('a damaged archive is told, and what came before it is read', async () => {
  const { out } = await inProcess(['generate', '--count', '3000', '--seed', '8']);
  const { gzipSync } = await import('node:zlib');
  const path = join(place, 'cut.ndjson.gz');
  writeFileSync(path, gzipSync(out).subarray(0, 200_000));
  const args = ['replay', path, '--to', 'stdout', '--speed', 'max', '--progress', 'none'];
  const { code, out: read, err } = await inProcess(args);
  assert.equal(code, 65);
  assert.match(err, /cut\.ndjson\.gz is damaged at byte 200000: it ends too early/);
  assert.ok(linesOf(read).length > 0);
  // A pipe cannot be read again, and gives the same.
  const bent = Buffer.concat([gzipSync(out).subarray(0, 150_000), Buffer.alloc(30_000, 0xff)]);
  writeFileSync(path, bent);
  const file = await inProcess(args);
  const piped = start(['replay', '-', ...args.slice(2)]);
  piped.child.stdin.end(bent);
  const pipe = await piped.ended;
  assert.deepEqual([file.code, pipe.code], [65, 65], file.err + pipe.err);
  assert.ok(linesOf(file.out).length > 500, `${linesOf(file.out).length} lines`);
  assert.equal(pipe.out, file.out);
});
