import type { IpSpace } from '../../../addresses/ip-space.ts';
import { transactionIn } from '../../../records/transaction.ts';
import type { Sourced } from '../../../scoring/candidates.ts';

/** A model on this side, with which the scores of the pipeline are compared. */
export interface OfflineModel {
  /** The scores of transactions by features computed here, in the order in which they are sent. */
  expected(records: readonly Sourced[]): Float32Array;
  /** The scores of the features that verdicts brought along; NaN where there are none, or not the model's. */
  recomputed(rows: readonly (readonly (number | null)[] | null | undefined)[]): Float32Array;
}

/**
 * The booster at the path, or the one that comes with the package.
 *
 * Errors: `no-input` when it cannot be read, `bad-data` when it cannot be evaluated.
 */
export async function offlineModel(
  path: string | undefined,
  ipSpace: IpSpace,
): Promise<OfflineModel> {
  const { ipRanges } = await import('../../../addresses/ip-ranges.ts');
  const { OnlineFeatures } = await import('../../../features/online-features.ts');
  const { modelBytes } = await import('../../../local/endpoint/shipped-model.ts');
  const { loadModel, probability } = await import('../../../scoring/model/model.ts');
  const model = loadModel(modelBytes(path));
  const online = new OnlineFeatures(ipRanges(ipSpace));
  const width = model.featureNames.length;
  return {
    expected: (records) => {
      const scores = new Float32Array(records.length).fill(Number.NaN);
      if (width !== online.width) return scores;
      const rows = new Float32Array(records.length * width);
      for (const [place, record] of records.entries()) {
        online.row(transactionIn(record), rows, place * width);
      }
      model.margins(rows, records.length, scores);
      return scores.map(probability);
    },
    recomputed: (rows) => {
      const scores = new Float32Array(rows.length);
      const all = new Float32Array(rows.length * width).fill(Number.NaN);
      for (const [place, features] of rows.entries()) {
        if (features?.length === width) fill(all, place * width, features);
      }
      model.margins(all, rows.length, scores);
      return scores.map((margin, place) =>
        rows[place]?.length === width ? probability(margin) : Number.NaN,
      );
    },
  };
}

/** One by one: `Float32Array.from` and `set` take twenty times as long for lists that hold null. */
function fill(row: Float32Array, from: number, features: readonly (number | null)[]): void {
  for (let place = 0; place < features.length; place += 1) {
    row[from + place] = features[place] ?? Number.NaN;
  }
}
