import { flagOf, isFlag, type Setting } from './define-setting.ts';
import { shownTexts } from './redaction.ts';
import type { ResolvedSettings } from './resolve-settings.ts';

/** Returns the command line of a call as a shell takes it: what was given as flags, without secrets. */
export function writtenCommand(command: string, resolved: readonly ResolvedSettings[]): string {
  const given = resolved.filter(
    ({ setting, source }) => source.kind === 'flag' && setting.sharesFlagOf === undefined,
  );
  const words = given.flatMap(({ setting, texts = [] }) => {
    const shown = shownTexts(setting, texts).map(quoted);
    if (!isFlag(setting)) return shown;
    if (!setting.flags.includes('<')) return texts.map((text) => switchOf(setting, text));
    return shown.flatMap((text) => [flagOf(setting), text]);
  });
  return ['fraudstream', command, ...words].join(' ');
}

/** `--no-x` is the flag of a setting that is true unless given. */
function switchOf(setting: Setting<unknown>, text: string): string {
  const flag = flagOf(setting);
  const isNegated = flag.startsWith('--no-');
  if ((text === 'true') !== isNegated) return flag;
  return isNegated ? flag.replace('--no-', '--') : flag.replace('--', '--no-');
}

function quoted(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
