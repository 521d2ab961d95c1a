import { Chalk } from 'chalk';

/** How the few coloured words look. */
export interface Colours {
  error(text: string): string;
  heading(text: string): string;
}

/** Colours, or for whoever cannot show them the bare text: chalk is not asked to guess. */
export function colours(hasColours: boolean): Colours {
  const chalk = new Chalk({ level: hasColours ? 1 : 0 });
  return { error: chalk.red.bold, heading: chalk.bold };
}
