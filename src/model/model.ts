import { createHash } from 'node:crypto';
import { FraudstreamError } from '../errors.ts';
import { readModelFile } from './model-file.ts';
import { addLeaves, BLOCK_ROWS, rowBuffer, setRows, treeEnsemble } from './xgboost-trees.ts';

/**
 * A gradient boosted model for one yes-or-no question, evaluated as XGBoost evaluates it, to the last bit.
 *
 * `featureSpecification` names the definition of the features that it was trained on; `version` and
 * `threshold` are attributes of the booster: `xgboost-` with eight digits of the SHA-256 of the file, and 0.5, without.
 */
export interface Model {
  readonly featureNames: readonly string[];
  readonly featureSpecification: string | undefined;
  readonly version: string;
  readonly threshold: number;
  readonly trees: number;
  /**
   * Margins (log-odds) of rows of float32 features, missing values being NaN.
   *
   * Shapes: `rows` count x featureNames.length, row by row; `out` at least `count` long.
   */
  margins(rows: Float32Array, count: number, out: Float32Array): void;
}

const MOST_NEGATIVE = 88.7;

/** A model from the bytes of a booster file. Errors: those of `readModelFile`. */
export function loadModel(bytes: Uint8Array): Model {
  const { trees, features, featureNames, baseScore, attributes } = readModelFile(bytes);
  const forest = treeEnsemble(trees, features);
  const base = baseMargin(baseScore);
  const buffer = rowBuffer(features);
  const sums = new Float32Array(BLOCK_ROWS);
  return {
    featureNames,
    featureSpecification: attributes.feature_specification,
    version: attributes.model_version ?? digestOf(bytes),
    threshold: thresholdIn(attributes),
    trees: trees.length,
    margins(rows, count, out) {
      for (let from = 0; from < count; from += BLOCK_ROWS) {
        const some = Math.min(BLOCK_ROWS, count - from);
        setRows(buffer, rows, from * features, some, features);
        sums.fill(base);
        addLeaves(forest, buffer, some, sums);
        out.set(some === BLOCK_ROWS ? sums : sums.subarray(0, some), from);
      }
    },
  };
}

/** A name for a booster that has none. */
function digestOf(bytes: Uint8Array): string {
  return `xgboost-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`;
}

/**
 * The probability of a margin: 1 / (1 + exp(-margin)) in float32.
 *
 * Where the C library rounds its exponential otherwise, up to two units in the last place from XGBoost's.
 * Source: Sigmoid in src/common/math.h of XGBoost.
 */
export function probability(margin: number): number {
  const power = Math.fround(Math.exp(Math.min(-margin, MOST_NEGATIVE)));
  return Math.fround(1 / Math.fround(1 + Math.fround(power + 1e-16)));
}

function thresholdIn({ threshold = '0.5' }: Readonly<Record<string, string>>): number {
  const number = threshold.trim() === '' ? Number.NaN : Number(threshold);
  if (number >= 0 && number <= 1) return number;
  const message = `The model's threshold is ${threshold.slice(0, 80)}: a number from 0 to 1 is needed.`;
  throw new FraudstreamError('bad-data', message);
}

/** The margin of the base score, a probability: -log(1/p - 1), each step in float32. */
function baseMargin(written: string): number {
  const score = Math.fround(Number(written.replace(/^\[|\]$/g, '')));
  if (!(score > 0 && score < 1)) {
    const message = `The model's base score is ${written.slice(0, 80)}: a probability is needed.`;
    throw new FraudstreamError('bad-data', message);
  }
  const odds = Math.fround(Math.fround(1 / score) - 1);
  // -log(1) would be a negative zero.
  return -Math.fround(Math.log(odds)) + 0;
}
