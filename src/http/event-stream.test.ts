import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventMessage, wholeMessages } from './event-stream.ts';

const MINUTE_MS = 60_000;
const headers = { ':message-type': 'event', ':event-type': 'SubscribeToShardEvent' };
const messages = ['{}', '', 'x'.repeat(500)].map((text) =>
  eventMessage(headers, Buffer.from(text)),
);
const whole = Buffer.concat(messages);

async function* chunks(...all: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* all;
}

async function collected(
  source: AsyncIterable<Buffer>,
  silenceMs = MINUTE_MS,
): Promise<readonly Buffer[]> {
  const found: Buffer[] = [];
  for await (const message of wholeMessages(source, silenceMs)) found.push(message);
  return found;
}

test('an event stream comes message by message, wherever it is cut', async () => {
  for (let at = 0; at <= whole.length; at += 1) {
    const cut = chunks(whole.subarray(0, at), whole.subarray(at));
    assert.deepEqual(await collected(cut), messages);
  }
  const single = Array.from(whole, (_, at) => whole.subarray(at, at + 1));
  assert.deepEqual(await collected(chunks(...single)), messages);
});

test('a message with any one byte changed is never passed on', async () => {
  const [first = Buffer.alloc(0)] = messages;
  for (let at = 0; at < first.length; at += 1) {
    const changed = Buffer.from(first);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    await assert.rejects(collected(chunks(changed, whole)), {
      name: /^(InvalidResponse|ResponseTooLarge)$/,
    });
  }
});

test('an end within a message is an error', async () => {
  for (const left of [1, 11, 13, whole.length - 1]) {
    await assert.rejects(collected(chunks(whole.subarray(0, left))), { name: 'InvalidResponse' });
  }
});

test('a message that says it is huge is refused by its length, before it is waited for', async () => {
  const prelude = eventMessage({}, Buffer.alloc(0)).subarray(0, 12);
  for (const length of [0, 15, 0xff_ff_ff_ff]) {
    const lying = Buffer.from(prelude);
    lying.writeUInt32BE(length, 0);
    await assert.rejects(collected(chunks(lying)), { name: 'InvalidResponse' });
  }
});

test('silence ends the stream, also in the middle of a message', async () => {
  for (const left of [0, 5, 40]) {
    async function* silent(): AsyncGenerator<Buffer> {
      yield whole.subarray(0, left);
      await new Promise(() => undefined);
    }
    await assert.rejects(collected(silent(), 20), { name: 'TimeoutError' });
  }
});

test('a message that goes on for ever, a little at a time, ends as well', async () => {
  async function* slow(): AsyncGenerator<Buffer> {
    yield whole.subarray(0, 12);
    for (;;) {
      await new Promise(setImmediate);
      yield Buffer.alloc(0);
    }
  }
  await assert.rejects(collected(slow(), 20), { name: 'TimeoutError' });
});
