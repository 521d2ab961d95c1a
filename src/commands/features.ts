import { type Command, command } from './command.ts';
import { inputSettings } from './settings/input-settings.ts';
import { list, output, path } from './settings/parser.ts';
import { positiveCount } from './settings/quantity.ts';
import { grouped, needing, type Setting, setting } from './settings/setting.ts';
import { awsSettings, outputSettings } from './settings/shared.ts';
import { worldSettings } from './settings/world-settings.ts';

const { region, profile } = awsSettings;
const restore: Setting<string | undefined> = setting(
  '--restore <file>',
  'go on from the state that another run kept',
  undefined,
  path,
);

/** `fraudstream features`. */
export const features: Command = command({
  name: 'features',
  summary: 'turn transactions into rows of features',
  description:
    'Computes the online features of generated transactions, or of those of files, in the order in ' +
    'which they come, and writes one row of CSV for each: what a model is trained on, and what a ' +
    'pipeline is checked against. Defined in fixtures/features/manifest.json. Reported frauds are ' +
    'learnt when they were reported, never before.',
  settings: {
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
  },
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
  run: async (values, outside) => (await import('./walks/features.ts')).features(values, outside),
});
