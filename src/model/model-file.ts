import { FraudstreamError, messageOf } from '../errors.ts';
import { parseJson } from '../text/parse-json.ts';
import { readUbjson } from './ubjson.ts';

/** A tree as the file has it: node 0 is the root; a leaf has -1 for its children. */
export interface TreeFile {
  readonly leftChildren: ArrayLike<number>;
  readonly rightChildren: ArrayLike<number>;
  readonly splitIndices: ArrayLike<number>;
  /** Thresholds; of a leaf its value. */
  readonly splitConditions: ArrayLike<number>;
  readonly defaultLeft: ArrayLike<number | boolean>;
}

/** What a booster file says, as far as it is evaluated: of early stopping, the trees up to the best round. */
export interface ModelFile {
  readonly trees: readonly TreeFile[];
  readonly features: number;
  readonly featureNames: readonly string[];
  /** A probability, as text: XGBoost 1 and 2 write `1E-1`, 3 writes `[1E-1]`. */
  readonly baseScore: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type JsonObject = Readonly<Record<string, unknown>>;

const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
/** Objects of JSON take many times the memory of their text. */
const JSON_BYTES = 67_108_864;
const MOST_FEATURES = 65_536;
const MOST_DEPTH = 1_000;
const objectives = ['binary:logistic', 'reg:logistic'];

/**
 * Reads a booster that XGBoost saved, as JSON or UBJSON.
 *
 * Every tree is checked to be one: children within it, each node reached once. Time and memory are bounded by the
 * bytes. Errors: `bad-data` for bytes that are no booster, and for what is not evaluated here: other boosters
 * than gbtree, several classes or targets, forests, categorical splits, other objectives.
 * Source: dmlc/xgboost, doc/tutorials/saving_model and predict_fn.h.
 */
export function readModelFile(bytes: Uint8Array): ModelFile {
  const learner = objectAt(decoded(bytes), 'learner');
  const booster = objectAt(learner, 'gradient_booster');
  refuse(booster.name !== 'gbtree', `its booster is ${shown(booster.name)}, not gbtree`);
  const objective = objectAt(learner, 'objective').name;
  const isKnown = typeof objective === 'string' && objectives.includes(objective);
  refuse(!isKnown, `its objective is ${shown(objective)}, not ${objectives[0]}`);
  const parameters = objectAt(learner, 'learner_model_param');
  const classes = countAt(parameters, 'num_class', 0);
  refuse(classes > 1, `it has ${classes} classes`);
  const targets = countAt(parameters, 'num_target', 1);
  refuse(targets > 1, `it has ${targets} targets`);
  const model = objectAt(booster, 'model');
  const shape = objectAt(model, 'gbtree_model_param');
  const parallel = countAt(shape, 'num_parallel_tree', 1);
  refuse(parallel > 1, `it has ${parallel} trees in each round`);
  const features = countAt(parameters, 'num_feature', undefined);
  refuse(features < 1 || features > MOST_FEATURES, `it has ${features} features`);
  const trees = listAt(model, 'trees');
  const count = countAt(shape, 'num_trees', trees.length);
  refuse(count !== trees.length, `it names ${count} trees and holds ${trees.length}`);
  const attributes = attributesIn(learner);
  const scored = trees.slice(0, scoredTrees(attributes, trees.length));
  return {
    trees: scored.map((tree, index) => treeOf(tree, index, features)),
    features,
    featureNames: namesIn(learner, attributes, features),
    baseScore: shown(parameters.base_score),
    attributes,
  };
}

/**
 * How many trees the scoring container of SageMaker adds up: after early stopping, those up to the best round.
 *
 * XGBoost 1 writes the attribute `best_ntree_limit`, which its container reads; later ones write `best_iteration` alone.
 * Both are those of the last round where training was not stopped early.
 */
function scoredTrees(attributes: Readonly<Record<string, string>>, trees: number): number {
  const { best_ntree_limit: limit, best_iteration: best } = attributes;
  if (limit !== undefined) return countAt(attributes, 'best_ntree_limit', undefined) || trees;
  return best === undefined ? trees : countAt(attributes, 'best_iteration', undefined) + 1;
}

/** Some versions start JSON and UBJSON with the same byte; what follows tells them apart. */
function decoded(bytes: Uint8Array): JsonObject {
  const isJson = bytes[0] === OPEN_BRACE && (bytes[1] === QUOTE || (bytes[1] ?? 0) <= 0x20);
  refuseOtherForms(bytes);
  const isTooLarge = isJson && bytes.length > JSON_BYTES;
  refuse(isTooLarge, `as JSON it has ${bytes.length} bytes; save more than ${JSON_BYTES} as .ubj`);
  try {
    const value = isJson
      ? jsonOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
      : readUbjson(bytes);
    return Object(value);
  } catch (cause) {
    const reason = messageOf(cause);
    const message = `The model is neither JSON nor UBJSON of XGBoost (${reason}): save it with save_model.`;
    throw new FraudstreamError('bad-data', message, { cause });
  }
}

/** JSON as XGBoost writes it: with NaN, which is the threshold of a categorical split. */
function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const without = text.replace(/([[:,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/gi, '$1null');
    if (without === text) throw error;
    return parseJson(without);
  }
}

/** Bytes in which a file names its booster, or the package that wrote it. */
const HEAD_BYTES = 512;
const LEGACY = /^binf|(?:binary|reg|multi|rank|count|survival):[a-z]+.{8}(?:gbtree|gblinear|dart)/s;
/** Opcode of the protocol version, with which every pickle of today begins. */
const PICKLE = 0x80;

/** Errors: `bad-data` with the command that converts, for what XGBoost saves in other forms. */
function refuseOtherForms(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .subarray(0, HEAD_BYTES)
    .toString('latin1');
  if (head.startsWith('{')) return;
  if (LEGACY.test(head)) {
    throw otherForm(
      'is in the binary format that XGBoost before 3.1 saves without an extension, as the algorithm of SageMaker does (xgboost-model)',
      `python3 -c "import xgboost; b = xgboost.Booster(); b.load_model('xgboost-model'); b.save_model('model.ubj')"`,
      'with XGBoost 1.7 to 3.0',
    );
  }
  if (bytes[0] === PICKLE && head.includes('xgboost')) {
    throw otherForm(
      'is pickled',
      `python3 -c "import pickle; m = pickle.load(open('model.pkl', 'rb')); getattr(m, 'get_booster', lambda: m)().save_model('model.ubj')"`,
      'with the version of XGBoost that pickled it',
    );
  }
}

function otherForm(what: string, command: string, how: string): FraudstreamError {
  return new FraudstreamError('bad-data', `The model ${what}. Convert it ${how}: ${command}`);
}

function treeOf(value: unknown, index: number, features: number): TreeFile {
  const bad = (what: string): FraudstreamError =>
    new FraudstreamError('bad-data', `The model is damaged: tree ${index} ${what}.`);
  if (typeof value !== 'object' || value === null) throw bad(`is ${shown(value)}`);
  const found = value as JsonObject;
  const kinds = Array.from((found.split_type ?? []) as ArrayLike<unknown>);
  refuse(
    kinds.some((kind) => Number(kind) === 1),
    'it has categorical splits',
  );
  const list = (key: string): ArrayLike<number> => {
    const items = found[key];
    if (isNumbers(items)) return items;
    throw bad(`has no list of numbers "${key}"`);
  };
  const tree = {
    leftChildren: list('left_children'),
    rightChildren: list('right_children'),
    splitIndices: list('split_indices'),
    splitConditions: list('split_conditions'),
    defaultLeft: list('default_left'),
  };
  const fault = faultOf(tree, features);
  if (fault) throw bad(fault);
  return tree;
}

/** Numbers, or truths as JSON has them. */
function isNumbers(items: unknown): items is ArrayLike<number> {
  if (items instanceof Float64Array) return true;
  const isNumber = (item: unknown): boolean =>
    typeof item === 'number' || typeof item === 'boolean';
  return Array.isArray(items) && items.every(isNumber);
}

/** What keeps nodes from being a tree; goes through it level by level. */
function faultOf(tree: TreeFile, features: number): string | undefined {
  const nodes = tree.leftChildren.length;
  if (nodes === 0) return 'has no nodes';
  const lengths = Object.values(tree).map(({ length }: ArrayLike<unknown>) => length);
  if (lengths.some((length) => length !== nodes)) return 'has lists of different lengths';
  const isReached = new Uint8Array(nodes);
  let level = [0];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_DEPTH) return `is deeper than ${MOST_DEPTH} levels`;
    // A node reached twice makes a cycle, or a tree far larger than its file.
    const again = level.find((node) => {
      const isAgain = isReached[node] === 1;
      isReached[node] = 1;
      return isAgain;
    });
    if (again !== undefined) return `reaches node ${again} twice`;
    const splits = level.filter((node) => !isLeaf(tree, node));
    const [fault] = splits.flatMap((node) => splitFault(tree, node, features) ?? []);
    if (fault !== undefined) return fault;
    level = splits.flatMap((node) => childrenOf(tree, node));
  }
  return undefined;
}

function childrenOf(tree: TreeFile, node: number): readonly number[] {
  return [tree.leftChildren[node] as number, tree.rightChildren[node] as number];
}

const isLeaf = (tree: TreeFile, node: number): boolean =>
  childrenOf(tree, node).every((child) => child === -1);

function splitFault(tree: TreeFile, node: number, features: number): string | undefined {
  const nodes = tree.leftChildren.length;
  for (const child of childrenOf(tree, node)) {
    if (!isIndex(child, nodes)) return `has no child ${child} of node ${node}`;
  }
  const feature = tree.splitIndices[node];
  return isIndex(feature, features) ? undefined : `splits node ${node} by feature ${feature}`;
}

function isIndex(value: unknown, count: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
}

function attributesIn(learner: JsonObject): Readonly<Record<string, string>> {
  const given = Object.entries(Object(learner.attributes ?? {}));
  return Object.fromEntries(given.map(([key, value]) => [key, shown(value)]));
}

/** The names of the features: those of the booster, those of an attribute, or numbers. */
function namesIn(
  learner: JsonObject,
  attributes: Readonly<Record<string, string>>,
  count: number,
): readonly string[] {
  const own = learner.feature_names ?? [];
  const isEmpty = Array.isArray(own) && own.length === 0;
  const written = Object.hasOwn(attributes, 'feature_names') ? attributes.feature_names : undefined;
  if (isEmpty && written === undefined) return Array.from({ length: count }, (_, at) => `f${at}`);
  const names = isEmpty ? namesOf(written ?? '') : own;
  if (!Array.isArray(names)) throw unnamed('its feature names are not a list');
  refuse(names.length !== count, `it has ${names.length} names for ${count} features`);
  return names.map(shown);
}

function namesOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw unnamed('its attribute feature_names is not JSON');
  }
}

const unnamed = (what: string): FraudstreamError =>
  new FraudstreamError('bad-data', `The model cannot be evaluated: ${what}.`);

function objectAt(from: JsonObject, key: string): JsonObject {
  const found = Object.hasOwn(from, key) ? from[key] : undefined;
  if (typeof found === 'object' && found !== null) return found as JsonObject;
  throw new FraudstreamError(
    'bad-data',
    `The model has no "${key}": it is not an XGBoost booster.`,
  );
}

function listAt(from: JsonObject, key: string): readonly unknown[] {
  const found = objectAt(from, key);
  if (Array.isArray(found)) return found;
  throw new FraudstreamError(
    'bad-data',
    `The model has no list "${key}": it is not an XGBoost booster.`,
  );
}

/** A whole number, which XGBoost writes as a text. */
function countAt(from: JsonObject, key: string, otherwise: number | undefined): number {
  const found = from[key] ?? otherwise;
  const count = typeof found === 'string' || typeof found === 'number' ? Number(found) : Number.NaN;
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new FraudstreamError('bad-data', `The model is damaged: its ${key} is ${shown(found)}.`);
}

/** A value as a message has it, cut to size; texts as they are. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent').slice(0, 80);
}

function refuse(isSo: boolean, what: string): void {
  if (!isSo) return;
  const message = `The model cannot be evaluated: ${what}. Train a gbtree for binary:logistic.`;
  throw new FraudstreamError('bad-data', message);
}
