import { flagOf, isFlag, nameOf, type Setting } from './define-setting.ts';

/** Who gave a setting its value. */
export type SettingSource =
  | { readonly kind: 'flag'; readonly setting: Setting<unknown> }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string; readonly line: number }
  | { readonly kind: 'default' };

/** Who said it, in the words of `--print-config` and of error messages. */
export function sourceName(source: SettingSource): string {
  switch (source.kind) {
    case 'flag':
      return isFlag(source.setting) ? `flag ${flagOf(source.setting)}` : source.setting.flags;
    case 'environment':
      return `env ${source.variable}`;
    case 'file':
      return `file ${source.path}:${source.line}`;
    case 'default':
      return 'default';
  }
}

/** A value as it would be written in the same place. */
export function writtenAt(source: SettingSource, setting: Setting<unknown>, value: string): string {
  switch (source.kind) {
    case 'environment':
      return `${source.variable}=${quoted(value)}`;
    case 'file':
      return `${nameOf(setting)}: ${value}`;
    default:
      return isFlag(setting) ? `${flagOf(setting)} ${quoted(value)}` : value;
  }
}

/** A value as a shell takes it: "p99 > 1s" would write to a file without the quotes. */
function quoted(value: string): string {
  return /[\s<>|&;]/.test(value) ? `"${value}"` : value;
}
