import { allSettings, type Command } from '../command.ts';
import { flagOf, isFlag, type Setting } from '../settings/setting.ts';

/**
 * What can stand behind a verb: a flag with what can follow it, or a positional argument.
 *
 * `value` is what follows: nothing, a file, one of `choices`, or a text that cannot be foreseen.
 */
export interface Word {
  readonly long: string;
  readonly short?: string;
  readonly isFlag: boolean;
  readonly isRepeatable: boolean;
  readonly meaning: string;
  readonly value: 'nothing' | 'file' | 'choice' | 'text';
  readonly choices: readonly string[];
}

/** One verb as the scripts see it. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly words: readonly Word[];
}

const help: Word = {
  long: '--help',
  short: '-h',
  isFlag: true,
  isRepeatable: false,
  meaning: 'print help',
  value: 'nothing',
  choices: [],
};

/** All words of a command, `--help` last. */
export function wordsOf(command: Command): readonly Word[] {
  return [...Object.values(allSettings(command)).map(wordOf), help];
}

function wordOf(setting: Setting<unknown>): Word {
  const { takes, choices = [] } = setting.parser;
  const [, short] = /(?:^|\s)(-[a-zA-Z])\b/.exec(setting.flags) ?? [];
  return {
    long: flagOf(setting),
    ...(short !== undefined && { short }),
    isFlag: isFlag(setting),
    isRepeatable: takes === 'many',
    meaning: setting.meaning,
    value: followed(setting),
    choices,
  };
}

function followed({ parser: { takes, choices, isPath } }: Setting<unknown>): Word['value'] {
  if (takes === 'nothing') return 'nothing';
  if (choices) return 'choice';
  return isPath ? 'file' : 'text';
}
