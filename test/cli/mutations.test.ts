import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FraudstreamError } from '../../dist/errors.js';
import { readCheckpoint } from '../../dist/kinesis/consumer/checkpoint.js';
import { loadModel } from '../../dist/model/model.js';
import { type Ended, fixtures, fraudstream } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';
import { mutatedText } from '../support/mutated-json.ts';
import { seeded } from '../support/seeded.ts';

/** FRAUDSTREAM_MUTATIONS=20 makes as many times more of them. */
const times = Number(process.env.FRAUDSTREAM_MUTATIONS ?? 1);
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-mutations-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** No bug: a code that says what is wrong, a message, no stack. */
function assertClear({ code, out, err }: Ended, codes: readonly number[], text: string): void {
  const where = `code ${code}: ${err.slice(0, 2_000)}\n${text.slice(0, 3_000)}`;
  assert.ok(codes.includes(code ?? -1), where);
  assert.doesNotMatch(err + out, /^\s+at .*\.js:\d+/m, where);
  assert.match(err + out, /\S/, where);
}

const reports = new Map<string, unknown>();
before(async () => {
  const count = ['--count', '120', '--rate', '200/s', '--seed', '7'];
  const made: Readonly<Record<string, readonly string[]>> = {
    run: ['run', '--local', '--shards', '1', ...count, '--require', 'loss < 1%'],
    score: ['score', '--local', ...count, '--warm-up', '0s', '--fail-if', 'errors > 1%'],
  };
  for (const [name, args] of Object.entries(made)) {
    const path = join(folder, `${name}.json`);
    const { code, err } = await fraudstream([...args, '--report', path]);
    assert.equal(code, 0, err);
    reports.set(name, JSON.parse(readFileSync(path, 'utf8')));
  }
  const old = readFileSync(join(fixtures, 'report', 'score.version-1.json'), 'utf8');
  reports.set('old', JSON.parse(old));
  const invalid = file('invalid.ndjson', '{"transaction_id":1}\n{}\nx\n');
  const path = join(folder, 'validate.json');
  await inProcess(['validate', invalid, '--report', path]);
  reports.set('validate', JSON.parse(readFileSync(path, 'utf8')));
});

test('600 reports with a few values changed: each is rendered or refused, none is a bug', async () => {
  const random = seeded(23);
  const outputs = ['html', 'md', 'xml', 'csv', 'json'].map((name) => join(folder, `out.${name}`));
  for (let index = 0; index < 600 * times; index += 1) {
    const name = [...reports.keys()][index % reports.size] ?? '';
    const text = mutatedText(reports.get(name), random);
    const path = file('mutated.json', text);
    const sound = join(folder, name === 'old' ? 'run.json' : `${name}.json`);
    const output = outputs[index % outputs.length] ?? '';
    const line = [
      ['report', path, '--report', output],
      ['report', path, '--output', 'human'],
      ['report', path, '--baseline', sound],
      ['report', sound, path, '--output', 'json'],
      ['report', path, '--fail-if', 'scoring.response.p99 > 1ms'],
    ][index % 5];
    assertClear(await inProcess(line ?? []), [0, 2, 65, 66, 75, 78, 99, 130, 143], text);
  }
});

test('300 checkpoints with a few values changed: each is read or refused as bad data', async () => {
  const random = seeded(24);
  const number = '49590338271490256608559692538361571095921575989136588898';
  const sound = {
    version: 1,
    stream: 'transactions',
    identity: { arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/transactions', createdAt: 1 },
    from: { timestamp: 1_700_000_000_000 },
    shards: {
      'shardId-000000000000': { sequenceNumber: number, subSequenceNumber: 3 },
      'shardId-000000000001': 'end',
      'shardId-000000000002': { sequenceNumber: number, subSequenceNumber: -1 },
    },
    companion: 7,
  };
  for (let index = 0; index < 300 * times; index += 1) {
    const text = mutatedText(sound, random);
    const path = file('mutated.checkpoint', text);
    const checkpoint = await readCheckpoint(path, 'transactions').catch((error: unknown) => {
      assert.ok(
        error instanceof FraudstreamError && error.code === 'bad-data',
        `${error}\n${text}`,
      );
      assert.match(error.message, /mutated\.checkpoint/);
      return undefined;
    });
    for (const position of checkpoint?.positions.values() ?? []) {
      if (typeof position === 'string') assert.equal(position, 'end');
      else assert.match('sequenceNumber' in position ? position.sequenceNumber : '', /^\d+$/);
    }
  }
});

test('200 config files with a few values changed: exit code 0, 2 or 78, and the file is named', async () => {
  const random = seeded(25);
  const sound = {
    region: 'eu-west-1',
    stream: 'transactions',
    seed: 7,
    'fail-if': ['missing > 0', 'p99 > 2s'],
    produce: { rate: '100/s', 'aggregation-max-count': 10, ordered: true },
    run: { 'verdict-stream': 'verdicts', 'late-after': '2s', threshold: 0.5 },
    scenarios: { card_testing: 0.1 },
  };
  for (let index = 0; index < 200 * times; index += 1) {
    // JSON is YAML.
    const text = mutatedText(sound, random);
    const path = file('mutated.yaml', text);
    const command = ['produce', 'run', 'generate', 'up'][index % 4] ?? '';
    const outcome = await inProcess([command, '--config', path, '--print-config']);
    assertClear(outcome, [0, 2, 78], text);
    if (outcome.code === 78) assert.match(outcome.err, /mutated\.yaml/, text);
  }
});

test('200 contract files with a few values changed: each is used or refused with 78', async () => {
  const random = seeded(26);
  const names = readdirSync(join(fixtures, 'contracts')).filter((name) => name.endsWith('.json'));
  const contracts = names.map((name) => {
    const whole = JSON.parse(readFileSync(join(fixtures, 'contracts', name), 'utf8'));
    return whole.contract ?? whole;
  });
  const input = file('lines.ndjson', '{"transaction_id":"a"}\n{"id":"x","amount":1.5}\n');
  for (let index = 0; index < 200 * times; index += 1) {
    const text = mutatedText(contracts[index % contracts.length], random);
    const path = file('contract.json', text);
    const outcome = await inProcess(['validate', input, '--contract', path]);
    assertClear(outcome, [0, 2, 65, 66, 78], text);
  }
});

test('300 models with a few values changed: each is loaded or refused as a bad config', () => {
  const random = seeded(27);
  const sound = JSON.parse(readFileSync(join(fixtures, 'model', 'model.json'), 'utf8'));
  const { learner } = sound;
  // A small one, so that a change hits what matters.
  const { trees, tree_info } = learner.gradient_booster.model;
  learner.gradient_booster.model.trees = trees.slice(0, 2);
  learner.gradient_booster.model.tree_info = tree_info.slice(0, 2);
  const { gbtree_model_param } = learner.gradient_booster.model;
  gbtree_model_param.num_trees = '2';
  loadModel(Buffer.from(JSON.stringify(sound)));
  for (let index = 0; index < 300 * times; index += 1) {
    const text = mutatedText(sound, random);
    try {
      loadModel(Buffer.from(text));
    } catch (error) {
      const isClear = error instanceof FraudstreamError && error.code !== 'internal';
      assert.ok(
        isClear,
        `${error instanceof Error ? error.stack : error}\n${text.slice(0, 2_000)}`,
      );
    }
  }
});
