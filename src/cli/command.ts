import { hallSettings } from '../commands/shared/flags/common-flags.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Runtime } from './runtime.ts';
import { isFlag, type SettingsTable, type Values } from './settings/define-setting.ts';

/**
 * One verb: what the help says, its settings, and its walk.
 *
 * The declaration is loaded for every `--help`, so it imports nothing heavy: `run` fetches the
 * rooms it walks through with `await import(...)`.
 */
export interface Command<Table extends SettingsTable = SettingsTable> {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly settings: Table;
  readonly examples: readonly Example[];
  run(values: Values<Table>, runtime: Runtime): Promise<ExitCode>;
}

/** A line to copy, and what it is good for. */
export interface Example {
  readonly does: string;
  readonly line: string;
}

/** The command itself; there to infer the values of `run` from the settings table. */
export function command<Table extends SettingsTable>(declaration: Command<Table>): Command {
  return declaration;
}

/** The settings of a command and those of the hall, as far as it has flags at all. */
export function allSettings({ settings }: Command): SettingsTable {
  const hasFlags = Object.values(settings).some(isFlag);
  return hasFlags ? { ...settings, ...hallSettings } : settings;
}
