import type { CommandDescription } from '../../cli/command.ts';
import {
  grouped,
  needing,
  type Setting,
  setting,
  type Values,
} from '../../cli/settings/define-setting.ts';
import { list, output, path } from '../../cli/settings/parsers.ts';
import { positiveCount } from '../../cli/settings/quantities.ts';
import { awsSettings, outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings } from '../shared/flags/input-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

const { region, profile } = awsSettings;
const restore: Setting<string | undefined> = setting(
  '--restore <file>',
  'go on from the state that another run kept',
  undefined,
  path,
);

/** The flags of `fraudstream features`. */
export const featuresFlags = {
  ...grouped('Bounds:', {
    count: setting('-n, --count <count>', 'stop after so many', undefined, positiveCount),
  }),
  ...grouped('Input:', {
    input: setting(
      '-i, --input <file>',
      'transactions of files instead of generated ones; - is stdin',
      [],
      list(path),
    ),
    labels: needing(
      'input',
      setting('--labels <file>', 'NDJSON of the truth, by id', undefined, path),
    ),
    ...inputSettings,
    ...orderSettings,
  }),
  ...grouped('Output:', {
    out: setting('-o, --out <file>', 'file instead of stdout; .gz compresses', undefined, output),
    progress: outputSettings.progress,
  }),
  ...grouped('State:', {
    restore,
    snapshot: setting('--snapshot <file>', 'keep the state at the end there', undefined, path),
  }),
  ...grouped('AWS:', { region, profile }),
  ...worldSettings,
};

/** The values of the flags of `fraudstream features`. */
export type FeaturesValues = Values<typeof featuresFlags>;

/** `fraudstream features`. */
export const features: CommandDescription<typeof featuresFlags> = {
  name: 'features',
  summary: 'turn transactions into rows of features',
  description:
    'Computes the online features of generated transactions, or of those of files, in the order in ' +
    'which they come, and writes one row of CSV for each: what a model is trained on, and what a ' +
    'pipeline is checked against. Defined in fixtures/features/manifest.json. Reported frauds are ' +
    'learnt when they were reported, never before.',
  settings: featuresFlags,
  examples: [
    {
      does: 'A training set: a million transactions with their labels',
      line: 'fraudstream features --count 1M --seed 1 --out rows.csv.gz',
    },
    {
      does: 'The features of recorded transactions',
      line: 'fraudstream features --input day.ndjson --labels day.labels.ndjson > rows.csv',
    },
  ],
};
