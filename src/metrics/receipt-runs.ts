import type { Receipt } from '../transactions/user-record.ts';

/** Receipts one after the other that differ in nothing that is counted, but for their bytes. */
export interface ReceiptRun {
  readonly first: Receipt;
  readonly count: number;
  readonly payloadBytes: number;
  /** Those that stand for a Kinesis record: the first one of each aggregate, and each unaggregated one. */
  readonly kinesisRecords: number;
}

/** Splits receipts into runs: records of one aggregate that were due together are counted at once. */
export function* receiptRuns(receipts: readonly Receipt[]): Generator<ReceiptRun, void, undefined> {
  let first: Receipt | undefined;
  let [count, payloadBytes, kinesisRecords] = [0, 0, 0];
  for (const receipt of receipts) {
    if (first === undefined || !areAlike(first, receipt)) {
      if (first !== undefined) yield { first, count, payloadBytes, kinesisRecords };
      first = receipt;
      [count, payloadBytes, kinesisRecords] = [0, 0, 0];
    }
    count += 1;
    payloadBytes += receipt.payloadBytes;
    // Sub-record 0 stands for its aggregate.
    if (!receipt.subSequenceNumber) kinesisRecords += 1;
  }
  if (first !== undefined) yield { first, count, payloadBytes, kinesisRecords };
}

function areAlike(a: Receipt, b: Receipt): boolean {
  return (
    a.dueAt === b.dueAt &&
    a.acknowledgedAt === b.acknowledgedAt &&
    a.attempts === b.attempts &&
    a.isAccepted === b.isAccepted &&
    a.shardId === b.shardId &&
    a.errorCode === b.errorCode
  );
}
