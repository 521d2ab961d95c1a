import type { TreeFile } from './model-file.ts';

/**
 * Trees of an XGBoost booster in flat arrays, walked without a branch that depends on the data.
 *
 *     next node = left[node] + (row[feature[node]] < threshold[node] ? 0 : 1)
 *
 * A left child is followed by its right sibling. A leaf leads to itself: it compares the constant zero at the end of
 * the row with infinity, so that all paths of a tree have the same length. Rows are doubled: the first half is read by
 * nodes where a missing value goes right (NaN is less than nothing), the second, where NaN is -Infinity, by the others.
 */
export interface TreeEnsemble {
  readonly features: number;
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  /** Of leaves. */
  readonly value: Float32Array;
  readonly roots: Int32Array;
  /** Steps from root to the deepest leaf. */
  readonly depths: Int32Array;
}

/** Lays out the trees of a booster file. */
export function treeEnsemble(trees: readonly TreeFile[], features: number): TreeEnsemble {
  const nodes = trees.reduce((sum, { leftChildren }) => sum + leftChildren.length, 0);
  const forest = {
    features,
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    value: new Float32Array(nodes),
    roots: new Int32Array(trees.length),
    depths: new Int32Array(trees.length),
  };
  let free = 0;
  for (const [index, tree] of trees.entries()) {
    forest.roots[index] = free;
    free = lay(tree, free, index, forest);
  }
  return forest;
}

/** Lays out one tree level by level; returns the next free node. */
function lay(tree: TreeFile, root: number, index: number, forest: TreeEnsemble): number {
  let level: (readonly [from: number, to: number])[] = [[0, root]];
  let free = root + 1;
  let depth = -1;
  while (level.length > 0) {
    const below: (readonly [number, number])[] = [];
    for (const [from, to] of level) {
      if ((tree.leftChildren[from] as number) < 0) {
        setLeaf(to, tree.splitConditions[from] as number, forest);
        continue;
      }
      setSplit(from, to, free, tree, forest);
      below.push([tree.leftChildren[from] as number, free]);
      below.push([tree.rightChildren[from] as number, free + 1]);
      free += 2;
    }
    level = below;
    depth += 1;
  }
  forest.depths[index] = depth;
  return free;
}

function setLeaf(node: number, value: number, forest: TreeEnsemble): void {
  forest.feature[node] = 2 * forest.features;
  forest.threshold[node] = Number.POSITIVE_INFINITY;
  forest.left[node] = node;
  forest.value[node] = value;
}

function setSplit(
  from: number,
  to: number,
  left: number,
  tree: TreeFile,
  forest: TreeEnsemble,
): void {
  const feature = tree.splitIndices[from] as number;
  forest.feature[to] = tree.defaultLeft[from] ? feature + forest.features : feature;
  forest.threshold[to] = tree.splitConditions[from] as number;
  forest.left[to] = left;
}

/** Rows that are walked together: they and four trees stay in the nearest cache. */
export const BLOCK_ROWS = 64;

/** Room for a block of rows as the forest reads them. */
export function rowBuffer(features: number): Float32Array {
  return new Float32Array(BLOCK_ROWS * (2 * features + 1));
}

/** Copies so many rows of `features` values from an offset into the buffer, doubled. */
export function setRows(
  buffer: Float32Array,
  rows: Float32Array,
  offset: number,
  count: number,
  features: number,
): void {
  let to = 0;
  let from = offset;
  for (let row = 0; row < count; row += 1) {
    for (let index = 0; index < features; index += 1) {
      const value = rows[from] as number;
      buffer[to] = value;
      buffer[to + features] = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
      from += 1;
      to += 1;
    }
    // Behind both halves stands the zero that leaves compare.
    to += features + 1;
  }
}

/**
 * Adds the leaves of all trees to the margins of a block of rows, in float32 and in their order.
 *
 * Four rows are walked at a time through one tree: their loads do not wait for one another, and the tree
 * stays in the nearest cache. Measured against four trees for one row: 332,000 to 281,000 rows/s.
 */
export function addLeaves(
  forest: TreeEnsemble,
  buffer: Float32Array,
  count: number,
  margins: Float32Array,
): void {
  const fours = count - (count % 4);
  for (let tree = 0; tree < forest.roots.length; tree += 1) {
    addFours(forest, buffer, fours, tree, margins);
    for (let row = fours; row < count; row += 1) addOne(forest, buffer, row, tree, margins);
  }
}

function addFours(
  { features, roots, depths, feature, threshold, left, value }: TreeEnsemble,
  buffer: Float32Array,
  count: number,
  tree: number,
  margins: Float32Array,
): void {
  const width = 2 * features + 1;
  const root = roots[tree] as number;
  const depth = depths[tree] as number;
  for (let row = 0; row < count; row += 4) {
    const at = row * width;
    const at2 = at + width;
    const at3 = at2 + width;
    const at4 = at3 + width;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    for (let step = 0; step < depth; step += 1) {
      a =
        ((left[a] as number) +
          +!((buffer[at + (feature[a] as number)] as number) < (threshold[a] as number))) |
        0;
      b =
        ((left[b] as number) +
          +!((buffer[at2 + (feature[b] as number)] as number) < (threshold[b] as number))) |
        0;
      c =
        ((left[c] as number) +
          +!((buffer[at3 + (feature[c] as number)] as number) < (threshold[c] as number))) |
        0;
      d =
        ((left[d] as number) +
          +!((buffer[at4 + (feature[d] as number)] as number) < (threshold[d] as number))) |
        0;
    }
    margins[row] = Math.fround((margins[row] as number) + (value[a] as number));
    margins[row + 1] = Math.fround((margins[row + 1] as number) + (value[b] as number));
    margins[row + 2] = Math.fround((margins[row + 2] as number) + (value[c] as number));
    margins[row + 3] = Math.fround((margins[row + 3] as number) + (value[d] as number));
  }
}

function addOne(
  { features, roots, depths, feature, threshold, left, value }: TreeEnsemble,
  buffer: Float32Array,
  row: number,
  tree: number,
  margins: Float32Array,
): void {
  const at = row * (2 * features + 1);
  let node = roots[tree] as number;
  for (let step = 0; step < (depths[tree] as number); step += 1) {
    const seen = buffer[at + (feature[node] as number)] as number;
    node = ((left[node] as number) + +!(seen < (threshold[node] as number))) | 0;
  }
  margins[row] = Math.fround((margins[row] as number) + (value[node] as number));
}
