import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Ended, program, startProgram } from '../support/fraudstream.ts';

const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const script = join(import.meta.dirname, '..', '..', 'test', 'python', 'terminal.py');
const skip = whyMissing();

const ESC = '\u001b';
const hidden = `${ESC}[?25l`;
const shown = `${ESC}[?25h`;
// It lasts for a second: a bar is drawn five times in it.
const run = ['produce', '--local', '--count', '1000', '--rate', '1k/s', '--seed', '1'];

/** Runs fraudstream where stdout and stderr are one terminal. */
function onTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  ...typing: readonly string[]
): Promise<Ended> {
  const words = [script, ...typing, process.execPath, program, ...args];
  return startProgram(python, words, { TERM: 'xterm', ...env }).ended;
}

test('on a terminal progress is a bar, which is gone and the cursor back at the end', {
  skip,
}, async () => {
  const { code, out } = await onTerminal(run);
  assert.equal(code, 0, out);
  assert.match(out, /[█░]{10} \d+ %, \d:\d\d, /);
  assert.ok(out.indexOf(hidden) >= 0);
  assert.ok(out.lastIndexOf(shown) > out.lastIndexOf(hidden));
  const [, report = ''] = out.split(shown);
  assert.doesNotMatch(report, /[█░]/);
});

for (const env of [{ TERM: 'dumb' }, { CI: 'true' }, { CI: '1' }]) {
  test(`a terminal gets no bar and no escapes with ${JSON.stringify(env)}`, { skip }, async () => {
    const { code, out } = await onTerminal(run, env);
    assert.equal(code, 0, out);
    assert.ok(!out.includes(ESC), out);
    assert.doesNotMatch(out, /[█░]/);
  });
}

test('--progress none draws nothing on a terminal', { skip }, async () => {
  const { code, out } = await onTerminal([...run, '--progress', 'none']);
  assert.equal(code, 0, out);
  assert.doesNotMatch(out, /[█░]/);
  assert.ok(!out.includes(hidden));
});

test('a terminal gets colours: the title of a report, the name in front of an error', {
  skip,
}, async () => {
  const report = await onTerminal([...run, '--progress', 'none']);
  assert.ok(report.out.includes(`${ESC}[1mProduced to transactions`), report.out);
  const { out } = await onTerminal(['demo', '--rate', 'x']);
  assert.ok(out.startsWith(`${ESC}[31m${ESC}[1mfraudstream:${ESC}[22m${ESC}[39m flag`), out);
});

for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
  test(`a terminal gets no colours with ${JSON.stringify(env)}`, { skip }, async () => {
    const report = await onTerminal([...run, '--progress', 'none'], env);
    assert.ok(!report.out.includes(`${ESC}[`), report.out);
    const { out } = await onTerminal(['demo', '--rate', 'x'], env);
    assert.ok(out.startsWith('fraudstream: flag --rate'), out);
  });
}

test('an empty NO_COLOR is none', { skip }, async () => {
  const { out } = await onTerminal(['demo', '--rate', 'x'], { NO_COLOR: '' });
  assert.ok(out.startsWith(ESC), out);
});

test('Ctrl-C leaves nothing of the bar in front of what follows, and no line wraps', {
  skip,
}, async () => {
  const long = ['produce', '--local', '--rate', '200/s', '--duration', '1m', '--seed', '1'];
  const { out } = await onTerminal(long, {}, '--ctrl-c-at', '█');
  assert.match(out, /Stopping/);
  for (const line of screenOf(out)) {
    assert.doesNotMatch(line, /[█░]/);
    assert.ok([...line].length <= 80 || !line.includes('acknowledged'), line);
  }
});

/** The lines of a terminal at the end: each as it was last drawn. */
function screenOf(out: string): readonly string[] {
  return out.split('\n').map((line) => {
    let shown = '';
    for (const part of line.split('\r')) {
      const erased = part.startsWith(`${ESC}[K`) || part.endsWith(`${ESC}[K`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of a terminal.
      const text = part.replace(/\u001b\[\??\d*[a-zA-Z]/g, '');
      shown = erased ? text : text + shown.slice(text.length);
    }
    return shown;
  });
}

test('help is plain on a terminal too', { skip }, async () => {
  const { out } = await onTerminal(['--help']);
  assert.ok(!out.includes(ESC));
});

test('Ctrl-C on a terminal stops a run, which still reports, with the cursor back', {
  skip,
}, async () => {
  const args = ['produce', '--local', '--rate', '100', '--seed', '1'];
  const { code, out } = await onTerminal(args, {}, '--ctrl-c-at', 'kB/s');
  assert.equal(code, 130, out);
  assert.match(out, /Stopping: draining what is in flight/);
  assert.match(out, /User records +[\d,]+ sent/);
  assert.ok(out.lastIndexOf(shown) > out.lastIndexOf(hidden));
});

function whyMissing(): string | false {
  if (process.env.FRAUDSTREAM_REQUIRE_ALL === '1') return false;
  const { status } = spawnSync(python, ['-c', 'import pty']);
  return status === 0 ? false : `no pseudo-terminal: ${python} lacks pty, set FRAUDSTREAM_PYTHON`;
}
