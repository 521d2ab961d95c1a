import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { started } from '../support/endpoints.ts';
import { fraudstream } from '../support/fraudstream.ts';
import { folder, linesOf } from '../support/recordings.ts';
import { scoreServer } from '../support/score-server.ts';

const place = folder('replay-score');
const day = join(place, 'day.ndjson');
let files = 0;

before(async () => {
  const { out } = await fraudstream(['generate', '--count', '500', '--seed', '5', '--cards', '50']);
  writeFileSync(day, out);
});

interface Verdict {
  readonly score: number;
  readonly is_fraud_predicted: boolean;
  readonly model_version: string;
  readonly features?: readonly unknown[];
}

/** Replays the day to an endpoint on this machine, with this config file. */
async function replayed(config: string, ...args: readonly string[]) {
  files += 1;
  const yaml = join(place, `fraudstream-${files}.yaml`);
  const verdicts = join(place, `verdicts-${files}.ndjson`);
  writeFileSync(yaml, config);
  const line = ['replay', day, '--to', 'score', '--speed', 'max', '--config', yaml];
  const output = ['--out', verdicts, '--output', 'json', '--progress', 'none'];
  const { code, out, err } = await fraudstream([...line, ...args, ...output]);
  assert.equal(code, 0, err);
  return {
    report: JSON.parse(out),
    verdicts: linesOf(readFileSync(verdicts, 'utf8')).map((each): Verdict => JSON.parse(each)),
  };
}

const alarms = (verdicts: readonly Verdict[]): number =>
  verdicts.filter(({ is_fraud_predicted }) => is_fraud_predicted).length;

test('replay --to score takes the threshold of the config file, and a flag overrules it', async () => {
  const strict = await replayed('threshold: 1', '--local');
  assert.equal(alarms(strict.verdicts), 0);
  const inSection = await replayed('threshold: 1\nreplay:\n  threshold: 0', '--local');
  assert.equal(alarms(inSection.verdicts), 500);
  const byFlag = await replayed('threshold: 1', '--local', '--threshold', '0');
  assert.equal(alarms(byFlag.verdicts), 500);
});

test('replay --to score takes every other setting of scoring from the config file', async () => {
  const { report, verdicts } = await replayed(
    'model-version: blue\nwith-features: true\ncost-missed: 7\nbatch-rows: 50\nlocal: true',
  );
  assert.ok(verdicts.every(({ model_version }) => model_version === 'blue'));
  assert.ok(verdicts.every(({ features = [] }) => features.length > 0));
  assert.ok(report.scoring.requests < 500);
  const named = (name: string): string | undefined =>
    report.configuration.find((each: { name: string }) => each.name === name)?.source;
  assert.match(named('model-version') ?? '', /fraudstream-\d+\.yaml:1/);
});

test('a header, a body and a pointer of the config file reach the endpoint', async () => {
  const server = await scoreServer((numbers, request, response) => {
    const isKnown = request.headers['x-api-key'] === 'abc';
    response.writeHead(isKnown ? 200 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ scores: numbers.map(() => 0.25) }));
  });
  try {
    const { verdicts } = await replayed(
      `url: ${server.url}\nheader: { x-api-key: abc }\ncontent-type: application/json\n` +
        `body-template: '{"transactions":"$transactions"}'\nfeatures: raw\nscore-pointer: /scores/*\n`,
    );
    assert.deepEqual(new Set(verdicts.map(({ score }) => score)), new Set([0.25]));
  } finally {
    await server.close();
  }
});

test('--sagemaker-endpoint-url is that of the runtime; its old name --endpoint-url still works', async () => {
  const endpoint = await started('', { name: 'fraud' });
  const args = ['--endpoint-name', endpoint.name, '--region', 'us-east-1', '--features', 'given'];
  files += 1;
  const given = join(place, 'given.ndjson');
  const lines = linesOf(readFileSync(day, 'utf8')).slice(0, 10);
  writeFileSync(
    given,
    lines.map((line) => `${line.replace(/\}$/, ',"features":[1,2,null,0.5]}')}\n`).join(''),
  );
  const env = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  const line = ['replay', given, '--to', 'score', '--speed', 'max', ...args, '--output', 'json'];
  const scored = await fraudstream([...line, '--sagemaker-endpoint-url', endpoint.url], env);
  assert.equal(scored.code, 0, scored.err);
  const before = await fraudstream([...line, '--endpoint-url', endpoint.url], env);
  assert.equal(before.code, 0, before.err);
  assert.match(before.err, /--endpoint-url is deprecated .* use --sagemaker-endpoint-url\./);
  assert.equal(JSON.parse(scored.out).scoring.scored, 10);
});

test('a flag that Kinesis and scoring share has its own default for each', async () => {
  const { code, out, err } = await fraudstream(['replay', '--help-all']);
  assert.equal(code, 0, err);
  const defaults = [...out.matchAll(/--request-timeout <duration>[^-]*\(default: (\w+)\)/g)];
  assert.deepEqual(new Set(defaults.map(([, span]) => span)), new Set(['2s', '6s']));
});
