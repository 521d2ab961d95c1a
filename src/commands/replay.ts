import { type Command, command } from './command.ts';
import { inputSettings } from './settings/input-settings.ts';
import { choice, list, path, yesNo } from './settings/parser.ts';
import { producerOf, producerSettings } from './settings/producer-settings.ts';
import { resumeSettings, selectionSettings, timingSettings } from './settings/replay-settings.ts';
import { argument, grouped, setting } from './settings/setting.ts';
import { outputSettings } from './settings/shared.ts';
import { localSettings, streamSettings } from './settings/stream-settings.ts';

/** `fraudstream replay`. */
export const replay: Command = command({
  name: 'replay',
  summary: 'put recorded transactions to Kinesis, with their own timing',
  description:
    'Reads transactions from files and puts them to a Kinesis data stream when they are due: each as ' +
    'long after the first as its event time says, at the speed asked for. NDJSON, CSV and Parquet, ' +
    'gzip too; several files are read as one. Labels of fraud are left out.',
  settings: {
    files: argument('<files...>', 'files, patterns, s3:// objects, or - for stdin', list(path)),
    ...inputSettings,
    ...timingSettings,
    ...selectionSettings,
    ...grouped('Destination:', {
      to: setting('--to <where>', 'kinesis, or stdout', 'kinesis', choice('kinesis', 'stdout')),
    }),
    ...streamSettings,
    ...localSettings,
    ...resumeSettings,
    ...producerSettings,
    ...outputSettings,
    ...grouped('Run:', {
      dryRun: setting(
        '--dry-run',
        'print how many, how long and how fast it would be; send nothing',
        false,
        yesNo,
      ),
    }),
  },
  examples: [
    {
      does: 'A day in a quarter of an hour, as if it were now',
      line: 'fraudstream replay day.ndjson.gz --speed 96x --time-shift now',
    },
    {
      does: 'A foreign CSV that is not in order',
      line: 'fraudstream replay theirs.csv --map theirs.yaml --sort --speed max',
    },
    {
      does: 'What would that be?',
      line: 'fraudstream replay "days/*.ndjson" --speed 10x --dry-run',
    },
    {
      does: 'Go on after a crash',
      line: 'fraudstream replay day.ndjson --checkpoint day.position --resume',
    },
    {
      does: 'In CI, without AWS',
      line: 'fraudstream replay fixtures/*.ndjson --local --speed max --on-error stop',
    },
  ],
  run: async (values, outside) => {
    const walk = await import('./walks/replay.ts');
    return walk.replay({ ...values, producer: producerOf(values) }, outside);
  },
});
