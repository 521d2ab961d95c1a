import { isFlag, nameOf } from './define-setting.ts';
import { shownTexts } from './redaction.ts';
import type { ResolvedSettings } from './resolve-settings.ts';
import { sourceName } from './setting-source.ts';

/** Every setting of a command as a config file would hold it, and behind it who said so. */
export function configLines(
  command: string,
  resolved: readonly ResolvedSettings[],
): readonly string[] {
  const rows = resolved
    .filter(({ setting }) => isFlag(setting) && setting.sharesFlagOf === undefined)
    .map(({ setting, texts, source }) => {
      const value =
        texts === undefined
          ? `# ${nameOf(setting)}:`
          : `${nameOf(setting)}: ${written(shownTexts(setting, texts))}`;
      return [`  ${value}`, sourceName(source)] as const;
    });
  const width = Math.max(...rows.map(([value]) => value.length));
  const lines = rows.map(([value, source]) => `${value.padEnd(width)}  # ${source}`);
  return [`${command}:`, ...lines];
}

/** One text bare, several as a YAML list. */
function written(texts: readonly string[]): string {
  const [only] = texts;
  return only !== undefined && texts.length === 1
    ? quoted(only)
    : `[${texts.map(quoted).join(', ')}]`;
}

function quoted(text: string): string {
  return /^[\w./+-]+$/.test(text) ? text : JSON.stringify(text);
}
