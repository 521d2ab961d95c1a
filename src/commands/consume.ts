import { type Command, command } from './command.ts';
import { path, yesNo } from './settings/parser.ts';
import { duration, milliseconds, positiveCount } from './settings/quantity.ts';
import { beginning } from './settings/rates.ts';
import { grouped, setting } from './settings/setting.ts';
import { outputSettings } from './settings/shared.ts';
import { streamSettings } from './settings/stream-settings.ts';

const { report, progress } = outputSettings;

/** `fraudstream consume`. */
export const consume: Command = command({
  name: 'consume',
  summary: 'read a stream to stdout, one record a line, aggregates taken apart',
  description:
    'Reads all shards of a Kinesis data stream, parents before children after resharding, takes KPL ' +
    'aggregates apart, and writes one user record a line to stdout. With --checkpoint a later run ' +
    'goes on where this one ended; after a crash up to a second of records comes again, and none is lost.',
  settings: {
    ...streamSettings,
    ...grouped('Reading:', {
      from: setting('--from <where>', 'latest, trim-horizon or an instant', 'latest', beginning),
      checkpoint: setting(
        '--checkpoint <file>',
        'go on where the last run with this file ended, and keep it up to date',
        undefined,
        path,
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
    }),
    ...grouped('Output:', {
      metadata: setting(
        '--metadata',
        'a JSON object about each record instead of its payload',
        false,
        yesNo,
      ),
      report,
      progress,
    }),
  },
  examples: [
    { does: 'Follow a stream', line: 'fraudstream consume --stream transactions' },
    {
      does: 'Everything it holds, then stop',
      line: 'fraudstream consume --from trim-horizon --idle-timeout 5s > all.ndjson',
    },
    { does: 'In instalments', line: 'fraudstream consume --checkpoint my.checkpoint --count 1000' },
  ],
  run: async (values, outside) => (await import('./walks/consume.ts')).consume(values, outside),
});
