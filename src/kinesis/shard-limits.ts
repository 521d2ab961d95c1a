/** What a shard takes each second. Source: Kinesis quotas, 1000 records and 1 MiB. */
export const SHARD_RECORDS_PER_SECOND = 1_000;
export const SHARD_BYTES_PER_SECOND = 1_048_576;
