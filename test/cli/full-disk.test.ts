import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shell } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const place = folder('full-disk');
const skip = existsSync('/dev/full') ? false : 'this system has no /dev/full';
const report = join(place, 'report.json');
const lost = { schema_version: 1, command: 'score', scoring: { failed: 3 } };
writeFileSync(report, JSON.stringify({ ...lost, outcome: undefined }));
const bad = join(place, 'bad.ndjson');
writeFileSync(bad, '{"transaction_id":1}\n'.repeat(30));

/** The exit code of a line, which must end by itself. */
async function codeOf(line: string): Promise<number | null> {
  return (await shell(line)).code;
}

const lines: readonly (readonly [what: string, line: string, code: number])[] = [
  ['an error message', 'fraudstream report nonexist.json 2>/dev/full', 66],
  ['an error message and a report', `fraudstream report '${report}' >/dev/full 2>/dev/full`, 69],
  [
    'bad lines',
    `fraudstream score --local --input '${bad}' --progress none 2>/dev/full >/dev/null`,
    65,
  ],
  ['progress', 'fraudstream generate --count 20k --progress text --out /dev/null 2>/dev/full', 0],
  ['the help of no verb', 'fraudstream 2>/dev/full', 2],
  [
    'a report in NDJSON',
    'fraudstream score --local --count 5 --rate max --output ndjson --progress none 2>/dev/full >/dev/null',
    0,
  ],
];

for (const [what, line, code] of lines) {
  test(`a full disk under stderr loses ${what}, and nothing else`, { skip }, async () => {
    assert.equal(await codeOf(line), code);
  });
}

for (const closed of ['2>&-', '2> >(true)', '2>/dev/null']) {
  test(`an error ends with its own code where stderr is ${closed}`, async () => {
    assert.equal(await codeOf(`fraudstream report nonexist.json ${closed}`), 66);
  });
}

test('a full disk under stdout is told once', { skip }, async () => {
  const { err } = await shell('fraudstream generate --count 20k --progress none >/dev/full');
  assert.match(err, /^fraudstream: stdout: ENOSPC[^\n]*\n$/);
});

test('a pipe that does not block loses nothing of what is written', async () => {
  const line = `fraudstream generate --count 20k --seed 1 --progress none | python3 -c '
import os, fcntl, sys, time
fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_NONBLOCK)
lines = 0
while True:
    try:
        chunk = os.read(0, 65536)
    except BlockingIOError:
        time.sleep(0.001)
        continue
    if not chunk:
        break
    lines += chunk.count(b"\\n")
print("lines", lines)
'; echo "codes \${PIPESTATUS[*]}"`;
  const { out } = await shell(line);
  assert.match(out, /lines 20000\ncodes 0 0/);
});

test('a summary of the step that cannot be written is told, and the answer of the report stays', async () => {
  const summary = join(place, 'no-folder', 'summary.md');
  const env = { GITHUB_STEP_SUMMARY: summary };
  const { code, out, err } = await shell(`fraudstream report '${report}' --output github`, env);
  assert.equal(code, 75);
  assert.match(out, /^::error title=fraudstream score::3 transactions could not be scored$/m);
  assert.match(err, /GITHUB_STEP_SUMMARY .*summary\.md cannot be written: ENOENT/);
});
