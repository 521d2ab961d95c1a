import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { embeddedClient } from '../../dist/emulators/kinesis/embedded-client.js';
import type { EmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { consume } from '../../dist/kinesis/consumer/consume.js';
import { aggregate } from '../../dist/kpl/aggregate.js';
import { systemClock } from '../../dist/runtime.js';
import { call, started } from '../support/embedded.ts';
import { fraudstream, local } from '../support/fraudstream.ts';

const COUNT = 400;
/** Sub-records of one aggregate, of as many cards. */
const TOGETHER = 10;

interface Keyed {
  readonly partitionKey: string;
  readonly data: Buffer;
}

/** Puts records as aggregates of several partition keys, each under the key of its first record. */
async function putAggregates(
  kinesis: EmbeddedKinesis,
  stream: string,
  records: readonly Keyed[],
): Promise<void> {
  for (let from = 0; from < records.length; from += TOGETHER) {
    const group = records.slice(from, from + TOGETHER);
    const Data = Buffer.from(aggregate(group)).toString('base64');
    const Records = [{ PartitionKey: group[0]?.partitionKey, Data }];
    await call(kinesis, 'PutRecords', { StreamName: stream, Records });
  }
}

async function transactions(): Promise<readonly Keyed[]> {
  const { out } = await fraudstream(['generate', '--count', String(COUNT), '--seed', '5']);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => ({ partitionKey: JSON.parse(line).card_id, data: Buffer.from(line) }));
}

/** Answers every transaction: the first half with verdicts, the second with dead letters. */
async function answered(
  kinesis: EmbeddedKinesis,
  ids: ReadonlySet<string>,
  stop: AbortSignal,
): Promise<void> {
  const input = await embeddedClient('in', kinesis.url);
  const reading = { from: 'trim-horizon', limit: 10_000, pollIntervalMs: 50 } as const;
  const verdicts: Keyed[] = [];
  const letters: Keyed[] = [];
  for await (const { records } of consume(input, { clock: systemClock, stop }, reading)) {
    for (const { data } of records) {
      const { transaction_id: id, card_id: card } = JSON.parse(Buffer.from(data).toString());
      const known = { transaction_id: id, card_id: card };
      const at = '2026-01-01T00:00:00.000Z';
      const times = { event_time: at, scored_at: at };
      const verdict = { ...known, ...times, score: 0, is_fraud_predicted: false };
      const judged = { ...verdict, threshold: 0.5, attempts: 1 };
      const letter = { ...known, error: 'bad_data' };
      const [to, value] = ids.has(id) ? [verdicts, judged] : [letters, letter];
      to.push({ partitionKey: card, data: Buffer.from(JSON.stringify(value)) });
    }
    if (verdicts.length + letters.length < COUNT) continue;
    await putAggregates(kinesis, 'out', verdicts);
    await putAggregates(kinesis, 'dead', letters);
    break;
  }
  input.close();
}

test('verdicts and dead letters in aggregates outside their shard count, and are said to be dropped by a KCL reader', async () => {
  const kinesis = await started({ streams: { in: 1, out: 4, dead: 4 } });
  const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  const records = await transactions();
  const ids = records.map(({ data }) => JSON.parse(data.toString()).transaction_id as string);
  const stop = new AbortController();
  const pipeline = answered(kinesis, new Set(ids.slice(0, COUNT / 2)), stop.signal);
  const file = join(mkdtempSync(join(tmpdir(), 'fraudstream-')), 'run.json');
  const input = `${records.map(({ data }) => data.toString()).join('\n')}\n`;
  const flags = ['--stream', 'in', '--verdict-stream', 'out', '--reject-stream', 'dead'];
  const pace = ['--input', '-', '--rate', 'max', '--warm-up', '0s', '--report', file];
  const ended = await fraudstream(['run', ...flags, ...pace], env, input);
  stop.abort();
  await pipeline;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const { matched, rejected, missing } = report.correlation;
  assert.deepEqual({ matched, rejected, missing }, { matched: 200, rejected: 200, missing: 0 });
  assert.equal(report.unread_verdicts, 0);
  // Every aggregate has ten cards, which four shards cannot hold together.
  assert.equal(report.out_of_range_verdicts, 200);
  assert.equal(report.out_of_range_rejects, 200);
  const said =
    /200 verdicts came in aggregates outside their shard's range: a KCL reader drops them/;
  assert.match(ended.out, said);
  assert.match(ended.out, /200 dead letters came in aggregates outside/);
  for (const ending of ['html', 'md', 'xml']) {
    const to = file.replace('.json', `.${ending}`);
    await fraudstream(['report', file, '--report', to]);
    assert.match(readFileSync(to, 'utf8').replaceAll('&#39;', "'"), said, ending);
  }
  assert.match((await fraudstream(['report', file])).out, said);
});

test('consume, record and score --from-stream count what a KCL reader drops', async () => {
  const kinesis = await started({ streams: { in: 4, out: 1 } });
  const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  await putAggregates(kinesis, 'in', await transactions());
  const folder = mkdtempSync(join(tmpdir(), 'fraudstream-'));
  const out = join(folder, 'recorded.ndjson');
  const reading = ['--from', 'trim-horizon', '--count', String(COUNT)];
  const said = (what: string): RegExp => new RegExp(`400 ${what} came in aggregates outside`);
  for (const command of [
    ['consume', '--stream', 'in', ...reading],
    ['record', '--stream', 'in', '--out', out, ...reading],
  ]) {
    const file = join(folder, `${command[0]}.json`);
    const ended = await fraudstream([...command, '--report', file], env);
    assert.equal(ended.code, 0, ended.err);
    assert.match(ended.out + ended.err, said('records'));
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).intake.out_of_range, COUNT);
    assert.match((await fraudstream(['report', file])).out, said('records'));
  }
  const file = join(folder, 'score.json');
  const score = ['score', '--local', '--from-stream', 'in', '--kinesis-endpoint-url', kinesis.url];
  const ended = await fraudstream([...score, ...reading, '--report', file], env);
  assert.equal(ended.code, 0, ended.err);
  assert.match(ended.out + ended.err, said('transactions'));
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).source.out_of_range_records, COUNT);
  assert.match((await fraudstream(['report', file])).out, said('transactions'));
});
