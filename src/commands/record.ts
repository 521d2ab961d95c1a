import { type Command, command } from './command.ts';
import { path } from './settings/parser.ts';
import { duration, size } from './settings/quantity.ts';
import { readingSettings } from './settings/reading-settings.ts';
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
    ...readingSettings,
    ...grouped('Reading:', {
      duration: setting('-d, --duration <span>', 'stop after so long', undefined, duration),
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
