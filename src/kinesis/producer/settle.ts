import { hashKeyFromDecimal } from '../../aggregation/hash-key.ts';
import type { Attempt, Receipt } from '../../records/receipt.ts';
import type { RequestTrace } from '../../records/request-trace.ts';
import type { UserRecord } from '../../records/user-record.ts';
import type { EntryResult } from '../entry.ts';
import type { PutAnswer } from '../put-client.ts';
import type { ShardMap } from '../shard-map.ts';
import { type Pending, placingKey, type SealedEntry } from './pending.ts';

/** An entry that Kinesis took, though in another shard than predicted; to be judged. */
export interface Astray {
  readonly entry: SealedEntry;
  readonly result: EntryResult;
  readonly attempt: Attempt;
}

/**
 * True when a reader of the actual shard will see every sub-record.
 *
 * The KCL throws a whole aggregate away as soon as one sub-record lies outside the shard's range,
 * the good ones included. So one stray condemns all: they are put again together. (The KPL puts
 * again only the strays and reports the others as delivered, though no KCL reader sees them.)
 * A record that went unwrapped is readable wherever it lands.
 */
export function isReadable({ entry, result }: Astray, map: ShardMap | undefined): boolean {
  if (!entry.isAggregate) return true;
  const { shardId } = result;
  if (!map || shardId === undefined) return false;
  return entry.cargo.every(({ record }) => map.holds(shardId, placingKey(record)));
}

/** The receipts of an entry's user records after Kinesis took it. */
export function accepted({ entry, result, attempt }: Astray, now: number): readonly Receipt[] {
  const only = [attempt];
  return entry.cargo.map((pending, index) => ({
    id: pending.record.id,
    isAccepted: true,
    payloadBytes: pending.record.data.length,
    shardId: result.shardId,
    sequenceNumber: result.sequenceNumber,
    subSequenceNumber: entry.isAggregate ? index : undefined,
    attempts: pending.attempts.length === 0 ? only : [...pending.attempts, attempt],
    errorCode: undefined,
    dueAt: pending.dueAt,
    acknowledgedAt: now,
  }));
}

/** The receipt of a user record that is given up. */
export function failed(pending: Pending, errorCode: string, now: number): Receipt {
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

/** The results of a call, one for each entry, whatever the call answered. */
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

/** The call as the report sees it. */
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
    payloadBytes: entries.reduce((sum, entry) => sum + entry.data.length, 0),
    errorCode: failure?.code,
  };
}

/** Why Kinesis would never take the record, as an error code; `undefined` when it may. */
export function flawOf(record: UserRecord, maxBytes: number): string | undefined {
  const { partitionKey } = record;
  // Kinesis counts characters, of which some take two places in a string here.
  const isTooLong = partitionKey.length > 256 && [...partitionKey].length > 256;
  if (partitionKey === '' || isTooLong) return 'Invalid Partition Key';
  if (record.data.length > maxBytes) return 'Record Too Large';
  if (record.explicitHashKey === undefined) return undefined;
  try {
    hashKeyFromDecimal(record.explicitHashKey);
    return undefined;
  } catch {
    // The only thing it throws is that the text is no hash key, which is the answer here.
    return 'Invalid Explicit Hash Key';
  }
}
