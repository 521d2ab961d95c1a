/**
 * What the producer takes: one record of the user, before any aggregation.
 *
 * Source: the KPL's word "user record", as opposed to a "Kinesis record" (here: entry).
 * Shapes: `partitionKey` 1 to 256 characters; `explicitHashKey` a decimal integer 0 to 2^128-1;
 * `id` names the record in receipts and is not sent.
 */
export interface UserRecord {
  readonly id: string;
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}
