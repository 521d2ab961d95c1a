import type { CommandDescription } from '../../cli/command.ts';
import { grouped, needing, setting, type Values } from '../../cli/settings/define-setting.ts';
import { choice, output, yesNo } from '../../cli/settings/parsers.ts';
import { positive, positiveCount, threadsOrAuto } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { contractSettings } from '../shared/flags/input-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

/** The flags of `fraudstream generate`. */
export const generateFlags = {
  ...grouped('Bounds:', {
    count: setting(
      '-n, --count <count>',
      'how many (default: 1000, without --days)',
      undefined,
      positiveCount,
    ),
    days: setting('--days <days>', 'days of event time, also 0.5', undefined, positive),
  }),
  ...grouped('Output:', {
    out: setting('-o, --out <file>', 'file instead of stdout; .gz compresses', undefined, output),
    format: setting(
      '--format <form>',
      'default: what the name of the file ends in, else ndjson',
      undefined,
      choice('ndjson', 'csv', 'parquet'),
    ),
    labels: setting(
      '--labels <where>',
      'the truth about fraud: none, inline, or sidecar (a file beside --out)',
      'none',
      choice('none', 'inline', 'sidecar'),
    ),
    manifest: setting(
      '--manifest <file>',
      'what was written, with digests (default: beside --out); none leaves it out',
      undefined,
      output,
    ),
    progress: outputSettings.progress,
  }),
  ...grouped('Run:', {
    threads: setting('--threads <count>', 'threads that generate, or auto', 1, threadsOrAuto),
    stats: setting('--stats', 'print a profile of the world instead of lines', false, yesNo),
    html: needing(
      'stats',
      setting('--html <file>', 'also write the profile as a page with charts', undefined, output),
    ),
  }),
  ...contractSettings,
  ...worldSettings,
};

/** The values of the flags of `fraudstream generate`. */
export type GenerateValues = Values<typeof generateFlags>;

/** `fraudstream generate`. */
export const generate: CommandDescription<typeof generateFlags> = {
  name: 'generate',
  summary: 'write generated transactions to stdout or a file',
  description:
    'Writes card transactions of a generated world, one a line, by event time. The same settings give ' +
    'the same bytes, whatever the number of threads. A file is there whole or not at all.',
  settings: generateFlags,
  examples: [
    { does: 'A look at some', line: 'fraudstream generate --count 3 --seed 1' },
    {
      does: 'A fixture with its labels in day.labels.ndjson',
      line: 'fraudstream generate --count 100k --seed 7 --out day.ndjson --labels sidecar',
    },
    {
      does: 'A week as compressed CSV, on all cores',
      line: 'fraudstream generate --days 7 --seed 7 --cards 1M --threads auto --out week.csv.gz',
    },
    {
      does: 'What such a world is like',
      line: 'fraudstream generate --days 7 --seed 7 --stats --html week.html',
    },
  ],
};
