import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import { loadModel, type Model, probability } from './model.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'model');
const json = readFileSync(join(fixtures, 'model.json'));
const fromHex = (text: string): number => Buffer.from(text, 'hex').readFloatBE(0);
const cases = readFileSync(join(fixtures, 'margins.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line): { row: string[]; margin: string } => JSON.parse(line));

function marginsOf(model: Model, rows: readonly (readonly number[])[]): readonly string[] {
  const out = new Float32Array(rows.length);
  model.margins(new Float32Array(rows.flat()), rows.length, out);
  return Array.from(out, (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    return bytes.toString('hex');
  });
}

for (const name of ['model.json', 'model.ubj']) {
  test(`${name}: margins are those of XGBoost to the last bit, one by one and many at a time`, () => {
    const model = loadModel(readFileSync(join(fixtures, name)));
    const rows = cases.map(({ row }) => row.map(fromHex));
    const wanted = cases.map(({ margin }) => margin);
    assert.deepEqual(marginsOf(model, rows), wanted);
    assert.deepEqual(
      rows.flatMap((row) => marginsOf(model, [row])),
      wanted,
    );
    const many = Array.from({ length: 7 }, () => rows).flat();
    assert.deepEqual(marginsOf(model, many), Array.from({ length: 7 }, () => wanted).flat());
  });
}

const stopped = readFileSync(join(fixtures, 'early-stopped', 'margins.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line): { model: string; trees: number; rows: string[][]; margins: string[] } =>
    JSON.parse(line),
  );
for (const { model: name, trees, rows, margins } of stopped) {
  test(`${name}: scores are those of the scoring container, also after early stopping`, () => {
    const model = loadModel(readFileSync(join(fixtures, 'early-stopped', name)));
    assert.deepEqual(
      marginsOf(
        model,
        rows.map((row) => row.map(fromHex)),
      ),
      margins,
    );
    assert.equal(model.trees < trees, !name.includes('whole'));
  });
}

test('a best round that is no number is refused', () => {
  for (const value of ['x', '-1', '1.5']) {
    const text = json.toString().replace(/"best_ntree_limit":"5"/, `"best_ntree_limit":"${value}"`);
    assert.throws(() => loadModel(Buffer.from(text)), /its best_ntree_limit is/);
  }
});

test('what the booster says of itself is told', () => {
  const { featureNames, trees, version, threshold, featureSpecification } = loadModel(json);
  assert.deepEqual(featureNames, ['f0', 'f1', 'f2', 'f3']);
  assert.deepEqual([trees, version, threshold, featureSpecification], [5, '7', 0.25, 'abc']);
});

test('a base score of XGBoost 3 is the same as one of XGBoost 1', () => {
  const listed = json.toString().replace(/"base_score":"([^"]+)"/, '"base_score":"[$1]"');
  const rows = cases.map(({ row }) => row.map(fromHex));
  assert.deepEqual(
    marginsOf(loadModel(Buffer.from(listed)), rows),
    marginsOf(loadModel(json), rows),
  );
});

const refused: readonly (readonly [string, RegExp, string, RegExp])[] = [
  ['dart', /"name":"gbtree"/, '"name":"dart"', /its booster is dart/],
  ['classes', /"num_class":"0"/, '"num_class":"3"', /it has 3 classes/],
  ['targets', /"num_target":"1"/, '"num_target":"2"', /it has 2 targets/],
  ['forests', /"num_parallel_tree":"1"/, '"num_parallel_tree":"4"', /4 trees in each round/],
  ['categories', /"split_type":\[0/, '"split_type":[1', /categorical splits/],
  ['another objective', /"binary:logistic"/, '"rank:ndcg"', /its objective is rank:ndcg/],
  ['a base score that is none', /"base_score":"2E-1"/, '"base_score":"7"', /base score is 7/],
  ['another file', /"learner"/, '"teacher"', /no "learner"/],
  ['a cut file', /"version".*/, '', /neither JSON nor UBJSON/],
];
for (const [what, from, to, message] of refused) {
  test(`what would be evaluated wrongly is refused: ${what}`, () => {
    const text = json.toString().replace(from, to);
    assert.notEqual(text, json.toString());
    assert.throws(
      () => loadModel(Buffer.from(text)),
      (error) => error instanceof FraudstreamError && message.test(error.message),
    );
  });
}

test('a probability is that of the margin, and ends are ends', () => {
  assert.equal(probability(0), 0.5);
  assert.ok(Math.abs(probability(2) - 1 / (1 + Math.exp(-2))) < 1e-7);
  assert.ok(probability(-200) > 0 && probability(-200) < 1e-30);
  assert.equal(probability(200), 1);
});

const legacy = Buffer.concat([
  ...['binf', '\0'.repeat(100), 'binary:logistic', '\x06\0\0\0\0\0\0\0', 'gbtree'].map((text) =>
    Buffer.from(text, 'latin1'),
  ),
]);
for (const [what, bytes] of [
  ['the legacy binary format', legacy],
  ['the legacy binary format without its header', legacy.subarray(4)],
  ['a pickle', Buffer.from('\x80\x04\x95\xca\x8c\x0cxgboost.core', 'latin1')],
] as const) {
  test(`${what} is named, with the command that converts it`, () => {
    assert.throws(() => loadModel(bytes), {
      code: 'bad-data',
      message: /Convert it .*python3 -c/s,
    });
  });
}

test('JSON with the NaN of a categorical split is refused as one with categorical splits', () => {
  const text = json.toString('utf8');
  const bent = text
    .replace(/"split_type":\[0/, '"split_type":[1')
    .replace(/"split_conditions":\[[^,\]]+/, '"split_conditions":[NaN');
  assert.throws(() => loadModel(Buffer.from(bent)), { message: /categorical splits/ });
});
