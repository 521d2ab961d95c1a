import { decode } from '@shelacek/ubjson';
import { FraudstreamError } from '../../fraudstream-error.ts';

/** A tree as the file has it: node 0 is the root; a leaf has -1 for its children. */
export interface TreeFile {
  readonly leftChildren: ArrayLike<number>;
  readonly rightChildren: ArrayLike<number>;
  readonly splitIndices: ArrayLike<number>;
  /** Thresholds; of a leaf its value. */
  readonly splitConditions: ArrayLike<number>;
  readonly defaultLeft: ArrayLike<number | boolean>;
}

/** What a booster file says, as far as it is evaluated. */
export interface ModelFile {
  readonly trees: readonly TreeFile[];
  readonly features: number;
  readonly featureNames: readonly string[];
  /** A probability, as text: XGBoost 1 and 2 write `1E-1`, 3 writes `[1E-1]`. */
  readonly baseScore: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Json = Readonly<Record<string, unknown>>;

const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
const objectives = ['binary:logistic', 'reg:logistic'];

/**
 * Reads a booster that XGBoost saved, as JSON or UBJSON.
 *
 * Errors: `bad-data` for bytes that are no booster, and for what is not evaluated here: other boosters
 * than gbtree, several classes or targets, forests, categorical splits, other objectives.
 * Source: dmlc/xgboost, doc/tutorials/saving_model and predict_fn.h.
 */
export function readModelFile(bytes: Uint8Array): ModelFile {
  const learner = objectAt(decoded(bytes), 'learner');
  const booster = objectAt(learner, 'gradient_booster');
  refuse(booster.name !== 'gbtree', `its booster is ${booster.name}, not gbtree`);
  const objective = String(objectAt(learner, 'objective').name);
  refuse(!objectives.includes(objective), `its objective is ${objective}, not ${objectives[0]}`);
  const parameters = objectAt(learner, 'learner_model_param');
  refuse(Number(parameters.num_class ?? 0) > 1, `it has ${parameters.num_class} classes`);
  refuse(Number(parameters.num_target ?? 1) > 1, `it has ${parameters.num_target} targets`);
  const model = objectAt(booster, 'model');
  const forest = objectAt(model, 'gbtree_model_param').num_parallel_tree;
  refuse(Number(forest ?? 1) > 1, `it has ${forest} trees in each round`);
  const names = (learner.feature_names ?? []) as readonly string[];
  const attributes = (learner.attributes ?? {}) as Readonly<Record<string, string>>;
  const features = Number(parameters.num_feature);
  return {
    trees: listAt(model, 'trees').map(treeOf),
    features,
    featureNames: names.length > 0 ? names : namesIn(attributes, features),
    baseScore: String(parameters.base_score),
    attributes,
  };
}

/** Some versions start JSON and UBJSON with the same byte; what follows tells them apart. */
function decoded(bytes: Uint8Array): Json {
  const isJson = bytes[0] === OPEN_BRACE && (bytes[1] === QUOTE || (bytes[1] ?? 0) <= 0x20);
  try {
    // Node's Buffer may be a piece of something larger.
    const copy = new Uint8Array(bytes).buffer;
    return isJson
      ? JSON.parse(Buffer.from(copy).toString('utf8'))
      : (decode(copy, { int64Handling }) as unknown as Json);
  } catch (cause) {
    const message = 'The model is neither JSON nor UBJSON of XGBoost: save it with save_model.';
    throw new FraudstreamError('bad-data', message, { cause });
  }
}

/** Lengths are written in 64 bits. */
const int64Handling = ({ view }: { readonly view: DataView }, at: number): number =>
  Number(view.getBigInt64(at));

function treeOf(value: unknown): TreeFile {
  const tree = value as Json;
  const kinds = (tree.split_type ?? []) as ArrayLike<number>;
  refuse(Array.from(kinds).includes(1), 'it has categorical splits');
  return {
    leftChildren: numbersAt(tree, 'left_children'),
    rightChildren: numbersAt(tree, 'right_children'),
    splitIndices: numbersAt(tree, 'split_indices'),
    splitConditions: numbersAt(tree, 'split_conditions'),
    defaultLeft: numbersAt(tree, 'default_left'),
  };
}

function namesIn(attributes: Readonly<Record<string, string>>, count: number): readonly string[] {
  const written = attributes.feature_names;
  if (written !== undefined) return JSON.parse(written);
  return Array.from({ length: count }, (_, index) => `f${index}`);
}

function objectAt(from: Json, key: string): Json {
  const found = from?.[key];
  if (typeof found === 'object' && found !== null) return found as Json;
  throw new FraudstreamError('bad-data', `The model has no "${key}": it is no booster of XGBoost.`);
}

function listAt(from: Json, key: string): readonly unknown[] {
  return objectAt(from, key) as unknown as readonly unknown[];
}

function numbersAt(from: Json, key: string): ArrayLike<number> {
  return objectAt(from, key) as unknown as ArrayLike<number>;
}

function refuse(isSo: boolean, what: string): void {
  if (!isSo) return;
  const message = `The model cannot be evaluated: ${what}. Train a gbtree for binary:logistic.`;
  throw new FraudstreamError('bad-data', message);
}
