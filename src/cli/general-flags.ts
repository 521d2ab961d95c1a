import { grouped, setting } from './settings/define-setting.ts';
import { path, yesNo } from './settings/parsers.ts';

/** The heading of what every command has; `--help` comes last in it. */
export const GENERAL = 'General:';

/** Flags of every command that has flags; its function never sees them. */
export const generalFlags = grouped(GENERAL, {
  config: setting(
    '--config <file>',
    'YAML or JSON; absent: fraudstream.yaml, .yml or .json here',
    undefined,
    path,
  ),
  printConfig: setting('--print-config', 'print every setting and who set it', false, yesNo),
});
