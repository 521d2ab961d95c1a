import type { CommandDescription } from '../../cli/command.ts';
import { grouped, setting, type Values } from '../../cli/settings/define-setting.ts';
import { output } from '../../cli/settings/parsers.ts';
import { duration, size } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { contractSettings } from '../shared/flags/input-flags.ts';
import { readingSettings } from '../shared/flags/reading-flags.ts';
import { streamSettings } from '../shared/flags/stream-flags.ts';

/** The flags of `fraudstream record`. */
export const recordFlags = {
  ...streamSettings,
  ...readingSettings,
  ...contractSettings,
  ...grouped('Reading:', {
    duration: setting('-d, --duration <span>', 'stop after so long', undefined, duration),
  }),
  ...grouped('Files:', {
    out: setting(
      '-o, --out <file>',
      'the file, or with rotation the pattern of its names; .gz compresses',
      'recording.ndjson',
      output,
    ),
    rotateSize: setting(
      '--rotate-size <size>',
      'begin a new file after so many bytes of lines, before compression',
      undefined,
      size,
    ),
    rotateTime: setting(
      '--rotate-time <span>',
      'begin a new file so long after the first line of one',
      undefined,
      duration,
    ),
  }),
  ...outputSettings,
};

/** The values of the flags of `fraudstream record`. */
export type RecordValues = Values<typeof recordFlags>;

/** `fraudstream record`. */
export const record: CommandDescription<typeof recordFlags> = {
  name: 'record',
  summary: 'write a live stream to files that replay reads',
  description:
    'Reads a Kinesis data stream, takes KPL aggregates apart, and writes one user record a line, with ' +
    'the time at which the stream took it as its last field, arrived_at. A file is there whole or not ' +
    'at all, and none is overwritten. Runs until --count, --duration, --idle-timeout or Ctrl-C; what ' +
    'was read until then is on disk. The --checkpoint follows the files that are in place: after a ' +
    'crash the next run reads again what was in the unfinished file, and none is lost.',
  settings: recordFlags,
  examples: [
    {
      does: 'An hour of a stream, as a fixture',
      line: 'fraudstream record --duration 1h --out hour.ndjson.gz',
    },
    {
      does: 'For ever, in files of at most 5 minutes: day-00001.ndjson.gz and so on',
      line: 'fraudstream record --rotate-time 5m --out day.ndjson.gz --checkpoint day.checkpoint',
    },
    {
      does: 'All that the stream holds, and the names of the files as they come',
      line: 'fraudstream record --from trim-horizon --idle-timeout 5s --rotate-size 64MiB --output ndjson',
    },
  ],
};
