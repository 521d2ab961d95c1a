import type { IpSpace } from '../../../addresses/ip-space.ts';
import { transactionIn } from '../../../records/transaction.ts';
import type { Sourced } from '../../../scoring/candidates.ts';

/** A model on this side, with which the scores of the pipeline are compared. */
export interface OfflineModel {
  /** The scores of transactions by features computed here, in the order in which they are sent. */
  expected(records: readonly Sourced[]): Float32Array;
  /** The score of the features that a verdict brought along; NaN where they are not the model's. */
  scoreOf(features: readonly (number | null)[]): number;
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
  const margin = new Float32Array(1);
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
    scoreOf: (features) => {
      if (features.length !== width) return Number.NaN;
      const row = Float32Array.from(features, (value) => value ?? Number.NaN);
      model.margins(row, 1, margin);
      return probability(margin[0] as number);
    },
  };
}
