import type { CommandDescription } from '../../cli/command.ts';
import { grouped, setting, type Values } from '../../cli/settings/define-setting.ts';
import { yesNo } from '../../cli/settings/parsers.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { contractSettings } from '../shared/flags/input-flags.ts';
import { readingSettings } from '../shared/flags/reading-flags.ts';
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
      'a JSON object about each record instead of its payload',
      false,
      yesNo,
    ),
    report,
    progress,
  }),
};

/** The values of the flags of `fraudstream consume`. */
export type ConsumeValues = Values<typeof consumeFlags>;

/** `fraudstream consume`. */
export const consume: CommandDescription<typeof consumeFlags> = {
  name: 'consume',
  summary: 'read a stream to stdout, one record a line, aggregates taken apart',
  description:
    'Reads all shards of a Kinesis data stream, parents before children after resharding, takes KPL ' +
    'aggregates apart, and writes one user record a line to stdout. With --checkpoint a later run ' +
    'goes on where this one ended; after a crash up to a second of records comes again, and none is lost.',
  settings: consumeFlags,
  examples: [
    { does: 'Follow a stream', line: 'fraudstream consume --stream transactions' },
    {
      does: 'Everything it holds, then stop',
      line: 'fraudstream consume --from trim-horizon --idle-timeout 5s > all.ndjson',
    },
    { does: 'In instalments', line: 'fraudstream consume --checkpoint my.checkpoint --count 1000' },
  ],
};
