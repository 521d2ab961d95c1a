import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { INVOCATIONS_PER_INSTANCE } from '../lib/scoring/container-rate.ts';
import { capacities } from '../scripts/cost-model.js';
import { root, shell } from './tools.ts';

const script = join(root, 'pipeline', 'deploy.sh');
/** Seconds of a month of 730 hours. */
const MONTH = 730 * 3600;
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-cost-'));
});
after(() => rm(folder, { recursive: true }));

interface Row {
  readonly units: string;
  readonly dollars: number;
}

/** What `deploy.sh cost` prints, by the first words of its lines; that it adds up is looked at each time. */
async function cost(words: string): Promise<ReadonlyMap<string, Row>> {
  const { stdout } = await shell('bash', [script, 'cost', ...words.split(' ').filter(Boolean)]);
  const lines = stdout.matchAll(/^(\S.*?) {2,}(?:(\S.*?) {2,})? *([\d.]+) USD$/gm);
  const rows = new Map(
    [...lines].map(([, what = '', units = '', dollars]) => [
      what,
      { units, dollars: Number(dollars) },
    ]),
  );
  const all = [...rows].filter(([what]) => what !== 'A month');
  const sum = all.reduce((so_far, [, { dollars }]) => so_far + dollars, 0);
  assert.ok(Math.abs(sum - dollarsOf(rows, 'A month')) < 0.1, stdout);
  return rows;
}

function dollarsOf(rows: ReadonlyMap<string, Row>, what: string): number {
  return rows.get(what)?.dollars ?? Number.NaN;
}

function isNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 0.01 + expected * 1e-4, `${actual}, not ${expected}`);
}

test('10,000 verdicts a second, each a record of its own, on provisioned shards: 477 dollars, not 50', async () => {
  const rows = await cost('--rate 10000 --mode provisioned --verdicts single');
  const shards = 10 * 730 * 0.015;
  const putUnits = ((10_000 * MONTH) / 1e6) * 0.014;
  isNear(dollarsOf(rows, 'Kinesis, verdicts'), shards + putUnits);
  isNear(dollarsOf(rows, 'Kinesis, verdicts'), 477.42);
  assert.match(rows.get('Kinesis, verdicts')?.units ?? '', /^10 shards, 10,000 Kinesis records\/s/);
  // The template gives rejects as many shards as verdicts, and they are paid for when nothing is rejected.
  isNear(dollarsOf(rows, 'Kinesis, rejects'), shards);
});

test('on demand a record counts as the next kilobyte', async () => {
  const single = await cost('--rate 10000 --verdicts single');
  const gib = (bytes: number): number => (10_000 * bytes * MONTH) / 2 ** 30;
  const hours = 730 * 0.04;
  isNear(dollarsOf(single, 'Kinesis, verdicts'), hours + gib(1024) * 0.08 + gib(330) * 0.04);
  const large = await cost('--rate 10000 --verdicts single --verdict-bytes 1100');
  isNear(dollarsOf(large, 'Kinesis, verdicts'), hours + gib(2048) * 0.08 + gib(1100) * 0.04);
  const aggregated = dollarsOf(await cost('--rate 10000'), 'Kinesis, verdicts');
  assert.ok(aggregated < dollarsOf(single, 'Kinesis, verdicts') / 2, 'aggregates waste nothing');
});

test('a PUT payload unit is 25 KB: a record of 26 KB is two', async () => {
  const dollars = async (bytes: number): Promise<number> => {
    const words = `--rate 100 --mode provisioned --shards 4 --producer single --bytes ${bytes}`;
    return dollarsOf(await cost(words), 'Kinesis, transactions');
  };
  const shards = 4 * 730 * 0.015;
  isNear(await dollars(25 * 1024), shards + ((100 * MONTH) / 1e6) * 0.014);
  isNear(await dollars(26 * 1024), shards + ((200 * MONTH) / 1e6) * 0.014);
});

test('shards, KPUs and instances follow the rate, and its peak', async () => {
  const units = async (words: string): Promise<string> =>
    [...(await cost(`--mode provisioned ${words}`)).values()].map((row) => row.units).join('; ');
  const slow = await units('--rate 1000');
  assert.match(slow, /^1 shards.*; 1 shards.*; 1 shards.*; 2 \+ 1 KPUs.*; 2 instances/);
  const fast = await units('--rate 100000');
  assert.match(fast, /^57 shards.*; 57 shards.*; 57 shards.*; 20 \+ 1 KPUs.*; 10 instances/);
  assert.match(await units('--rate 10000 --peak 10'), /^57 shards.*; 20 \+ 1 KPUs.*; 10 instances/);
  assert.match(await units('--rate 1000 --shards 16'), /^16 shards.*; 16 shards/);
  assert.match(await units('--parallelism 32 --instances 7'), /16 \+ 1 KPUs.*; 7 instances/);
});

test('a state that is too large for the KPUs of the rate asks for more', async () => {
  const rows = await cost('--rate 10000 --cards 1000000000');
  const bytes = 1e9 * capacities.cardBytes + 10_000 * 86_400 * capacities.duplicateBytes;
  const kpus = Math.ceil(bytes / capacities.kpuStateBytes);
  assert.match(
    rows.get('Managed Flink')?.units ?? '',
    new RegExp(`^${kpus} \\+ 1 KPUs, for the state`),
  );
});

test('the estimate knows what scaling aims at, and every metric that an alarm of the template looks at', async () => {
  assert.equal(capacities.instanceInvocations, INVOCATIONS_PER_INSTANCE);
  const file = join(root, 'pipeline', 'templates', 'fraudstream-sagemaker.template.json');
  const metrics = [...(await readFile(file, 'utf8')).matchAll(/"AlarmDescription"/g)].length;
  const units = (await cost('')).get('CloudWatch and S3')?.units ?? '';
  assert.ok(Number(/^\d+/.exec(units)?.[0]) > metrics, 'an alarm of several metrics is several');
});

test('requests are what costs: more rows in each, or SageMaker without the API', async () => {
  const total = async (words: string): Promise<number> => dollarsOf(await cost(words), 'A month');
  const base = await total('');
  assert.ok((await total('--batch-rows 1')) > 3 * base);
  assert.ok((await total('--job-calls sagemaker')) < base);
  const log = (await cost('')).get('Access log of the API');
  assert.ok((log?.dollars ?? 0) > 1, 'CloudWatch Logs takes a line for each request');
  const prices = join(folder, 'prices.json');
  await writeFile(prices, '{"kpuHour": 1000}');
  assert.ok((await total(`--prices ${prices}`)) > 1e6);
});

for (const [words, message] of [
  ['--rate 0', /--rate is 0: a number above 0 is needed/],
  ['--mode reserved', /--mode is reserved: on-demand or provisioned is needed/],
  ['--speed 1', /speed/],
] as const) {
  test(`"cost ${words}" is refused, and said what is needed`, async () => {
    await assert.rejects(cost(words), (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 2);
      assert.match(error.stderr, message);
      return true;
    });
  });
}

test('docs/scale.md says what the estimate says', async () => {
  const docs = await readFile(join(root, 'docs', 'scale.md'), 'utf8');
  const said = [...docs.matchAll(/^ {4}pipeline\/deploy\.sh cost (.*?) +# (\d+) USD$/gm)];
  assert.equal(said.length, 8);
  for (const [, words = '', dollars] of said) {
    const total = dollarsOf(await cost(words), 'A month');
    assert.equal(Math.round(total), Number(dollars), words);
    const [, row] = docs.split('## By decade');
    const grouped = Math.round(total).toLocaleString('en');
    assert.ok(row?.includes(grouped) || row?.includes(`${dollars} USD`), `${grouped} in a table`);
  }
});
