import { grouped, setting } from '../../../cli/settings/define-setting.ts';
import { output } from '../../../cli/settings/parsers.ts';
import {
  beginning,
  duration,
  milliseconds,
  positiveCount,
} from '../../../cli/settings/quantities.ts';

/** Which part of a stream is read, and how. */
export const readingSettings = grouped('Reading:', {
  from: setting('--from <where>', 'latest, trim-horizon or an instant', 'latest', beginning),
  checkpoint: setting(
    '--checkpoint <file>',
    'go on where the last run with this file ended, and keep it up to date',
    undefined,
    output,
  ),
  count: setting('-n, --count <count>', 'stop after so many records', undefined, positiveCount),
  idleTimeout: setting(
    '--idle-timeout <span>',
    'stop when nothing has come for so long',
    undefined,
    duration,
  ),
  pollInterval: setting(
    '--poll-interval <ms>',
    'between two reads of a shard',
    '250',
    milliseconds,
  ),
  limit: setting(
    '--limit <count>',
    'Kinesis records asked for in a read, 1 to 10000',
    '10000',
    positiveCount,
  ),
});
