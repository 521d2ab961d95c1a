import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Setting } from '../../dist/cli/settings/define-setting.js';
import { commands } from '../../dist/commands/all-commands.js';
import { inProcess } from '../support/in-process.ts';

const produce = ['produce', '--local', '--count', '100', '--progress', 'none'];
const score = ['score', '--local', '--count', '100', '--output', 'human', '--progress', 'none'];
const run = ['run', '--local', '--count', '10'];

/** A command, its limit, the exit code, and what is said. */
const table: readonly (readonly [readonly string[], string, number, RegExp])[] = [
  [produce, 'accepted < 100', 0, /passed {2}accepted < 100 {2}\(100\)/],
  [produce, 'failed > 0%', 0, /passed {2}failed > 0% {2}\(0\.00 %\)/],
  [produce, 'accepted >= 100%', 99, /FAILED {2}accepted >= 100% {2}\(100 %\)/],
  [produce, 'delivery.response.max > 1ms', 99, /FAILED/],
  [produce, 'records_per_second < 1M/s', 99, /FAILED/],
  [produce, 'retries_by_code.Timeout > 0', 0, /passed/],
  [
    [...score, '--warm-up', '10m'],
    'scoring.response.p50 > 0ms',
    99,
    /latencies include the start(.|\n)*FAILED/,
  ],
  [
    [...score, '--rate', '400/s'],
    'scoring.response.p50 > 0ms',
    0,
    /Warm-up +the run was not longer than --warm-up, so no latency/,
  ],
  [score, 'quality.recall < 101%', 0, /NOT MEASURED|passed|FAILED/],
  [score, 'failures_by_kind.timeout > 0', 0, /passed/],
  [produce, 'failures_by_code.Expierd > 0', 0, /passed.*\(0: no such code was seen\)/],
  [score, 'unscored_by_kind.timeuot > 0', 2, /no figure.*unscored_by_kind\.timeout/],
  [run, 'unscored_by_kind.timeuot > 0', 2, /no figure.*unscored_by_kind\.timeout/],
  [produce, 'respnse.p99 > 1ms', 2, /no figure "respnse\.p99".*delivery\.response\.p99/],
  [produce, 'p99 < 1us', 2, /cannot read/],
  [produce, 'mean > 1ms', 2, /"mean" may mean delivery\.request\.mean, delivery\.response\.mean/],
  [
    produce,
    'response.p99 > 1%',
    2,
    /delivery\.response\.p99 is compared with a limit such as 250ms/,
  ],
  [produce, 'response.p99 over 1ms', 2, /cannot read "response\.p99 over 1ms"/],
  [produce, 'response.p99 = 1ms', 2, /write == for equal/],
  [produce, 'response.p99 > fast', 2, /cannot read/],
  [run, 'latncy.end_to_end.p99 > 1s', 2, /Near it are.*latency\.end_to_end\.p99/],
];
for (const [command, limit, code, said] of table) {
  test(`${command[0]} --fail-if "${limit}" ends with ${code}`, async () => {
    const ended = await inProcess([...command, '--fail-if', limit]);
    if (limit.startsWith('quality')) assert.ok([0, 99].includes(ended.code ?? -1), ended.err);
    else assert.equal(ended.code, code, ended.err);
    assert.match(code === 2 ? ended.err : ended.out, said);
  });
}

/** A condition of `--require`, the exit code, and what is printed: full names for short ones. */
const required: readonly (readonly [readonly string[], string, number, RegExp])[] = [
  [produce, 'p99 < 1h', 0, /passed {2}require delivery\.response\.p99 < 1h/],
  [produce, 'p99 < 0.001ms', 99, /FAILED {2}require delivery\.response\.p99 < 0\.001ms/],
  [produce, 'loss == 0', 0, /passed {2}require delivery\.failed == 0 {2}\(0\)/],
  [produce, 'rate >= 1M/s', 99, /FAILED {2}require delivery\.records_per_second >= 1M\/s/],
  [produce, 'rate >= 1rps', 0, /passed/],
  [score, 'errors < 1%', 0, /passed {2}require scoring\.failed < 1%/],
  [score, 'loss <= 0%', 0, /passed {2}require scoring\.unscored <= 0%/],
  [
    [...run, '--output', 'human'],
    'loss < 0.1%',
    0,
    /passed {2}require correlation\.missing < 0\.1%/,
  ],
  [produce, 'respnse.p99 < 1ms', 2, /--require "respnse\.p99 < 1ms": the report has no figure/],
];
for (const [command, condition, code, printed] of required) {
  test(`${command[0]} --require "${condition}" ends with ${code}`, async () => {
    const ended = await inProcess([...command, '--require', condition]);
    assert.equal(ended.code, code, ended.err);
    assert.match(code === 2 ? ended.err : ended.out, printed);
  });
}

/** Each command with thresholds, on as little as it takes. */
const small: Readonly<Record<string, readonly string[]>> = {
  produce,
  score,
  run,
  replay: ['replay', '-', '--local'],
  // A p99 needs a thousand answers: a second at this rate.
  search: ['search', '--local', ...'--from-rate 1k/s --to-rate 1k/s'.split(' ')],
};

for (const { name, settings, examples } of commands) {
  const failIf = settings.failIf as Setting<readonly unknown[]> | undefined;
  const steps = name === 'search' ? ['--step', '100ms', '--settle', '0s', '--repeat', '1'] : [];
  const written = [
    /"(.*)"/.exec(failIf?.meaning ?? '')?.[1],
    failIf?.parser.example,
    ...examples.flatMap(({ line }) =>
      [...line.matchAll(/--fail-if "([^"]*)"/g)].map(([, example]) => example),
    ),
  ].filter((example) => example !== undefined);
  for (const example of name in small ? new Set(written) : []) {
    test(`${name} knows the figure of the --fail-if in its help: ${example}`, async () => {
      const flags = [...(small[name] ?? []), ...steps, '--fail-if', example];
      const { code, err } = await inProcess(flags);
      assert.notEqual(code, 2, err);
    });
  }
}

test('a wrong --fail-if is answered with one that can be copied into a shell', async () => {
  const { err } = await inProcess([...produce, '--fail-if', 'nothing']);
  assert.match(err, /for example: --fail-if "delivery\.response\.p99>250ms"/);
});

test('replay has thresholds too, and ends early by one that fails', async () => {
  const { out } = await inProcess(['generate', '--count', '200', '--seed', '2']);
  const flags = ['--local', '--rate', '20/s', '--fail-if', 'accepted > 1', '--abort-on-fail'];
  const ended = await inProcess(['replay', '-', ...flags, '--output', 'json'], {}, out);
  assert.equal(ended.code, 99, ended.err);
  const { delivery, thresholds } = JSON.parse(ended.out);
  assert.ok(delivery.sent < 200, `${delivery.sent} sent`);
  assert.equal(thresholds[0].passed, false);
});
