import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import type { Clock } from '../stream/clock.ts';
import { withRetries } from './retries.ts';

/** A clock that only waits move, and a call that takes so long and then fails. */
function scene(cause: Error, callMs: number): { readonly clock: Clock; call(): Promise<never> } {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  const call = async (): Promise<never> => {
    now += callMs;
    throw new FraudstreamError('unreachable', 'Kinesis could not be reached.', { cause });
  };
  return { clock, call };
}

const named = (name: string): Error => Object.assign(new Error('no answer'), { name });
const coded = (code: string): Error => Object.assign(new Error('connect'), { code });

const silent: readonly (readonly [string, Error])[] = [
  ['drops packets', named('TimeoutError')],
  ['cannot be routed to', coded('EHOSTUNREACH')],
  ['is on a network that is not there', coded('ENETUNREACH')],
  ['times out in the kernel', coded('ETIMEDOUT')],
];
for (const [what, cause] of silent) {
  test(`a first call to an address that ${what} is given up after half a minute`, async () => {
    const { clock, call } = scene(cause, 6_000);
    await assert.rejects(withRetries('ListShards', call, { clock, isFirstCall: true }), {
      code: 'unreachable',
      message: /ListShards failed \d+ times in a row/,
    });
    assert.ok(clock.now() >= 30_000 && clock.now() < 45_000, `after ${clock.now()} ms`);
  });

  test(`a later call to an address that ${what} is tried twenty times`, async () => {
    const { clock, call } = scene(cause, 6_000);
    await assert.rejects(withRetries('ListShards', call, { clock }), { code: 'unreachable' });
    assert.ok(clock.now() > 120_000, `after ${clock.now()} ms`);
  });
}

test('a first call that is answered by failures is tried twenty times', async () => {
  const { clock, call } = scene(named('InternalFailure'), 3_000);
  await assert.rejects(withRetries('ListShards', call, { clock, isFirstCall: true }), {
    message: /failed 20 times in a row/,
  });
});

test('a first call to where nothing listens is given up at once', async () => {
  const { clock, call } = scene(coded('ECONNREFUSED'), 1);
  await assert.rejects(withRetries('ListShards', call, { clock, isFirstCall: true }));
  assert.equal(clock.now(), 1);
});
