import { FraudstreamError } from '../errors.ts';
import { computedDifference } from '../features/manifest.ts';
import type { IpSpace } from '../geoip/ip-space.ts';
import type { Sourced } from '../scoring/candidates.ts';
import { fillRow } from '../scoring/candidates.ts';
import type { Label } from '../transactions/label.ts';
import { type Transaction, transactionIn } from '../transactions/transaction.ts';

/** A model on this side, with which the scores of the pipeline are compared. */
export interface OfflineModel {
  /**
   * The scores of transactions by features computed here, in the order in which they are sent; those
   * of one instant by `transaction_id`, as every engine that goes by event time takes them.
   */
  expected(records: readonly Sourced[]): Float32Array;
  /** Takes labels that the pipeline is given too, before their transactions. */
  learn?(labels: readonly Label[]): void;
  /** The scores of the features that verdicts brought along; NaN where there are none, or not the model's. */
  recomputed(rows: readonly (readonly (number | null)[] | null | undefined)[]): Float32Array;
}

/**
 * The booster at the path, which `flag` named, or the one that comes with the package.
 *
 * Errors: `no-input` when it cannot be read, `bad-data` when it cannot be evaluated.
 */
export async function offlineModel(
  path: string | undefined,
  ipSpace: IpSpace,
  flag: string = '--parity',
): Promise<OfflineModel> {
  const { ipRanges } = await import('../geoip/ip-ranges.ts');
  const { LabelledFeatures } = await import('../features/labelled-features.ts');
  const { modelBytes } = await import('../model/shipped-model.ts');
  const { loadModel, probability } = await import('../model/model.ts');
  const model = loadModel(modelBytes(path, flag));
  const online = new LabelledFeatures(ipRanges(ipSpace));
  const width = model.featureNames.length;
  // A model of other features is compared by those that verdicts bring along.
  const fault = width === online.width ? computedDifference(model) : undefined;
  if (fault) throw new FraudstreamError('bad-data', `${flag} ${path ?? ''}: ${fault}.`);
  return {
    expected: (records) => {
      const scores = new Float32Array(records.length).fill(Number.NaN);
      if (width !== online.width) return scores;
      const rows = new Float32Array(records.length * width);
      const sent = records.map((record, index) => ({ index, transaction: transactionIn(record) }));
      for (const { index: place, transaction } of inEventOrder(sent)) {
        online.row(transaction, undefined, rows, place * width);
      }
      model.margins(rows, records.length, scores);
      return scores.map(probability);
    },
    learn: (labels) => {
      for (const label of labels) online.expect(label);
    },
    recomputed: (rows) => {
      const scores = new Float32Array(rows.length).fill(Number.NaN);
      const places = rows.flatMap((features, place) => (features?.length === width ? place : []));
      const all = new Float32Array(places.length * width);
      const margins = new Float32Array(places.length);
      for (const [at, place] of places.entries()) fillRow(all, at * width, rows[place] ?? []);
      model.margins(all, places.length, margins);
      for (const [at, place] of places.entries()) scores[place] = probability(margins[at] ?? 0);
      return scores;
    },
  };
}

/** What is to be scored, and where its score goes. */
interface IndexedTransaction {
  readonly index: number;
  readonly transaction: Transaction;
}

/** As they stand, but neighbours of one instant by their ids. */
function inEventOrder(sent: readonly IndexedTransaction[]): readonly IndexedTransaction[] {
  const groups: IndexedTransaction[][] = [];
  for (const each of sent) {
    const last = groups.at(-1);
    const { event_time: at } = each.transaction;
    if (last?.[0]?.transaction.event_time === at) last.push(each);
    else groups.push([each]);
  }
  return groups.flatMap((group) => (group.length > 1 ? group.sort(byId) : group));
}

function byId(
  { transaction: a }: IndexedTransaction,
  { transaction: b }: IndexedTransaction,
): number {
  return a.transaction_id < b.transaction_id ? -1 : 1;
}
