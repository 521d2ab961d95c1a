import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { fraudstream, local } from '../support/fraudstream.ts';

let kinesis: EmbeddedKinesis;
before(async () => {
  kinesis = await startEmbeddedKinesis({ streams: { transactions: 4 }, shardLimits: 'none' });
});
after(() => kinesis.close());

const SEED = ['--seed', '6'];
type Line = { readonly transaction_id: string; readonly event_time: string };
const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** What tells a process which slice is its own. */
const ways: readonly (readonly [
  string,
  (index: number) => readonly [readonly string[], Record<string, string>],
])[] = [
  ['--partition', (index) => [['--partition', `${index + 1}/2`], {}]],
  [
    'the variables of an AWS Batch array job',
    (index) => [[], { AWS_BATCH_JOB_ARRAY_INDEX: `${index}`, AWS_BATCH_JOB_ARRAY_SIZE: '2' }],
  ],
  [
    'the variables of a Kubernetes indexed Job',
    (index) => [[], { JOB_COMPLETION_INDEX: `${index}`, JOB_COMPLETIONS: '2' }],
  ],
];
for (const [what, said] of ways) {
  test(`two processes that are told by ${what} make disjoint ids whose union is the whole world`, async () => {
    const days = ['generate', '--days', '0.002', ...SEED];
    const whole = linesOf((await fraudstream(days)).out);
    const slices = await Promise.all(
      [0, 1].map(async (index) => {
        const [flags, env] = said(index);
        return linesOf((await fraudstream([...days, ...flags], env)).out);
      }),
    );
    const ids = (lines: readonly Line[]): readonly string[] =>
      lines.map(({ transaction_id: id }) => id).sort();
    assert.ok(slices.every(({ length }) => length > whole.length / 4));
    assert.deepEqual(ids(slices.flat()), ids(whole));
  });
}

test('two processes that put slices to one stream put the beginning of one world', async () => {
  const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  const produce = ['produce', '--count', '2000', '--rate', 'max', ...SEED, '--output', 'json'];
  const ended = await Promise.all(
    ['1/2', '2/2'].map((slice) => fraudstream([...produce, '--partition', slice], env)),
  );
  for (const { code, err } of ended) assert.equal(code, 0, err);
  const consume = ['consume', '--from', 'trim-horizon', '--count', '4000', '--idle-timeout', '10s'];
  const consumed = linesOf((await fraudstream(consume, env)).out);
  const ids = new Set(consumed.map(({ transaction_id: id }) => id));
  assert.equal(ids.size, 4_000);
  const whole = linesOf((await fraudstream(['generate', '--count', '6000', ...SEED])).out);
  const place = whole.findIndex(({ transaction_id: id }) => !ids.has(id));
  // One slice was at its end a little earlier than the other: up to there nothing is missing.
  assert.ok(place > 3_000, `the first ${place} of the world are there`);
});

test('a task of a Kubernetes Job that is not told how many there are makes nothing', async () => {
  const ended = await fraudstream(['generate', ...SEED], { JOB_COMPLETION_INDEX: '1' });
  assert.equal(ended.code, 78);
  assert.match(ended.err, /FRAUDSTREAM_PARTITION.*task 2.*JOB_COMPLETIONS/);
  assert.equal(ended.out, '');
});

test('a slice without a seed is refused: nobody could make the others', async () => {
  const ended = await fraudstream(['generate', '--partition', '1/2']);
  assert.equal(ended.code, 2);
  assert.match(ended.err, /--partition needs --seed/);
});
