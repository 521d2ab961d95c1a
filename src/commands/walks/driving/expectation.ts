import type { IpSpace } from '../../../addresses/ip-space.ts';
import type { Transaction } from '../../../records/transaction.ts';
import type { Sourced } from '../../../scoring/candidates.ts';

/** The scores that the offline model gives to transactions, in the order in which they are sent. */
export type Expectation = (records: readonly Sourced[]) => Float32Array;

/** Nobody knows. */
export const noExpectation: Expectation = (records) =>
  new Float32Array(records.length).fill(Number.NaN);

/**
 * What a booster says of transactions whose features are computed here.
 *
 * Errors: `no-input` when the model cannot be read, `bad-data` when it wants other features.
 */
export async function modelExpectation(
  path: string | undefined,
  ipSpace: IpSpace,
): Promise<Expectation> {
  const { ipRanges } = await import('../../../addresses/ip-ranges.ts');
  const { OnlineFeatures } = await import('../../../features/online-features.ts');
  const { modelBytes } = await import('../../../local/endpoint/shipped-model.ts');
  const { loadModel, probability } = await import('../../../scoring/model/model.ts');
  const model = loadModel(modelBytes(path));
  const online = new OnlineFeatures(ipRanges(ipSpace));
  return (records) => {
    const rows = new Float32Array(records.length * online.width);
    for (const [place, record] of records.entries()) {
      online.row(transactionOf(record), rows, place * online.width);
    }
    const scores = new Float32Array(records.length);
    model.margins(rows, records.length, scores);
    return scores.map(probability);
  };
}

function transactionOf({ transaction, data }: Sourced): Transaction {
  if (transaction) return transaction;
  return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
}
