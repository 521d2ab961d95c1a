import { formerly, grouped, needing, setting } from '../../../cli/settings/define-setting.ts';
import { choice, output, text } from '../../../cli/settings/parsers.ts';
import {
  beginning,
  duration,
  milliseconds,
  positiveCount,
} from '../../../cli/settings/quantities.ts';

/** Where reading of a stream starts: one default for all commands, which skips no record. */
export const from = setting(
  '--from <where>',
  'start position without a checkpoint: trim-horizon, latest or a time',
  'trim-horizon',
  beginning,
);

/** How records come out of a stream. */
export const readerSettings = grouped('Reading:', {
  reader: setting(
    '--reader <kind>',
    'polling (GetRecords), or efo: enhanced fan-out (SubscribeToShard)',
    'polling',
    choice('polling', 'efo'),
  ),
  consumerName: needing(
    'reader',
    setting(
      '--consumer-name <name>',
      'consumer of efo, registered if absent; a new one is removed at the end if omitted',
      undefined,
      text,
    ),
  ),
});

/** Which part of a stream is read, and how. */
export const readingSettings = grouped('Reading:', {
  from,
  checkpoint: setting(
    '--checkpoint <file>',
    'resume from this file, and update it',
    undefined,
    output,
  ),
  count: setting('-n, --count <count>', 'stop after this many records', undefined, positiveCount),
  idleTimeout: setting(
    '--idle-timeout <duration>',
    'stop after this time without records',
    undefined,
    duration,
  ),
  ...readerSettings,
  pollInterval: setting(
    '--poll-interval <duration>',
    'time between two reads of a shard (polling)',
    '250ms',
    milliseconds,
  ),
  getRecordsLimit: formerly(
    '--limit <count>',
    setting(
      '--get-records-limit <count>',
      'Limit of each GetRecords call, 1 to 10000 (polling)',
      '10000',
      positiveCount,
    ),
  ),
});
