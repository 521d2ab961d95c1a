import assert from 'node:assert/strict';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { openSink } from './sink.ts';

/** Paths of the files that this process has open. */
function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      // The one that listed the folder.
      return [];
    }
  });
}

test('a file whose last bytes do not fit is closed, and the error names it', {
  skip: !existsSync('/dev/full') && 'needs /dev/full',
}, async () => {
  const sink = await openSink('/dev/full');
  await sink.write('a line\n');
  assert.ok(openFiles().includes('/dev/full'));
  await assert.rejects(sink.end(), { code: 'usage', message: /\/dev\/full/ });
  assert.ok(!openFiles().includes('/dev/full'));
});
