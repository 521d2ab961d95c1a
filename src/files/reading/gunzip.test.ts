import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Random } from '../../generators/numbers/random.ts';
import { byteSource } from './byte-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-gunzip-'));
after(() => rmSync(folder, { recursive: true }));

const random = new Random(8, 0);
const text = Array.from({ length: 40_000 }, () => `${random.below(1e9)}\n`).join('');
const whole = gzipSync(text);

/** What comes out of a file with these bytes, and the error that ends it; the same comes out of a pipe. */
async function read(bytes: Uint8Array): Promise<readonly [string, string | undefined]> {
  const path = join(folder, 'a.gz');
  writeFileSync(path, bytes);
  const [out, error] = await readFrom(path);
  const piped = await readFrom('-', bytes);
  assert.ok(piped[0] === out, `${piped[0].length} of the pipe, ${out.length} of the file`);
  assert.equal(piped[1]?.replace('stdin', path), error);
  return [out, error];
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

async function readFrom(
  path: string,
  bytes: Uint8Array = new Uint8Array(),
): Promise<readonly [string, string | undefined]> {
  const out: Uint8Array[] = [];
  try {
    for await (const piece of await byteSource(path, { input: inPieces(bytes), s3: {} })) {
      out.push(Buffer.from(piece));
    }
  } catch (error) {
    return [Buffer.concat(out).toString(), (error as Error).message];
  }
  return [Buffer.concat(out).toString(), undefined];
}

test('an archive of one or more members is read whole, padded with zeros or not', async () => {
  assert.deepEqual(await read(whole), [text, undefined]);
  const two = Buffer.concat([whole, gzipSync('more\n'), gzipSync(''), Buffer.alloc(1_000)]);
  assert.deepEqual(await read(two), [`${text}more\n`, undefined]);
});

test('behind trailing garbage and a bad checksum nothing is lost, and the offset is told', async () => {
  const garbage = await read(Buffer.concat([whole, Buffer.from('garbage')]));
  assert.equal(garbage[0], text);
  assert.match(garbage[1] ?? '', new RegExp(`damaged at byte ${whole.length}: .*not gzip`));
  const bent = Buffer.from(whole);
  bent[bent.length - 8] = (bent[bent.length - 8] ?? 0) ^ 1;
  const [out, error] = await read(bent);
  assert.equal(out, text);
  assert.match(error ?? '', /checksum does not match/);
});

test('an archive that is cut off, or damaged inside, gives all that comes before', async () => {
  for (const cut of [whole.length - 4, whole.length - 9, 150_000, 70_000, 30]) {
    const [out, error] = await read(whole.subarray(0, cut));
    assert.ok(text.startsWith(out), `${cut}`);
    assert.match(error ?? '', /ends too early/);
    if (cut > 1_000)
      assert.ok(
        out.length > (text.length * (cut - 200)) / whole.length - 70_000,
        `${cut}: ${out.length}`,
      );
  }
  for (const at of [100_000, 130_000, 20]) {
    const bent = Buffer.concat([whole.subarray(0, at), Buffer.alloc(40_000, 0xff)]);
    const [out, error] = await read(bent);
    assert.match(error ?? '', /damaged at byte/);
    const wanted = (text.length * at) / whole.length;
    assert.ok(out.length > wanted - 500, `${out.length} of ${wanted}`);
  }
});
