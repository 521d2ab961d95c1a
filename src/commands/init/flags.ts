import type { CommandDescription } from '../../cli/command.ts';
import { grouped, insteadOf, setting, type Values } from '../../cli/settings/define-setting.ts';
import { choice, path, text } from '../../cli/settings/parsers.ts';
import { awsSettings } from '../shared/flags/common-flags.ts';
import { inputSettings } from '../shared/flags/input-flags.ts';
import { requestSettings } from '../shared/flags/stream-flags.ts';

/** The flags of `fraudstream init`. */
export const initFlags = {
  ...grouped('Sample:', {
    sample: setting(
      '--sample <file>',
      'file of your records (NDJSON, CSV, Parquet; - is stdin); its first 1000 are read',
      undefined,
      path,
    ),
    fromStream: insteadOf(
      'sample',
      setting(
        '--from-stream <name>',
        'Kinesis stream of your records (JSON) instead of a file; up to 200 are read',
        undefined,
        text,
      ),
    ),
    format: inputSettings.format,
    form: setting(
      '--form <form>',
      'what to propose; default: a contract for JSON, a mapping for tables',
      undefined,
      choice('contract', 'mapping'),
    ),
  }),
  ...grouped('Files:', {
    out: setting('-o, --out <folder>', 'folder for the files; none is overwritten', '.', path),
  }),
  ...awsSettings,
  ...requestSettings,
};

/** The values of the flags of `fraudstream init`. */
export type InitValues = Values<typeof initFlags>;

/** `fraudstream init`. */
export const init: CommandDescription<typeof initFlags> = {
  name: 'init',
  summary: 'propose a contract or a mapping from a sample, or write commented files to begin with',
  description:
    'With a sample: guesses from names and values which of your fields are which of a transaction, ' +
    'writes contract.yaml or mapping.yaml, marks each guess with how sure it is, and prints what it ' +
    'could not assign. Card numbers are never mapped as they are. Without a sample: writes ' +
    'fraudstream.yaml, contract.yaml and .github/workflows/fraudstream.yml. A file that exists is ' +
    'never overwritten.',
  settings: initFlags,
  mainFlags: ['sample', 'fromStream', 'format', 'form', 'out', 'region'],
  examples: [
    { does: 'Write files to begin with, in this folder', line: 'fraudstream init' },
    { does: 'Propose a contract for your JSON', line: 'fraudstream init --sample theirs.ndjson' },
    {
      does: 'Propose a mapping for your table',
      line: 'fraudstream init --sample theirs.csv --out load-test',
    },
    {
      does: 'Propose a contract for what is in a stream',
      line: 'fraudstream init --from-stream transactions --region eu-west-1',
    },
  ],
};
