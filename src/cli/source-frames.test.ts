import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sourceFrames } from './source-frames.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-frames-'));
after(() => rmSync(folder, { recursive: true }));

test('a frame of the bundle names the module, line and column it was made of', () => {
  const bundled = join(folder, 'bundle.cjs');
  // The third line of the bundle, from its first column on, is the third line of the module from its third column on.
  const map = { version: 3, sources: ['../kinesis/put.js'], names: [], mappings: ';;AAEE' };
  writeFileSync(`${bundled}.map`, JSON.stringify(map));
  const module = join(folder, '..', 'kinesis', 'put.js');
  assert.deepEqual(
    sourceFrames([`    at put (${bundled}:3:1)`, `    at async file://${bundled}:3:1`]),
    [`    at put (${module}:3:3)`, `    at async ${module}:3:3`],
  );
});

test('a frame without a source map stays as it is', () => {
  const frames = ['    at put (/nowhere/bundle.cjs:3:1)', '    at node:internal/timers:1:2', ''];
  assert.deepEqual(sourceFrames(frames), frames);
});
