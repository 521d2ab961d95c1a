import { type Command, command } from './command.ts';
import { path } from './settings/parser.ts';
import { duration, milliseconds, positiveCount, size } from './settings/quantity.ts';
import { beginning } from './settings/rates.ts';
import { grouped, setting } from './settings/setting.ts';
import { outputSettings } from './settings/shared.ts';
import { streamSettings } from './settings/stream-settings.ts';

const { report, progress } = outputSettings;

/** `fraudstream record`. */
export const record: Command = command({
  name: 'record',
  summary: 'write a live stream to files that replay reads',
  description:
    'Reads a Kinesis data stream as consume does and writes its records to NDJSON files, each with the ' +
    'instant it arrived, so that "replay --by arrival" has the same rhythm. A file has its name when it ' +
    'is complete; with --checkpoint, what was not complete at a crash is read again.',
  settings: {
    ...grouped('Files:', {
      out: setting('-o, --out <file>', 'the file; .gz compresses', 'recording.ndjson', path),
      rotateSize: setting(
        '--rotate-size <size>',
        'begin another file after so many bytes: recording.000001.ndjson',
        undefined,
        size,
      ),
      rotateTime: setting(
        '--rotate-time <span>',
        'begin another file after so long',
        undefined,
        duration,
      ),
    }),
    ...streamSettings,
    ...grouped('Reading:', {
      from: setting('--from <where>', 'latest, trim-horizon or an instant', 'latest', beginning),
      checkpoint: setting(
        '--checkpoint <file>',
        'go on where the complete files of the last run ended',
        undefined,
        path,
      ),
      count: setting('-n, --count <count>', 'stop after so many records', undefined, positiveCount),
      duration: setting('-d, --duration <span>', 'stop after so long', undefined, duration),
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
    ...grouped('Output:', { report, progress }),
  },
  examples: [
    { does: 'An hour of a stream', line: 'fraudstream record --out hour.ndjson.gz --duration 1h' },
    {
      does: 'All the time, a file each quarter of an hour',
      line: 'fraudstream record --out live.ndjson.gz --rotate-time 15m --checkpoint live.position',
    },
    { does: 'The same rhythm again', line: 'fraudstream replay hour.ndjson.gz --by arrival' },
  ],
  run: async (values, outside) => (await import('./walks/record.ts')).record(values, outside),
});
