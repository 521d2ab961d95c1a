import { grouped, setting } from './settings/define-setting.ts';
import { path, yesNo } from './settings/parsers.ts';

/** The heading of what every command has; `--help` comes last in it. */
export const GENERAL = 'General:';

/** Flags of every command that has flags; its function never sees them. */
export const generalFlags = grouped(GENERAL, {
  config: setting(
    '--config <file>',
    'config file; if omitted: fraudstream.yaml, .yml or .json of this folder',
    undefined,
    path,
  ),
  printConfig: setting('--print-config', 'print every setting and its source', false, yesNo),
  verbose: setting(
    '-v, --verbose',
    'print the settings in use, and the causes of an error, on stderr',
    false,
    yesNo,
  ),
  quiet: setting('-q, --quiet', 'print nothing but errors on stderr', false, yesNo),
});
