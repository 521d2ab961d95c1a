import { hashKeyFromDecimal } from '../../kpl/hash-key.ts';
import { Mailbox } from '../../stream/mailbox.ts';
import type { Attempt, Receipt, RequestTrace, UserRecord } from '../../transactions/user-record.ts';
import type { EntryResult, PutAnswer } from '../put-client.ts';
import type { ShardMap } from '../shard-map.ts';
import type { Outstanding } from './outstanding.ts';
import { hashKeyOf, type PendingUserRecord } from './pending-record.ts';
import type { SealedEntry } from './shard-queue.ts';

/** Counts requests in flight, and waits until there is none. */
export class InFlight {
  #count = 0;
  #wake: (() => void) | undefined;

  get count(): number {
    return this.#count;
  }

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#wake?.();
  }

  /** Resolves once none is under way. */
  async none(): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Ledger of admitted records: each leaves with exactly one receipt. */
export class ReceiptLedger {
  readonly receipts: Mailbox<readonly Receipt[]> = new Mailbox();
  readonly outstanding: Outstanding;
  #admitted = 0;
  #receipted = 0;
  #isClosed = false;
  #error: unknown;

  constructor(outstanding: Outstanding) {
    this.outstanding = outstanding;
  }

  /** True once nothing more will be admitted and everything has its receipt. */
  get isOver(): boolean {
    return this.#isClosed && this.#receipted === this.#admitted;
  }

  /** True once nothing more will be admitted. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Admits a record; answers its ordinal. */
  admit({ data }: UserRecord): number {
    this.outstanding.add(data.length);
    this.#admitted += 1;
    return this.#admitted - 1;
  }

  deliver(receipts: readonly Receipt[]): void {
    if (receipts.length === 0) return;
    this.#receipted += receipts.length;
    this.receipts.push(receipts);
    this.#endIfOver();
  }

  /** Nothing more will be admitted; the first error is thrown after the last receipt. */
  close(error?: unknown): void {
    this.blame(error);
    this.#isClosed = true;
    this.#endIfOver();
  }

  blame(error: unknown): void {
    this.#error ??= error;
  }

  #endIfOver(): void {
    if (this.isOver) this.receipts.end(this.#error);
  }
}

/** An entry that Kinesis accepted in another shard than predicted. */
export interface MisroutedEntry {
  readonly entry: SealedEntry;
  readonly result: EntryResult;
  readonly attempt: Attempt;
}

/**
 * Returns true if a reader of the actual shard sees every user record of the entry.
 *
 * The KCL throws a whole aggregate away as soon as one sub-record lies outside the shard's range,
 * the good ones included. So all of them are retried together. (The KPL
 * retries only those outside and reports the others as delivered, though no KCL reader sees them.)
 * An unaggregated record is readable wherever it lands.
 */
export function isReadable({ entry, result }: MisroutedEntry, map: ShardMap | undefined): boolean {
  if (!entry.isAggregate) return true;
  const { shardId } = result;
  if (!map || shardId === undefined) return false;
  return entry.userRecords.rows().every(({ record }) => map.contains(shardId, hashKeyOf(record)));
}

/** Returns the receipts of an accepted entry's user records. */
export function accepted(
  { entry, result, attempt }: MisroutedEntry,
  now: number,
): readonly Receipt[] {
  const { userRecords } = entry;
  const only = [attempt];
  const receipts: Receipt[] = [];
  for (let row = 0; row < userRecords.count; row += 1) {
    const { id, data } = userRecords.record(row);
    const before = userRecords.attempts(row);
    receipts.push({
      id,
      isAccepted: true,
      payloadBytes: data.length,
      shardId: result.shardId,
      sequenceNumber: result.sequenceNumber,
      subSequenceNumber: entry.isAggregate ? row : undefined,
      attempts: before.length === 0 ? only : [...before, attempt],
      errorCode: undefined,
      dueAt: userRecords.dueAt(row),
      acknowledgedAt: now,
    });
  }
  return receipts;
}

/** Returns the receipt of a failed user record. */
export function failed(pending: PendingUserRecord, errorCode: string, now: number): Receipt {
  return {
    id: pending.record.id,
    isAccepted: false,
    payloadBytes: pending.record.data.length,
    shardId: undefined,
    sequenceNumber: undefined,
    subSequenceNumber: undefined,
    attempts: pending.attempts,
    errorCode,
    dueAt: pending.dueAt,
    acknowledgedAt: now,
  };
}

/** Returns one result for each entry, whatever the call answered. */
export function resultsOf(
  { results, failure }: PutAnswer,
  entries: number,
): readonly EntryResult[] {
  if (!failure && results.length === entries) return results;
  // In a short answer no result can be matched with its entry: the KPL gives up, we put again.
  const all: EntryResult = failure
    ? { errorCode: failure.code, errorMessage: failure.message }
    : {
        errorCode: 'Record Count Mismatch',
        errorMessage: `${results.length} results for ${entries} entries`,
      };
  return Array.from({ length: entries }, () => all);
}

/** Returns the trace of a call for the report. */
export function traceOf(
  entries: readonly SealedEntry[],
  results: readonly EntryResult[],
  { failure }: PutAnswer,
  sentAt: number,
  now: number,
): RequestTrace {
  return {
    sentAt,
    durationMs: now - sentAt,
    entries: entries.length,
    failedEntries: results.filter((result) => result.errorCode !== undefined).length,
    payloadBytes: entries.reduce((sum, entry) => sum + entry.dataBytes, 0),
    errorCode: failure?.code,
  };
}

/** Returns the error code of a record that Kinesis never accepts; `undefined` for a valid one. */
export function invalidReason(record: UserRecord, maxBytes: number): string | undefined {
  const { partitionKey } = record;
  // Kinesis counts characters, of which some take two places in a string here.
  const isTooLong = partitionKey.length > 256 && [...partitionKey].length > 256;
  if (partitionKey === '' || isTooLong) return 'Invalid Partition Key';
  // The key counts. Source: API reference of Kinesis, PutRecords.
  const size = record.data.length + Buffer.byteLength(partitionKey);
  if (size > maxBytes) return 'Record Too Large';
  if (record.explicitHashKey === undefined) return undefined;
  try {
    hashKeyFromDecimal(record.explicitHashKey);
    return undefined;
  } catch {
    // The only thing it throws is that the text is no hash key, which is the answer here.
    return 'Invalid Explicit Hash Key';
  }
}
