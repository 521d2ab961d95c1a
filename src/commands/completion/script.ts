import type { Command } from '../command.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { type Verb, wordsOf } from './word.ts';
import { zshScript } from './zsh.ts';

/** Shells that completion scripts are written for. */
export type Shell = 'bash' | 'zsh' | 'fish';

const scripts: Readonly<Record<Shell, (verbs: readonly Verb[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** The script that completes these commands in a shell. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
  const verbs = commands.map((command) => ({
    name: command.name,
    summary: command.summary,
    words: wordsOf(command),
  }));
  return scripts[shell](verbs);
}
