import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import { Random } from '../generators/numbers/random.ts';
import { loadModel } from './model.ts';
import { readUbjson } from './ubjson.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'model');
const json = readFileSync(join(fixtures, 'model.json'), 'utf8');
const ubjson = readFileSync(join(fixtures, 'model.ubj'));

/** Objects of a model, to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: a model that anything may be wrong with has no type.
type Loose = any;

/** The small booster with something changed, as bytes. */
function changed(change: (model: Loose, tree: Loose) => void): Uint8Array {
  const model: Loose = JSON.parse(json);
  change(model, model.learner.gradient_booster.model.trees[0]);
  return Buffer.from(JSON.stringify(model));
}

const refused: Readonly<Record<string, readonly [(model: Loose, tree: Loose) => void, RegExp]>> = {
  'a cycle': [(_, tree) => Object.assign(tree.left_children, [0]), /tree 0 reaches node 0 twice/],
  'a node with two parents': [
    (_, tree) => tree.right_children.splice(0, 1, tree.left_children[0]),
    /tree 0 reaches node 1 twice/,
  ],
  'a missing child': [(_, tree) => tree.left_children.splice(0, 1, 4e9), /no child 4000000000/],
  'half a leaf': [(_, tree) => tree.right_children.splice(0, 1, -1), /no child -1 of node 0/],
  'a list that ends early': [(_, tree) => tree.split_conditions.pop(), /different lengths/],
  'no nodes': [
    (_, tree) => {
      for (const key in tree) if (Array.isArray(tree[key])) tree[key] = [];
    },
    /tree 0 has no nodes/,
  ],
  'a null tree': [
    (model) => model.learner.gradient_booster.model.trees.splice(0, 1, null),
    /is null/,
  ],
  'null trees': [
    (model) => {
      model.learner.gradient_booster.model.trees = null;
    },
    /no "trees"/,
  ],
  'nulls for numbers': [
    (_, tree) => {
      tree.split_conditions[0] = null;
    },
    /no list of numbers/,
  ],
  'an unknown feature': [
    (_, tree) => {
      tree.split_indices[0] = 99;
    },
    /by feature 99/,
  ],
  'half a feature': [
    (_, tree) => {
      tree.split_indices[0] = 0.5;
    },
    /by feature 0\.5/,
  ],
  '4e9 features': [
    (model) => {
      model.learner.learner_model_param.num_feature = '4000000000';
    },
    /it has 4000000000 features/,
  ],
  '-1 features': [
    (model) => {
      model.learner.learner_model_param.num_feature = '-1';
    },
    /num_feature is -1/,
  ],
  '4e9 trees': [
    (model) => {
      model.learner.gradient_booster.model.gbtree_model_param.num_trees = '4000000000';
    },
    /names 4000000000 trees/,
  ],
  'one name too few': [
    (model) => Object.assign(model.learner, { feature_names: ['a'] }),
    /names for 4 features/,
  ],
  'names that are no JSON': [
    (model) => {
      model.learner.feature_names = [];
      model.learner.attributes.feature_names = '[';
    },
    /feature_names is not JSON/,
  ],
  'an objective that has no text': [
    (model) => {
      model.learner.objective.name = { toString: 1 };
    },
    /its objective is \{"toString":1\}/,
  ],
  'a threshold of 7': [
    (model) => {
      model.learner.attributes.threshold = '7';
    },
    /threshold is 7/,
  ],
  'a model nested 200,000 deep': [
    (model) => {
      model.learner.deep = 'DEEP';
    },
    /nested deeper/,
  ],
};

for (const [what, [change, message]] of Object.entries(refused)) {
  test(`${what} in a model is refused by name`, () => {
    const text = Buffer.from(changed(change)).toString('utf8');
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const bytes = Buffer.from(text.replace('"DEEP"', deep));
    assert.throws(
      () => loadModel(bytes),
      (error) => {
        assert.ok(error instanceof FraudstreamError, String(error));
        assert.equal(error.code, 'bad-data');
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('UBJSON is read as it was written, and as JSON has the same model', () => {
  const both = [readUbjson(ubjson), JSON.parse(json)].map((model: Loose) => {
    const { trees } = model.learner.gradient_booster.model;
    return trees.map((tree: Loose) => Array.from(tree.left_children));
  });
  assert.deepEqual(both[0], both[1]);
});

const containers: readonly string[] = [
  '[#l\x7f\xff\xff\xff',
  '[$d#l\x7f\xff\xff\xff',
  '[$Z#l\x7f\xff\xff\xff',
  '[$N#L\x7f\xff\xff\xff\xff\xff\xff\xff',
  '{#l\x7f\xff\xff\xff',
  'SL\x7f\xff\xff\xff\xff\xff\xff\xff',
  '[$L#L\xff\xff\xff\xff\xff\xff\xff\xff',
  '[$',
  '['.repeat(200_000),
  '{U\x01a'.repeat(200_000),
  `[${'N'.repeat(200_000)}`,
  '[[]'.repeat(200_000),
  '',
  'X',
  'Sd\x7f',
];
for (const text of containers) {
  test(`UBJSON that begins with ${JSON.stringify(text.slice(0, 12))} is refused at once`, () => {
    assert.throws(() => readUbjson(Buffer.from(text, 'latin1')), RangeError);
  });
}

test('a model with any byte changed, or cut off anywhere, is a model or is refused', () => {
  const random = new Random(17, 0);
  for (const whole of [ubjson, Buffer.from(json)]) {
    for (let time = 0; time < 3_000; time += 1) {
      const bytes = Buffer.from(whole);
      for (let change = random.below(4); change >= 0; change -= 1) {
        bytes[random.below(bytes.length)] = random.below(256);
      }
      const cut = random.chance(0.2) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
      tryModel(cut);
    }
  }
});

/** Loads it and scores a row, unless it is refused. */
function tryModel(bytes: Uint8Array): void {
  try {
    const model = loadModel(bytes);
    model.margins(new Float32Array(model.featureNames.length), 1, new Float32Array(1));
  } catch (error) {
    assert.ok(error instanceof FraudstreamError && error.code === 'bad-data', String(error));
  }
}
