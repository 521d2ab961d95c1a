import type { ExitCode } from '../exit-codes.ts';
import { generalFlags } from './general-flags.ts';
import type { Runtime } from './runtime.ts';
import { isFlag, type SettingsTable, type Values } from './settings/define-setting.ts';

/**
 * What the help says of a command, and its flags: the only statement of each.
 *
 * It is loaded for every `--help`, so it imports nothing heavy.
 */
export interface CommandDescription<Table extends SettingsTable = SettingsTable> {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly settings: Table;
  /** The flags that `--help` shows, without the general ones; `--help-all` shows all. Absent: all. */
  readonly mainFlags?: readonly (keyof Table & string)[];
  readonly examples: readonly Example[];
}

/** A described command and what it does with the values of its flags. */
export interface Command extends Omit<CommandDescription, 'mainFlags'> {
  readonly mainFlags?: readonly string[];
  run(values: unknown, runtime: Runtime): Promise<ExitCode>;
}

/** A line to copy, and what it is good for. */
export interface Example {
  readonly does: string;
  readonly line: string;
}

/** Joins a description to its function; `run` loads heavy modules with `await import(...)`. */
export function command<Table extends SettingsTable>(
  description: CommandDescription<Table>,
  run: (values: Values<Table>, runtime: Runtime) => Promise<ExitCode>,
): Command {
  return { ...description, run: (values, runtime) => run(values as Values<Table>, runtime) };
}

/** The settings of a command and the general ones, as far as it has flags at all. */
export function allSettings({ settings }: CommandDescription): SettingsTable {
  const hasFlags = Object.values(settings).some(isFlag);
  return hasFlags ? { ...settings, ...generalFlags } : settings;
}
