import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { started } from '../support/embedded.ts';
import { type Ended, fixtures, fraudstream, local } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';
import { folder } from '../support/recordings.ts';

const place = folder('init');
const foreign = join(fixtures, 'foreign');

const samples = [
  ...['afd_transactions_2k', 'sparkov', 'paysim', 'ieee-cis', 'ulb'],
  ...['baf', 'tabformer', 'handbook', 'pandas'],
];

const proposed = (name: string, ...args: readonly string[]): Promise<Ended> =>
  inProcess(['init', ...args, '--out', join(place, name)]);
const textOf = (name: string, file: string): string =>
  readFileSync(join(place, name, file), 'utf8');
const validated = (file: string, ...args: readonly string[]): Promise<Ended> =>
  inProcess(['validate', file, ...args, '--progress', 'none']);

for (const name of samples) {
  test(`what init proposes for ${name} is a mapping that validate accepts without an edit`, async () => {
    const file = join(foreign, `${name}.csv`);
    const ended = await proposed(name, '--sample', file);
    assert.equal(ended.code, 0, ended.err);
    const path = join(place, name, 'mapping.yaml');
    const { code, out, err } = await validated(file, '--map', path);
    assert.equal(code, 0, out + err);
    assert.match(out, / 0 invalid/);
  });
}

/** Samples whose file says the time by itself, without a zone to be known. */
for (const [name, map] of [
  ['afd_transactions_2k', 'afd'],
  ['sparkov', 'sparkov'],
  ['handbook', 'handbook'],
] as const) {
  test(`times, amounts and fields of ${name} are those of the mapping that was made by hand`, async () => {
    const file = join(foreign, `${name}.csv`);
    const read = async (path: string): Promise<readonly (readonly unknown[])[]> => {
      const flags = ['--map', path, '--to', 'stdout', '--speed', 'max', '--limit', '300'];
      const { out } = await inProcess(['replay', file, ...flags]);
      return out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map((one) => [one.transaction_id, one.event_time, one.amount_minor, one.source_ip]);
    };
    const ours = await read(join(place, name, 'mapping.yaml'));
    assert.deepEqual(ours, await read(join(foreign, `${map}.yaml`)));
  });
}

test('the proposal for sparkov hashes its card numbers, and says so', async () => {
  const name = 'pan';
  const ended = await proposed(name, '--sample', join(foreign, 'sparkov.csv'));
  assert.match(ended.out, /Warning: "cc_num" holds card numbers; it is hashed with the salt/);
  assert.match(textOf(name, 'mapping.yaml'), /card_id: \{ from: cc_num, hash: sha256 \}/);
  assert.match(ended.out, /Not assigned \(.*\): ssn, /);
});

const payment = (index: number): object => ({
  event: { eventId: `e-${index}`, at: 1_769_853_600_000 + index },
  card: { token: `c-${index % 3}`, bin: '411111' },
  money: { value: `${index}.5`, ccy: index % 2 === 0 ? 'EUR' : 'USD' },
  merchant: { id: `m-${index % 2}`, mcc: 742, country: 'DE' },
  net: { clientIp: '192.0.2.1' },
  channel: index % 2 === 0 ? 'WEB' : 'STORE',
  contact: { email: 'a@example.org' },
  tags: ['x'],
  score: index,
  isFraud: index === 3 ? 'yes' : 'no',
});
const lines = Array.from({ length: 20 }, (_, index) => JSON.stringify(payment(index)));

test('nested JSON becomes a contract by which validate, replay and generate work, without an edit', async () => {
  const file = join(place, 'theirs.ndjson');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const ended = await proposed('nested', '--sample', file);
  assert.equal(ended.code, 0, ended.err);
  assert.match(ended.out, /20 of 20 sampled records fit/);
  const contract = ['--contract', join(place, 'nested', 'contract.yaml')];
  const text = textOf('nested', 'contract.yaml');
  assert.match(text, /eventId: \$transaction_id +# sure/);
  assert.match(text, /at: \{ field: event_time, as: epoch-milliseconds \}/);
  assert.match(text, /email: \{ faker: internet\.email, per: card_id \} +# not assigned/);
  assert.doesNotMatch(text, /example\.org/);
  const checked = await validated(file, ...contract);
  assert.equal(checked.code, 0, checked.out + checked.err);
  assert.match(checked.out, /20 valid, 0 invalid/);
  const sent = await inProcess(['replay', file, ...contract, '--to', 'stdout', '--speed', 'max']);
  assert.deepEqual(
    sent.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).isFraud),
    lines.map(() => undefined),
  );
  const made = await inProcess(['generate', ...contract, '--count', '3', '--seed', '1']);
  assert.equal(made.code, 0, made.err);
  const keys = Object.keys(payment(0)).filter((key) => key !== 'isFraud');
  for (const line of made.out.trimEnd().split('\n')) {
    assert.deepEqual(Object.keys(JSON.parse(line)), keys);
  }
});

test('a table can become a contract of CSV, and JSON without an id becomes a mapping', async () => {
  const file = join(place, 'rows.csv');
  const rows = Array.from(
    { length: 9 },
    (_, index) => `t${index};31.01.2026 10:0${index}:00;c${index % 2};1.20${index},50;EUR`,
  );
  writeFileSync(file, `${['ref no;trx date;card id;amt;ccy', ...rows].join('\n')}\n`);
  const csv = await proposed('rows', '--sample', file, '--form', 'contract');
  assert.match(csv.out, /9 of 9 sampled records fit/, csv.err + csv.out);
  const checked = await validated(file, '--contract', join(place, 'rows', 'contract.yaml'));
  assert.equal(checked.code, 0, checked.out + checked.err);
  const bare = join(place, 'bare.ndjson');
  const records = [1, 2, 3].map((step) => ({ step, account: 'a', amount: 1.5, ccy: 'EUR' }));
  writeFileSync(bare, `${JSON.stringify(records)}\n`);
  const json = await proposed('bare', '--sample', bare);
  assert.match(json.out, /A mapping, not a contract: the records are not one to a line/);
  assert.equal((await validated(bare, '--map', join(place, 'bare', 'mapping.yaml'))).code, 0);
});

test('a stream is a sample, and doctor says whether its records fit', async () => {
  const kinesis = await started({ streams: { theirs: 1, answers: 1, empty: 1 } });
  const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  const file = join(place, 'streamed.ndjson');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const raw = join(place, 'raw.yaml');
  writeFileSync(
    raw,
    'transactions: { format: raw, id: /event/eventId, event-time: { at: /event/at, as: epoch-milliseconds }, partition-key: /card/token }\n',
  );
  const put = ['--contract', raw, '--speed', 'max', '--progress', 'none'];
  const sent = await fraudstream(['replay', file, ...put, '--stream', 'theirs'], env);
  assert.equal(sent.code, 0, sent.err);
  const out = join(place, 'streamed');
  const made = await fraudstream(['init', '--from-stream', 'theirs', '--out', out], env);
  assert.equal(made.code, 0, made.err);
  assert.match(made.out, /20 of 20 sampled records fit/);
  const contract = join(out, 'contract.yaml');
  const doctor = (verdicts: string): Promise<Ended> =>
    fraudstream(
      ['doctor', '--contract', contract, '--stream', 'theirs', '--verdict-stream', verdicts],
      env,
    );
  writeFileSync(
    contract,
    `${readFileSync(contract, 'utf8')}verdicts: { id: /answer/id, score: /p }\n`,
  );
  await fraudstream(['replay', file, ...put, '--stream', 'answers'], env);
  const bad = await doctor('answers');
  assert.match(bad.out, /✓ transaction +the oldest record of theirs fits the contract/);
  assert.match(bad.out, /✗ verdict +.*does not fit.*\n +Its \/answer\/id is absent/);
  assert.equal(bad.code, 65);
  writeFileSync(
    contract,
    readFileSync(contract, 'utf8').replace(
      /^verdicts: .*$/m,
      'verdicts: { id: /event/eventId, score: { at: /score, scale: 100 } }',
    ),
  );
  assert.equal((await doctor('answers')).code, 0);
  const silent = await doctor('empty');
  assert.match(silent.out, /! verdict +empty had no record within 10 s/);
  assert.equal(silent.code, 0);
  const absent = await doctor('nowhere');
  assert.match(absent.out, /✗ verdict/);
  assert.equal(absent.code, 69);
});

test('nothing is overwritten: the file is named, and none is written', async () => {
  const out = join(place, 'taken');
  mkdirSync(out);
  writeFileSync(join(out, 'contract.yaml'), 'mine');
  const starter = await inProcess(['init', '--out', out]);
  assert.equal(starter.code, 2);
  assert.match(starter.err, /taken\/contract\.yaml exists, and is not overwritten: .*--out/);
  assert.ok(!existsSync(join(out, 'fraudstream.yaml')));
  const sample = await inProcess([
    'init',
    '--sample',
    join(foreign, 'ulb.csv'),
    '--out',
    out,
    '--form',
    'contract',
  ]);
  assert.equal(sample.code, 2);
  assert.equal(readFileSync(join(out, 'contract.yaml'), 'utf8'), 'mine');
});

test('the starter is a contract, settings and a workflow whose steps run', async () => {
  const out = join(place, 'starter');
  const ended = await inProcess(['init', '--out', out]);
  assert.equal(ended.code, 0, ended.err);
  const workflow = parse(
    readFileSync(join(out, '.github', 'workflows', 'fraudstream.yml'), 'utf8'),
  );
  const steps: readonly { readonly name?: string; readonly run?: string }[] =
    workflow.jobs.contract.steps;
  const commands = steps.flatMap(({ name, run = '' }) =>
    ['Generate', 'Validate', 'Replay'].includes(name ?? '') ? [run] : [],
  );
  assert.equal(commands.length, 3);
  for (const command of commands) {
    const words = command
      .replace(/\\\n/g, ' ')
      .replace(/\| tee.*/s, '')
      .trim()
      .split(/\s+/)
      .slice(1);
    const paths = words.map((word) =>
      /\.(yaml|ndjson|json)$/.test(word) ? join(out, word) : word,
    );
    const step = await inProcess([...paths, '--config', join(out, 'fraudstream.yaml')]);
    assert.equal(step.code, 0, step.err + step.out);
  }
});

test('a sample that is not there ends with 66; one that says little is written with what it lacks', async () => {
  const absent = await proposed('absent', '--sample', join(place, 'nowhere.ndjson'));
  assert.equal(absent.code, 66, absent.err);
  assert.match(absent.err, /nowhere\.ndjson/);
  const file = join(place, 'little.csv');
  writeFileSync(file, 'a,b\n1,2\n');
  const little = await proposed('little', '--sample', file);
  assert.match(little.out, /Not found: event_time, amount\. /);
  assert.match(little.out, /It does not load without changes: The mapping lacks event_time/);
});

for (const [what, text, code, reason] of [
  ['an empty file', '', 65, /has no records/],
  ['numbers alone', '1\n2\n', 65, /has no JSON objects/],
  [
    'a record framed by Glue',
    '\u0003\u0000abc\n',
    65,
    /AWS Glue Schema Registry.*avro or protobuf/,
  ],
] as const) {
  test(`a sample of ${what} is refused in one line`, async () => {
    const file = join(place, 'odd.ndjson');
    writeFileSync(file, text);
    const ended = await proposed('odd', '--sample', file);
    assert.equal(ended.code, code, ended.err);
    assert.match(ended.err, reason);
    assert.ok(!existsSync(join(place, 'odd', 'contract.yaml')));
  });
}
