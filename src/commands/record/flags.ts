import type { CommandDescription } from '../../cli/command.ts';
import { grouped, setting, type Values } from '../../cli/settings/define-setting.ts';
import { output } from '../../cli/settings/parsers.ts';
import { duration, size } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { contractSettings } from '../shared/flags/input-flags.ts';
import { readingSettings } from '../shared/flags/reading-flags.ts';
import { observedSettings } from '../shared/flags/run-flags.ts';
import { streamSettings } from '../shared/flags/stream-flags.ts';

/** The flags of `fraudstream record`. */
export const recordFlags = {
  ...streamSettings,
  ...readingSettings,
  ...contractSettings,
  ...grouped('Reading:', {
    duration: setting('-d, --duration <duration>', 'stop after this time', undefined, duration),
  }),
  ...grouped('Files:', {
    out: setting(
      '-o, --out <file>',
      'output file, or with rotation the pattern of the names; .gz compresses',
      'recording.ndjson',
      output,
    ),
    rotateSize: setting(
      '--rotate-size <size>',
      'start a new file after this size, before compression',
      undefined,
      size,
    ),
    rotateTime: setting(
      '--rotate-time <duration>',
      'start a new file this long after the first line of the current one',
      undefined,
      duration,
    ),
  }),
  ...outputSettings,
  ...observedSettings,
};

/** The values of the flags of `fraudstream record`. */
export type RecordValues = Values<typeof recordFlags>;

/** `fraudstream record`. */
export const record: CommandDescription<typeof recordFlags> = {
  name: 'record',
  summary: 'record a live stream to files for replay',
  description:
    'Reads a Kinesis data stream, deaggregates KPL records, and writes one user record per line. The ' +
    'last field, arrived_at, is the time of arrival in the stream. A file is written completely or not ' +
    'at all, and never overwritten. Runs until --count, --duration, --idle-timeout or Ctrl-C. With ' +
    '--checkpoint, the next run after a crash reads the unfinished file again; nothing is lost.',
  settings: recordFlags,
  mainFlags: [
    'stream',
    'region',
    'kinesisEndpointUrl',
    'from',
    'count',
    'duration',
    'idleTimeout',
    'checkpoint',
    'out',
    'rotateSize',
    'rotateTime',
  ],
  examples: [
    {
      does: 'Record the next hour of a stream',
      line: 'fraudstream record --from latest --duration 1h --out hour.ndjson.gz',
    },
    {
      does: 'Record until stopped, in files of 5 minutes: day-00001.ndjson.gz and so on',
      line: 'fraudstream record --from latest --rotate-time 5m --out day.ndjson.gz --checkpoint day.checkpoint',
    },
    {
      does: 'Record everything in the stream, and print each file name',
      line: 'fraudstream record --idle-timeout 5s --rotate-size 64MiB --output ndjson',
    },
  ],
};
