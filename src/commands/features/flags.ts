import type { CommandDescription } from '../../cli/command.ts';
import { grouped, needing, setting, type Values } from '../../cli/settings/define-setting.ts';
import { list, output, path } from '../../cli/settings/parsers.ts';
import { positiveCount } from '../../cli/settings/quantities.ts';
import { awsSettings, outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings, restoreSetting } from '../shared/flags/input-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

const { region, profile } = awsSettings;
/** The flags of `fraudstream features`. */
export const featuresFlags = {
  ...grouped('Bounds:', {
    count: setting(
      '-n, --count <count>',
      'stop after this many transactions',
      undefined,
      positiveCount,
    ),
  }),
  ...grouped('Input:', {
    input: setting(
      '-i, --input <file>',
      'read transactions from files instead of generating them; - is stdin',
      [],
      list(path),
    ),
    labels: needing(
      'input',
      setting('--labels <file>', 'NDJSON file of fraud labels, by transaction id', undefined, path),
    ),
    ...inputSettings,
    ...orderSettings,
  }),
  ...grouped('Output:', {
    out: setting(
      '-o, --out <file>',
      'write to a file instead of stdout: .csv, .ndjson or .parquet; .gz compresses',
      undefined,
      output,
    ),
    progress: outputSettings.progress,
  }),
  ...grouped('State:', {
    restore: restoreSetting,
    snapshot: setting('--snapshot <file>', 'write the final state to this file', undefined, path),
  }),
  ...grouped('AWS:', { region, profile }),
  ...worldSettings,
};

/** The values of the flags of `fraudstream features`. */
export type FeaturesValues = Values<typeof featuresFlags>;

/** `fraudstream features`. */
export const features: CommandDescription<typeof featuresFlags> = {
  name: 'features',
  summary: 'compute the features of transactions, as CSV, NDJSON or Parquet',
  description:
    'Computes the online features of generated transactions, or of those in files, in input order. ' +
    'Writes one row for each, to train a model or to check a pipeline. A fraud counts from the time ' +
    'it was reported. fixtures/features/manifest.json defines the features.',
  settings: featuresFlags,
  mainFlags: [
    'count',
    'input',
    'labels',
    'format',
    'map',
    'sort',
    'out',
    'restore',
    'snapshot',
    'seed',
    'cards',
    'fraudRate',
  ],
  examples: [
    {
      does: 'Write a training set of a million labelled transactions',
      line: 'fraudstream features --count 1M --seed 1 --out rows.csv.gz',
    },
    {
      does: 'Write a training set of your own transactions and their labels',
      line: 'fraudstream features --input theirs.csv --map theirs.yaml --sort --out rows.parquet',
    },
    {
      does: 'Compute the features of recorded transactions',
      line: 'fraudstream features --input day.ndjson --labels day.labels.ndjson > rows.csv',
    },
  ],
};
