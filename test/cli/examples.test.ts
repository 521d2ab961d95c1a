import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { fraudstream, local } from '../support/fraudstream.ts';

const COUNT = 200;
const folder = join(import.meta.dirname, '..', '..', 'examples');
/** Those with a contract; the dashboard has a test of its own. */
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'contract.yaml')));
let scratch = '';
let kinesis: EmbeddedKinesis;
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fraudstream-examples-'));
  const streams = { transactions: 1, verdicts: 1 };
  kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none' });
});
after(async () => {
  await kinesis.close();
  await rm(scratch, { recursive: true });
});

test('there are examples of each format', () => {
  assert.deepEqual(names.sort(), ['avro-glue', 'csv', 'flat-json', 'nested-alerts', 'protobuf']);
});

/** What `run --local` says of a contract, by the engine named. */
async function ranLocally(name: string, engine: readonly string[]): Promise<Correlated> {
  const contract = ['--contract', join(folder, name, 'contract.yaml')];
  const bounds = ['--count', String(COUNT), '--seed', '3', '--rate', '200/s', '--warm-up', '0s'];
  const ended = await fraudstream([
    ...['run', '--local', ...engine, ...contract, ...bounds],
    ...['--drain', '5s', '--progress', 'none', '--output', 'json'],
  ]);
  assert.equal(ended.code, 0, ended.err);
  return JSON.parse(ended.out);
}

interface Correlated {
  readonly correlation: Readonly<Record<'sent' | 'matched' | 'rejected', number>> & {
    readonly silent: number | null;
  };
}

for (const name of names) {
  test(`the engine of run --local writes verdicts in the form of the example ${name}`, async () => {
    const { correlation } = await ranLocally(name, []);
    const { sent, matched, rejected, silent } = correlation;
    assert.deepEqual(
      { sent, rejected, settled: matched + (silent ?? 0) },
      { sent: COUNT, rejected: 0, settled: COUNT },
    );
    assert.equal((silent ?? 0) > 0, name === 'nested-alerts');
  });

  test(`the example ${name} writes what it reads, and drives its pipeline`, async () => {
    const contract = ['--contract', join(folder, name, 'contract.yaml')];
    const made = join(scratch, `${name}.${name === 'csv' ? 'csv' : 'ndjson'}`);
    const count = ['--count', String(COUNT), '--seed', '3'];
    const generated = await fraudstream(['generate', ...contract, ...count, '--out', made]);
    assert.equal(generated.code, 0, generated.err);
    const validated = await fraudstream(['validate', ...contract, made]);
    assert.match(validated.out, new RegExp(`${COUNT} valid, 0 invalid`));

    const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
    const pipeline = spawn(process.execPath, [join(folder, 'pipeline.mjs'), name], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const closed = once(pipeline, 'close');
    try {
      await once(pipeline.stderr, 'data');
      const run = ['run', ...contract, ...count, '--rate', '200/s', '--warm-up', '0s'];
      const ended = await fraudstream([...run, '--drain', '5s', '--output', 'json'], env);
      const { correlation } = JSON.parse(ended.out);
      assert.equal(ended.code, 0, ended.err);
      assert.equal(correlation.sent, COUNT);
      const silent = correlation.silent ?? 0;
      assert.ok(correlation.matched > 0);
      assert.equal(correlation.matched + silent, COUNT);
      assert.equal(silent > 0, name === 'nested-alerts');
    } finally {
      pipeline.kill('SIGKILL');
      await closed;
    }
  });
}
