import { unfit, unparsable } from './container-fault.ts';
import { stripped } from './csv.ts';
import type { Table, TableRoom } from './table.ts';

const pair = /^(\d+):([^:]+)$/;
const decimal = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$|^[+-]?nan$/i;

/**
 * Rows of `[label] index:value index:value`; what is not named is NaN, labels are not looked at.
 *
 * Indices count from 0; when none is below 1, from 1, as XGBoost takes them.
 * Errors: `ContainerFault` 415 for what is no such row, 400 for an index beyond the features of the model.
 */
export function readLibsvm(body: Uint8Array, room: TableRoom, width: number): Table {
  const lines = Buffer.from(stripped(body)).toString('latin1').split('\n');
  const rows = lines.map(pairsOf);
  const first = rows.every((pairs) => pairs.every(({ index }) => index >= 1)) ? 1 : 0;
  const values = room.ofAtLeast(rows.length * width).fill(Number.NaN, 0, rows.length * width);
  for (const [row, pairs] of rows.entries()) {
    for (const { index, value } of pairs) {
      if (index - first >= width) throw unfit(`feature ${index} of ${width}.`);
      values[row * width + index - first] = value;
    }
  }
  return { values, rows: rows.length, width };
}

interface Pair {
  readonly index: number;
  readonly value: number;
}

function pairsOf(line: string, row: number): readonly Pair[] {
  const words = line.trim().split(/\s+/);
  const pairs = words.map((word) => pair.exec(word));
  const isSound = pairs.every((one, place) =>
    one ? decimal.test(one[2] ?? '') : place === 0 && isLabel(words[0] ?? ''),
  );
  if (!isSound) throw unparsable(`Loading libsvm data failed in row ${row}: ${line.slice(0, 80)}`);
  return pairs
    .filter((one) => one !== null)
    .map(([, index, value]) => ({ index: Number(index), value: Number(value) }));
}

const isLabel = (word: string): boolean => word === '' || decimal.test(word);
