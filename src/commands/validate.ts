import { type Command, command } from './command.ts';
import { inputSettings } from './settings/input-settings.ts';
import { choice, list, path } from './settings/parser.ts';
import { positiveCount } from './settings/quantity.ts';
import { argument, grouped, setting } from './settings/setting.ts';

/** `fraudstream validate`. */
export const validate: Command = command({
  name: 'validate',
  summary: 'judge every line of files of transactions or labels',
  description:
    'Reads files as replay does and judges every line against the schema: file, line, field, value and ' +
    'reason of each problem, a summary, and exit code 65 when there is any.',
  settings: {
    files: argument('<files...>', 'files, patterns, or - for stdin', list(path)),
    ...grouped('Input:', {
      kind: setting(
        '--kind <kind>',
        'what the lines are',
        'transaction',
        choice('transaction', 'label'),
      ),
    }),
    format: inputSettings.format,
    map: inputSettings.map,
    ...grouped('Output:', {
      maxErrors: setting(
        '--max-errors <count>',
        'stop after so many problems',
        undefined,
        positiveCount,
      ),
      output: setting(
        '--output <form>',
        'human, a JSON object a problem, one JSON report, or annotations for GitHub',
        'human',
        choice('human', 'ndjson', 'json', 'github'),
      ),
    }),
  },
  examples: [
    { does: 'Before a commit', line: 'fraudstream validate fixtures/transactions/*.ndjson' },
    {
      does: 'In GitHub Actions, beside the lines',
      line: 'fraudstream validate "fixtures/**/*.ndjson" --output github',
    },
    {
      does: 'Does the mapping fit?',
      line: 'fraudstream validate theirs.csv --map theirs.yaml --max-errors 20',
    },
  ],
  run: async (values, outside) => (await import('./walks/validate.ts')).validate(values, outside),
});
