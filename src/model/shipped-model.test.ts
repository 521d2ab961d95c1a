import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { modelBytes } from './shipped-model.ts';

const artifact = join(import.meta.dirname, '..', '..', 'model', 'artifact', 'model.tar.gz');

test('the artifact for SageMaker holds the model that comes with the package', () => {
  assert.deepEqual(Buffer.from(modelBytes(artifact)), Buffer.from(modelBytes()));
});

test('an archive without a model, and one that is none, are told as such', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fraudstream-artifact-'));
  const path = join(folder, 'other.tar.gz');
  try {
    const tar = (size: string, name = '../xgboost-model'): Buffer => {
      const header = Buffer.alloc(1024);
      header.write(name);
      header.write(size, 124);
      return gzipSync(header);
    };
    const others = ['-1000', '77777777777', '', '2000'].map((size) => tar(size));
    for (const bytes of [
      tar('0'),
      ...others,
      tar('1001', 'xgboost-model'),
      gzipSync(Buffer.alloc(1024)),
      Buffer.from([0x1f, 0x8b, 0]),
    ]) {
      writeFileSync(path, bytes);
      assert.throws(() => modelBytes(path), /other\.tar\.gz is not a model artifact/);
    }
    assert.throws(
      () => modelBytes(join(folder, 'none')),
      /cannot be read .*ENOENT.* Check --model/,
    );
    assert.throws(() => modelBytes(join(folder, 'none'), '--parity'), /Check --parity/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
