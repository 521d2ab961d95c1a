import type { CommandDescription } from '../../cli/command.ts';
import { grouped, setting, type Values } from '../../cli/settings/define-setting.ts';
import { yesNo } from '../../cli/settings/parsers.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { contractSettings } from '../shared/flags/input-flags.ts';
import { readingSettings } from '../shared/flags/reading-flags.ts';
import { observedSettings } from '../shared/flags/run-flags.ts';
import { streamSettings } from '../shared/flags/stream-flags.ts';

const { report, progress } = outputSettings;

/** The flags of `fraudstream consume`. */
export const consumeFlags = {
  ...streamSettings,
  ...readingSettings,
  ...contractSettings,
  ...grouped('Output:', {
    metadata: setting(
      '--metadata',
      'write a JSON object with the metadata of each record instead of its payload',
      false,
      yesNo,
    ),
    report,
    progress,
  }),
  ...observedSettings,
};

/** The values of the flags of `fraudstream consume`. */
export type ConsumeValues = Values<typeof consumeFlags>;

/** `fraudstream consume`. */
export const consume: CommandDescription<typeof consumeFlags> = {
  name: 'consume',
  summary: 'read a stream to stdout, one user record per line',
  description:
    'Reads all shards of a Kinesis data stream, deaggregates KPL records, and writes one user record ' +
    'per line to stdout. After resharding it reads parents before children. With --checkpoint a later ' +
    'run resumes where this one ended; after a crash up to a second of records is repeated, none is lost.',
  settings: consumeFlags,
  mainFlags: [
    'stream',
    'region',
    'profile',
    'kinesisEndpointUrl',
    'from',
    'count',
    'idleTimeout',
    'checkpoint',
    'metadata',
    'contract',
    'report',
  ],
  examples: [
    { does: 'Follow a stream', line: 'fraudstream consume --stream transactions --from latest' },
    {
      does: 'Read everything in the stream, then stop',
      line: 'fraudstream consume --idle-timeout 5s > all.ndjson',
    },
    {
      does: 'Read 1000 records, and later the next 1000',
      line: 'fraudstream consume --checkpoint my.checkpoint --count 1000',
    },
  ],
};
