import { grouped, setting, type Values } from '../../../cli/settings/define-setting.ts';
import { yesNo } from '../../../cli/settings/parsers.ts';
import { milliseconds, positiveCount, size } from '../../../cli/settings/quantities.ts';
import {
  type ProducerSettings,
  producerDefaults,
} from '../../../kinesis/producer/producer-settings.ts';

const kpl = producerDefaults;

/** The settings of the Kinesis Producer Library under their own names, and ours beside them. */
export const producerSettings = grouped('Producer, in the words of the KPL:', {
  aggregationEnabled: setting(
    '--no-aggregation-enabled',
    'put each user record by itself',
    kpl.aggregationEnabled,
    yesNo,
  ),
  aggregationMaxCount: setting(
    '--aggregation-max-count <count>',
    'user records in a Kinesis record',
    kpl.aggregationMaxCount,
    positiveCount,
  ),
  aggregationMaxSize: setting(
    '--aggregation-max-size <bytes>',
    'size of a Kinesis record',
    kpl.aggregationMaxSize,
    size,
  ),
  collectionMaxCount: setting(
    '--collection-max-count <count>',
    'Kinesis records in a request, 1 to 500',
    kpl.collectionMaxCount,
    positiveCount,
  ),
  collectionMaxSize: setting(
    '--collection-max-size <bytes>',
    'size of a request',
    kpl.collectionMaxSize,
    size,
  ),
  recordMaxBufferedTime: setting(
    '--record-max-buffered-time <ms>',
    'longest wait for company',
    kpl.recordMaxBufferedTimeMs,
    milliseconds,
  ),
  recordTtl: setting('--record-ttl <ms>', 'give a record up after', kpl.recordTtlMs, milliseconds),
  rateLimit: setting(
    '--rate-limit <percent>',
    'share of a shard limit to use; above 100 tests the throttling',
    kpl.rateLimit,
    positiveCount,
  ),
  failIfThrottled: setting(
    '--fail-if-throttled',
    'give a throttled record up at once',
    kpl.failIfThrottled,
    yesNo,
  ),
  maxUserRecordSize: setting(
    '--max-user-record-size <bytes>',
    'refuse larger user records; the partition key counts, as in Kinesis',
    kpl.maxUserRecordSize,
    size,
  ),
  maxOutstandingRecords: setting(
    '--max-outstanding-records <count>',
    'hold the source back at so many',
    kpl.maxOutstandingRecords,
    positiveCount,
  ),
  maxOutstandingBytes: setting(
    '--max-outstanding-bytes <bytes>',
    'hold the source back at so much',
    kpl.maxOutstandingBytes,
    size,
  ),
  ordered: setting('--ordered', 'keep the order of each partition key', kpl.isOrdered, yesNo),
});

/** Only where the puts keep their order can that of verdicts be judged. */
export const inOrder = {
  ...producerSettings.ordered,
  flags: '--no-ordered',
  meaning: 'put without keeping the order of each card; then that of verdicts is not judged',
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
