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
  files: argument('<files...>', 'files, patterns, s3:// objects, or - for stdin', list(path)),
  ...grouped('Input:', {
    kind: setting(
      '--kind <kind>',
      'what they hold; default: label where the name has .labels. in it, else transaction',
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
      '--output <form>',
      'form of stdout; github writes annotations for GitHub Actions',
      'human',
      choice('human', 'json', 'ndjson', 'github'),
    ),
    maxErrors: setting(
      '--max-errors <count>',
      'findings that are told; the others are only counted',
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
  summary: 'judge every line of files against the schema, for people and for CI',
  description:
    'Reads transactions or labels from files as replay does and says of every line all that is wrong ' +
    'with it: file, line, field, value, reason. Identifiers that come again, event times that go back ' +
    'and fields that nobody knows are warnings. Ends with 65 when a record is invalid, 66 when a file ' +
    'is not there.',
  settings: validateFlags,
  examples: [
    { does: 'Is this file sound?', line: 'fraudstream validate day.ndjson.gz' },
    {
      does: 'All fixtures of a repository, labels too, as annotations of a pull request',
      line: 'fraudstream validate "fixtures/**/*.ndjson" --output github',
    },
    {
      does: 'A foreign CSV, as its mapping makes it',
      line: 'fraudstream validate theirs.csv --map theirs.yaml',
    },
    {
      does: 'Every finding as a line of JSON',
      line: 'fraudstream validate day.ndjson --output ndjson --max-errors 1M > findings.ndjson',
    },
  ],
};
