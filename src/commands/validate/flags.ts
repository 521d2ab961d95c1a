import type { CommandDescription } from '../../cli/command.ts';
import { argument, grouped, setting, type Values } from '../../cli/settings/define-setting.ts';
import { choice, list, path } from '../../cli/settings/parsers.ts';
import { count } from '../../cli/settings/quantities.ts';
import { awsSettings, outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings } from '../shared/flags/input-flags.ts';

const { format, map, forbidPan, contract } = inputSettings;
const { region, profile } = awsSettings;
const { report, progress } = outputSettings;

/** The flags of `fraudstream validate`. */
export const validateFlags = {
  files: argument('<files...>', 'files, globs, s3:// objects or - (stdin)', list(path)),
  ...grouped('Input:', {
    kind: setting(
      '--kind <kind>',
      'kind of the records (default: label for names with .labels., else transaction)',
      undefined,
      choice('transaction', 'label'),
    ),
    format,
    map,
    contract,
    forbidPan,
  }),
  ...grouped('Output:', {
    output: setting(
      '--output <format>',
      'format of stdout; github writes annotations for GitHub Actions',
      'human',
      choice('human', 'json', 'ndjson', 'github'),
    ),
    maxErrors: setting(
      '--max-errors <count>',
      'maximum findings to print; further ones are only counted',
      '100',
      count,
    ),
    report,
    progress,
  }),
  ...grouped('AWS:', { region, profile }),
};

/** The values of the flags of `fraudstream validate`. */
export type ValidateValues = Values<typeof validateFlags>;

/** `fraudstream validate`. */
export const validate: CommandDescription<typeof validateFlags> = {
  name: 'validate',
  summary: 'check every line of files against the schema',
  description:
    'Reads transactions or labels as replay does, and prints every error: file, line, field, value, ' +
    'reason. Duplicate identifiers, event times out of order and unknown fields are warnings. Exits ' +
    'with 65 for an invalid record, and with 66 for a missing file.',
  settings: validateFlags,
  mainFlags: ['files', 'kind', 'format', 'map', 'output', 'maxErrors', 'report'],
  examples: [
    { does: 'Check a file', line: 'fraudstream validate day.ndjson.gz' },
    {
      does: 'Check all fixtures of a repository, with annotations in a pull request',
      line: 'fraudstream validate "fixtures/**/*.ndjson" --output github',
    },
    {
      does: 'Check a CSV of another schema',
      line: 'fraudstream validate theirs.csv --map theirs.yaml',
    },
    {
      does: 'Write every finding as a line of JSON',
      line: 'fraudstream validate day.ndjson --output ndjson --max-errors 1M > findings.ndjson',
    },
  ],
};
