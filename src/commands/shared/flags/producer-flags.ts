import { grouped, setting, type Values } from '../../../cli/settings/define-setting.ts';
import { yesNo } from '../../../cli/settings/parsers.ts';
import {
  milliseconds,
  positiveCount,
  size,
  writtenMs,
  writtenSize,
} from '../../../cli/settings/quantities.ts';
import {
  type ProducerSettings,
  producerDefaults,
} from '../../../kinesis/producer/producer-settings.ts';

const kpl = producerDefaults;

/** The settings of the Kinesis Producer Library under their own names, and ours beside them. */
export const producerSettings = grouped('Producer (names of the KPL):', {
  aggregationEnabled: setting(
    '--no-aggregation-enabled',
    'send each user record unaggregated',
    kpl.aggregationEnabled,
    yesNo,
  ),
  aggregationMaxCount: setting(
    '--aggregation-max-count <count>',
    'maximum user records in a Kinesis record',
    kpl.aggregationMaxCount,
    positiveCount,
  ),
  aggregationMaxSize: setting(
    '--aggregation-max-size <size>',
    'maximum size of an aggregated Kinesis record',
    writtenSize(kpl.aggregationMaxSize),
    size,
  ),
  collectionMaxCount: setting(
    '--collection-max-count <count>',
    'maximum Kinesis records in a request, 1 to 500',
    kpl.collectionMaxCount,
    positiveCount,
  ),
  collectionMaxSize: setting(
    '--collection-max-size <size>',
    'maximum size of a request',
    writtenSize(kpl.collectionMaxSize),
    size,
  ),
  recordMaxBufferedTime: setting(
    '--record-max-buffered-time <duration>',
    'maximum time a record is buffered',
    writtenMs(kpl.recordMaxBufferedTimeMs),
    milliseconds,
  ),
  recordTtl: setting(
    '--record-ttl <duration>',
    'fail a record that is not acknowledged after this time',
    writtenMs(kpl.recordTtlMs),
    milliseconds,
  ),
  rateLimit: setting(
    '--rate-limit <percent>',
    'share of the shard limits to use; above 100 provokes throttling',
    kpl.rateLimit,
    positiveCount,
  ),
  failIfThrottled: setting(
    '--fail-if-throttled',
    'fail a throttled record without retries',
    kpl.failIfThrottled,
    yesNo,
  ),
  maxUserRecordSize: setting(
    '--max-user-record-size <size>',
    'reject larger user records; the partition key counts, as in Kinesis',
    writtenSize(kpl.maxUserRecordSize),
    size,
  ),
  maxOutstandingRecords: setting(
    '--max-outstanding-records <count>',
    'pause the source at this many unacknowledged records',
    kpl.maxOutstandingRecords,
    positiveCount,
  ),
  maxOutstandingBytes: setting(
    '--max-outstanding-bytes <size>',
    'pause the source at this much unacknowledged payload',
    writtenSize(kpl.maxOutstandingBytes),
    size,
  ),
  ordered: setting('--ordered', 'keep the order of each partition key', kpl.isOrdered, yesNo),
});

/** The order of verdicts can be checked only if the puts keep theirs. */
export const inOrder = {
  ...producerSettings.ordered,
  flags: '--no-ordered',
  meaning: 'do not keep the order of each card; verdicts out of order are then not counted',
  written: true,
};

/** The flags as the producer takes them. */
export function producerOf(
  flags: Values<typeof producerSettings> & { readonly maxConnections: number },
): ProducerSettings {
  return {
    aggregationEnabled: flags.aggregationEnabled,
    aggregationMaxCount: flags.aggregationMaxCount,
    aggregationMaxSize: flags.aggregationMaxSize,
    collectionMaxCount: flags.collectionMaxCount,
    collectionMaxSize: flags.collectionMaxSize,
    recordMaxBufferedTimeMs: flags.recordMaxBufferedTime,
    recordTtlMs: flags.recordTtl,
    rateLimit: flags.rateLimit,
    failIfThrottled: flags.failIfThrottled,
    maxConnections: flags.maxConnections,
    maxUserRecordSize: flags.maxUserRecordSize,
    maxOutstandingRecords: flags.maxOutstandingRecords,
    maxOutstandingBytes: flags.maxOutstandingBytes,
    isOrdered: flags.ordered,
  };
}
