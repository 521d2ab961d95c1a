import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { FraudstreamError } from '../errors.ts';
import { openOutputFile } from './output-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-output-'));
after(() => rmSync(folder, { recursive: true }));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('what a file held stays until the new one is published', async () => {
  const path = join(folder, 'day.ndjson');
  writeFileSync(path, 'old');
  const file = await openOutputFile(path, { isDigested: true });
  await file.write('new');
  const facts = await file.finish();
  assert.equal(readFileSync(path, 'utf8'), 'old');
  await file.publish();
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.deepEqual(facts, { bytes: 3, sha256: sha256(Buffer.from('new')) });
});

test('a file that is discarded leaves nothing behind', async () => {
  const before = readdirSync(folder);
  const file = await openOutputFile(join(folder, 'never.ndjson.gz'), { isDigested: true });
  await file.write('something');
  await file.discard();
  assert.deepEqual(readdirSync(folder), before);
});

test('bytes may be used again after a write, compressed or not', async () => {
  for (const name of ['again.txt', 'again.txt.gz']) {
    const path = join(folder, name);
    const file = await openOutputFile(path, { isDigested: true });
    const block = Buffer.alloc(300_000);
    for (const letter of 'abc') await file.write(block.fill(letter));
    const facts = await file.finish();
    await file.publish();
    const bytes = readFileSync(path);
    const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    assert.equal(plain.toString(), 'a'.repeat(300_000) + 'b'.repeat(300_000) + 'c'.repeat(300_000));
    assert.deepEqual([facts.bytes, facts.sha256], [bytes.length, sha256(bytes)]);
    const { bytes: length, sha256: digest } = facts.uncompressed ?? facts;
    assert.deepEqual([length, digest], [plain.length, sha256(plain)]);
  }
});

test('a link stays a link: the file behind it is written', async () => {
  const [real, link] = [join(folder, 'real.txt'), join(folder, 'link.txt')];
  writeFileSync(real, 'old');
  symlinkSync(real, link);
  const file = await openOutputFile(link);
  await file.write('new');
  await file.finish();
  await file.publish();
  assert.equal(readFileSync(real, 'utf8'), 'new');
});

test('what is no regular file is written, never replaced', async () => {
  const file = await openOutputFile('/dev/null', { isDigested: true });
  await file.write('gone');
  assert.equal((await file.finish()).bytes, 4);
  await file.publish();
  const again = await openOutputFile('/dev/null');
  await again.discard();
  assert.equal(readFileSync('/dev/null').length, 0);
});

test('a file that cannot be opened is named, with the reason', async () => {
  await assert.rejects(
    openOutputFile(join(folder, 'nowhere', 'day.ndjson'), { isDigested: true }),
    (error) => error instanceof FraudstreamError && /nowhere.*ENOENT/.test(error.message),
  );
});

test('two that write one file at once write two whole ones, and the later stays', async () => {
  const path = join(folder, 'both.ndjson');
  const [one, two] = [await openOutputFile(path), await openOutputFile(path)];
  for (const [file, text] of [[one, 'one\n'] as const, [two, 'two\n'] as const]) {
    for (let line = 0; line < 100; line += 1) await file.write(text);
    await file.finish();
  }
  await two.publish();
  assert.equal(readFileSync(path, 'utf8'), 'two\n'.repeat(100));
  await one.publish();
  assert.equal(readFileSync(path, 'utf8'), 'one\n'.repeat(100));
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('both')),
    ['both.ndjson'],
  );
});
