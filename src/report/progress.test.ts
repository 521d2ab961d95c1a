import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../stream/clock.ts';
import { type Progress, type ProgressForm, progress } from './progress.ts';
import { StatusLine } from './status-line.ts';

/** A clock whose sleepers sleep until they are woken. */
class SleepyClock implements Clock {
  readonly spans: number[] = [];
  #wake: () => void = () => undefined;

  #now = 0;

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.spans.push(ms);
    const until = this.#now + ms;
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#now = until;
        resolve();
      };
      signal?.addEventListener('abort', () => resolve());
    });
  }

  async tick(): Promise<void> {
    this.#wake();
    await breathe();
  }
}

interface Shown {
  readonly clock: SleepyClock;
  readonly chunks: string[];
  readonly shown: Progress;
}

function show(form: ProgressForm, total: number | undefined, isTty: boolean): Shown {
  const clock = new SleepyClock();
  const chunks: string[] = [];
  const screen = { isTty, columns: 80, write: (text: string) => chunks.push(text) };
  let done = 0;
  const moment = () => {
    done += 30;
    return { done, text: `${done} put` };
  };
  return { clock, chunks, shown: progress(form, total, moment, screen, clock) };
}

test('text is a line every five seconds, with the share where the total is known', async () => {
  const { clock, chunks, shown } = show('text', 120, true);
  for (let tick = 0; tick < 5; tick += 1) await clock.tick();
  shown.stop();
  await breathe();
  assert.deepEqual(chunks, [
    '25 %, 0:05, 0:15 left, 30 put\n',
    '50 %, 0:10, 0:10 left, 60 put\n',
    '75 %, 0:15, 0:05 left, 90 put\n',
    '100 %, 0:20, 0:00 left, 120 put\n',
    // More than was planned is no more than all.
    '100 %, 0:25, 0:00 left, 150 put\n',
  ]);
  assert.equal(clock.spans[0], 5000);
});

test('text without a total has the figures alone', async () => {
  const { clock, chunks, shown } = show('text', undefined, true);
  await clock.tick();
  shown.stop();
  assert.deepEqual(chunks, ['0:05, 30 put\n']);
});

test('auto is text where there is no terminal', async () => {
  const { clock, chunks, shown } = show('auto', 120, false);
  await clock.tick();
  shown.stop();
  assert.deepEqual(chunks, ['25 %, 0:05, 0:15 left, 30 put\n']);
});

test('auto is a bar on a terminal, wiped at the end', async () => {
  const { clock, chunks, shown } = show('auto', 120, true);
  await clock.tick();
  shown.stop();
  const drawn = chunks.join('');
  assert.match(drawn, /█{3}░{7} 25 %, 0:00, 0:01 left, 30 put/);
  assert.ok(drawn.lastIndexOf('\u001b[?25h') > drawn.lastIndexOf('25 %'), 'the cursor comes back');
});

test('a bar without a total is its figures alone', async () => {
  const { clock, chunks, shown } = show('bar', undefined, true);
  await clock.tick();
  shown.stop();
  assert.match(chunks.join(''), /30 put/);
  assert.doesNotMatch(chunks.join(''), /[█░%]/);
});

test('none shows nothing and asks for no moment', async () => {
  const { clock, chunks, shown } = show('none', 120, true);
  await clock.tick();
  shown.stop();
  assert.deepEqual([chunks, clock.spans], [[], []]);
});

test('nothing is shown after the stop', async () => {
  const { clock, chunks, shown } = show('text', 120, true);
  shown.stop();
  await clock.tick();
  assert.deepEqual(chunks, []);
});

test('a bar never wraps, and other output leaves nothing of it', async () => {
  const clock = new SleepyClock();
  const chunks: string[] = [];
  const write = (text: string) => chunks.push(text);
  const statusLine = new StatusLine({ columns: 80, write });
  const screen = { isTty: true, columns: 80, statusLine, write };
  const moment = () => ({ done: 1, text: 'x'.repeat(100) });
  const shown = progress('auto', 4, moment, screen, clock);
  await clock.tick();
  const [line = ''] = chunks;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of a terminal.
  const visible = line.replace(/\u001b\[\??\d*[a-zA-Z]|\r/g, '');
  assert.equal([...visible].length, 79);
  assert.match(visible, /…$/);
  statusLine.erase();
  statusLine.erase();
  assert.deepEqual(chunks.slice(1), ['\r\u001b[K']);
  shown.stop();
  assert.deepEqual(chunks.slice(2), ['\u001b[?25h']);
});
