import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { featureNames } from '../../dist/features/manifest.js';
import { type Ended, fraudstream, local, start } from '../support/fraudstream.ts';
import { folder, linesOf } from '../support/recordings.ts';
import { smallModel } from '../support/small-model.ts';

const place = folder('own-model');
const path = (name: string): string => join(place, name);
const quiet = ['--progress', 'none'];
const COUNT = 400;
/** Of `input`: the verdicts by the features that are computed. */
let computed: readonly Scored[];

interface Scored {
  readonly transaction_id: string;
  readonly score: number;
  readonly threshold: number;
  readonly model_version: string | null;
  readonly features?: readonly (number | null)[];
}

const verdicts = ({ out }: Ended): readonly Scored[] =>
  linesOf(out).map((line) => JSON.parse(line));
const scores = (all: readonly Scored[]): readonly (readonly [string, number])[] =>
  all
    .map(({ transaction_id: id, score }) => [id, score] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

async function succeeded(args: readonly string[], env = {}): Promise<Ended> {
  const outcome = await fraudstream(args, env);
  assert.equal(outcome.code, 0, outcome.err);
  return outcome;
}

before(async () => {
  const world = ['--count', String(COUNT), '--seed', '5', '--cards', '20', '--fraud-rate', '0.1'];
  await succeeded(['generate', ...world, '--out', path('day.ndjson'), '--labels', 'sidecar']);
  for (const form of ['csv', 'ndjson.gz', 'parquet']) {
    const labels = ['--labels', path('day.labels.ndjson')];
    await succeeded([
      'features',
      '--input',
      path('day.ndjson'),
      ...labels,
      '--out',
      path(`rows.${form}`),
      ...quiet,
    ]);
  }
  const model = smallModel({
    names: featureNames,
    attributes: { threshold: '0.7', model_version: 'mine-1' },
  });
  writeFileSync(path('mine.json'), model);
  const labels = ['--labels', path('day.labels.ndjson')];
  computed = verdicts(
    await succeeded(['score', '--local', '--input', path('day.ndjson'), ...labels, ...quiet]),
  );
  assert.equal(computed.length, COUNT);
});

for (const form of ['csv', 'ndjson.gz', 'parquet']) {
  test(`--features given scores what features has written, to the same scores: ${form}`, async () => {
    const flags = ['--features', 'given', '--input', path(`rows.${form}`), '--output', 'json'];
    const outcome = await succeeded([
      'score',
      '--local',
      ...flags,
      '--out',
      path('given.ndjson'),
      ...quiet,
    ]);
    const found = linesOf(readFileSync(path('given.ndjson'), 'utf8')).map((line) =>
      JSON.parse(line),
    );
    assert.deepEqual(scores(found), scores(computed));
    const { quality } = JSON.parse(outcome.out);
    const frauds = linesOf(readFileSync(path('day.labels.ndjson'), 'utf8')).filter(
      (line) => JSON.parse(line).is_fraud,
    );
    assert.equal(quality.true_positives + quality.false_negatives, frauds.length);
  });
}

test('replay --to score takes the rows as well', async () => {
  const flags = ['--to', 'score', '--local', '--features', 'given', '--speed', 'max'];
  const out = ['--out', path('replayed.ndjson'), ...quiet];
  await succeeded(['replay', path('rows.csv'), ...flags, ...out]);
  const found = linesOf(readFileSync(path('replayed.ndjson'), 'utf8'));
  assert.deepEqual(scores(found.map((line) => JSON.parse(line))), scores(computed));
});

test('rows of other features than the model has are refused, and the first difference is named', async () => {
  const text = readFileSync(path('rows.csv'), 'utf8');
  const [second, third] = [featureNames[1] ?? '', featureNames[2] ?? ''];
  const swapped = text.replace(`${second},${third}`, `${third},${second}`);
  const cases: readonly (readonly [string, RegExp])[] = [
    [swapped, new RegExp(`feature 2 is ${third}, and of the model ${second}`)],
    [
      text.replace(`,${second},`, ',mine,'),
      new RegExp(`feature 2 is mine, and of the model ${second}`),
    ],
    [text.replace('card_id', 'CARD'), /has no column card_id/],
    ['transaction_id,event_time,card_id\n', /has no column of a feature/],
  ];
  for (const [bytes, message] of cases) {
    writeFileSync(path('other.csv'), bytes);
    const flags = ['--features', 'given', '--input', path('other.csv')];
    const { code, err } = await fraudstream(['score', '--local', ...flags, ...quiet]);
    assert.equal(code, 65, err);
    assert.match(err, message);
  }
});

test('a row that is none is refused with its line and its column, and the others are scored', async () => {
  const [header = '', ...rows] = linesOf(readFileSync(path('rows.csv'), 'utf8'));
  const bent = (at: number, column: string, text: string): void => {
    const cells = (rows[at] ?? '').split(',');
    cells[header.split(',').indexOf(column)] = text;
    rows[at] = cells.join(',');
  };
  bent(0, 'amount_usd', 'much');
  bent(1, 'is_fraud', '2');
  bent(2, 'event_time', 'yesterday');
  bent(3, 'transaction_id', '');
  bent(4, 'amount_usd', '1e400');
  writeFileSync(path('bent.csv'), [header, ...rows].join('\n'));
  const flags = ['--features', 'given', '--input', path('bent.csv')];
  const outcome = await fraudstream(['score', '--local', ...flags, ...quiet]);
  assert.equal(outcome.code, 65, outcome.err);
  assert.equal(verdicts(outcome).length, COUNT - 5);
  assert.match(outcome.err, /bent\.csv:2: amount_usd must be a number, or empty, not "much"/);
  assert.match(outcome.err, /bent\.csv:3: is_fraud must be 0, 1 or empty, not "2"/);
  assert.match(outcome.err, /bent\.csv:4: event_time must be an instant/);
  assert.match(outcome.err, /bent\.csv:5: transaction_id is required/);
  assert.match(outcome.err, /bent\.csv:6: amount_usd must be a number/);
});

test('an array of features that is not as long as the model has features is refused', async () => {
  const [line = ''] = linesOf(readFileSync(path('day.ndjson'), 'utf8'));
  writeFileSync(path('short.ndjson'), JSON.stringify({ ...JSON.parse(line), features: [1, 2, 3] }));
  const flags = ['--features', 'given', '--input', path('short.ndjson')];
  const { code, err } = await fraudstream(['score', '--local', ...flags, ...quiet]);
  assert.equal(code, 65, err);
  assert.match(
    err,
    /short\.ndjson:1: features must have 69 numbers, as the model has features; it has 3/,
  );
});

test('score --restore goes on where features --snapshot ended: the scores are those of one run', async () => {
  const lines = linesOf(readFileSync(path('day.ndjson'), 'utf8'));
  writeFileSync(path('first.ndjson'), `${lines.slice(0, 250).join('\n')}\n`);
  writeFileSync(path('rest.ndjson'), `${lines.slice(250).join('\n')}\n`);
  const labels = ['--labels', path('day.labels.ndjson')];
  const snapshot = ['--snapshot', path('state.bin'), '--out', path('first.csv')];
  await succeeded(['features', '--input', path('first.ndjson'), ...labels, ...snapshot, ...quiet]);
  const restored = ['--restore', path('state.bin')];
  const rest = ['score', '--local', '--input', path('rest.ndjson'), ...labels, ...quiet];
  const warm = scores(verdicts(await succeeded([...rest, ...restored])));
  const ids = new Set(warm.map(([id]) => id));
  assert.deepEqual(warm, scores(computed.filter(({ transaction_id: id }) => ids.has(id))));
  assert.notDeepEqual(scores(verdicts(await succeeded(rest))), warm);

  const given = ['--features', 'given', '--input', path('rows.csv')];
  const refused = await fraudstream(['score', '--local', ...given, ...restored]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /--restore .* leave it out with --features given/);
  const damaged = await fraudstream(['score', '--local', '--restore', path('day.ndjson')]);
  assert.equal(damaged.code, 65);
  assert.match(damaged.err, /--restore .*day\.ndjson was not written/);
});

const isMine = ({ threshold, model_version: version }: Scored): boolean =>
  threshold === 0.7 && version === 'mine-1';

test('--model scores with a booster of your own: its threshold and its version are in the verdicts', async () => {
  const flags = ['--model', path('mine.json'), '--input', path('day.ndjson'), ...quiet];
  const mine = verdicts(await succeeded(['score', '--local', ...flags]));
  assert.ok(mine.every(isMine));
  assert.equal(new Set(mine.map(({ score }) => score)).size, 2);
  assert.ok(computed.every(({ model_version: version }) => /^fraudstream-1-/.test(version ?? '')));
  const given = verdicts(
    await succeeded(['score', '--local', ...flags, '--threshold', '0.2', '--model-version', 'v']),
  );
  assert.ok(
    given.every(({ threshold, model_version: version }) => threshold === 0.2 && version === 'v'),
  );
});

test('up --model: the endpoint names its model; the threshold of --url is that of --model, else 0.5 with a notice', async () => {
  const up = start(['up', '--model', path('mine.json')], local);
  try {
    const url = JSON.parse(`{${await up.says(/"endpoint":"[^"]+"/)}}`).endpoint;
    const input = ['--input', path('day.ndjson'), ...quiet];
    for (const target of [
      ['--url', `${url}/score`],
      ['--endpoint-name', 'fraud', '--sagemaker-endpoint-url', url],
    ]) {
      const unknown = await succeeded(['score', ...target, ...input], local);
      assert.ok(
        verdicts(unknown).every(
          ({ threshold, model_version: version }) => threshold === 0.5 && version === 'mine-1',
        ),
      );
      assert.match(unknown.err, /The threshold is 0\.5, for the model is not known/);
      const known = await succeeded(
        ['score', ...target, ...input, '--model', path('mine.json')],
        local,
      );
      assert.ok(verdicts(known).every(isMine));
      assert.doesNotMatch(known.err, /The threshold is/);
    }
  } finally {
    up.child.kill('SIGKILL');
    await up.ended;
  }
});

test('run --local --model: verdicts carry the model, and no score differs from it offline', async () => {
  const flags = [
    '--local',
    '--shards',
    '1',
    '--model',
    path('mine.json'),
    '--input',
    path('day.ndjson'),
  ];
  const { out } = await succeeded([
    'run',
    ...flags,
    '--rate',
    '2k/s',
    '--output',
    'json',
    ...quiet,
  ]);
  const { parity, quality } = JSON.parse(out);
  assert.deepEqual([parity.features.compared, parity.features.skewed], [COUNT, 0]);
  assert.ok(quality === undefined || quality.threshold === 0.7);
});

test('demo --model and search --local --model run with a booster of your own', async () => {
  const model = ['--model', path('mine.json')];
  const demo = JSON.parse(
    (
      await succeeded([
        'demo',
        '--count',
        '300',
        '--rate',
        'max',
        ...model,
        '--output',
        'json',
        ...quiet,
      ])
    ).out,
  );
  assert.equal(demo.quality.threshold, 0.7);
  const pace = ['--from-rate', '50/s', '--to-rate', '50/s', '--step', '1s', '--settle', '100ms'];
  const conditions = ['--repeat', '1', '--require', 'p99 < 1m'];
  const search = await fraudstream([
    'search',
    '--local',
    ...model,
    ...pace,
    ...conditions,
    ...quiet,
  ]);
  assert.notEqual(search.code, 65, search.err);
});

test('a model of other features is refused wherever features are computed, and the first difference is named', async () => {
  const names = featureNames.with(4, 'mine');
  writeFileSync(path('other.json'), smallModel({ names }));
  const difference = new RegExp(`feature 5 is ${featureNames[4]}, and of the model mine`);
  writeFileSync(path('fewer.json'), smallModel({ names: featureNames.slice(0, 60) }));
  const attributes = { feature_specification: '0123' };
  writeFileSync(path('old.json'), smallModel({ names: featureNames, attributes }));
  const cases: readonly (readonly [string, RegExp])[] = [
    ['other.json', difference],
    ['fewer.json', new RegExp(`the model has 60 features, and ${featureNames[60]} is one more`)],
    ['old.json', /trained on features of the specification 0123/],
  ];
  const [[otherFile]] = cases as [(typeof cases)[number]];
  const verbs = [['run', '--local'], ['search', '--local'], ['demo']];
  for (const [verb, file, message] of [
    ...cases.map(([file, message]) => [['score', '--local'], file, message] as const),
    ...verbs.map((verb) => [verb, otherFile, difference] as const),
  ]) {
    const { code, err } = await fraudstream([...verb, '--model', path(file)]);
    assert.equal(code, 65, `${verb}: ${err}`);
    assert.match(err, message);
  }
  const unnamed = Array.from(featureNames, (_, at) => `f${at}`);
  writeFileSync(path('unnamed.json'), smallModel({ names: unnamed }));
  const flags = ['--model', path('unnamed.json'), '--input', path('day.ndjson'), ...quiet];
  const found = verdicts(await succeeded(['score', '--local', ...flags]));
  assert.ok(
    found.every(({ model_version: version }) => /^xgboost-[0-9a-f]{8}$/.test(version ?? '')),
  );
});

test('a stream of records with features given is held to the width of the model as well', async () => {
  const kinesis = await startEmbeddedKinesis({ streams: { transactions: 1 } });
  try {
    const env = { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url };
    await succeeded(
      ['produce', '--input', path('short.ndjson'), '--stream', 'transactions', ...quiet],
      env,
    );
    const flags = ['--from-stream', 'transactions', '--count', '1', '--output', 'json'];
    const { code, out } = await fraudstream(
      ['score', '--local', '--features', 'given', ...flags],
      env,
    );
    assert.equal(code, 65);
    assert.equal(JSON.parse(out).source.unread_records, 1);
  } finally {
    await kinesis.close();
  }
});
