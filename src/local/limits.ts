/** Limits of today. Source: Kinesis quotas and API reference, 2026. */
export const ENTRIES_A_REQUEST: number = 500;
/** Of a request to one of our own routes: a list of faults. */
export const OWN_BODY_BYTES: number = 16_384;
export const REQUEST_BYTES: number = 10 * 1_048_576;
export const RECORD_BYTES: number = 1_048_576;
export const READ_BYTES: number = 10 * 1_048_576;
export const RECORDS_A_READ: number = 10_000;
export const SHARDS_AT_MOST: number = 10_000;
export const TAGS_AT_MOST: number = 50;
export const SHARDS_A_PAGE: number = 10_000;
export const ITERATOR_LIFE_MS: number = 300_000;
