import { Command as CommanderCommand, CommanderError, Option } from 'commander';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Command } from './command.ts';
import type { Writer } from './outside.ts';
import { remark } from './settings/remark.ts';
import { isFlag, type Setting, type SettingsTable } from './settings/setting.ts';
import { hallSettings } from './settings/shared.ts';

/** What the program is called and what it is for. */
export interface Nameplate {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
}

/** One command with the texts that were given on the command line, by key. */
export interface Call {
  readonly command: Command;
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads a command line by means of commander; values stay texts.
 *
 * Help, version and usage errors are written here, and come back as an exit code.
 */
export function readCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
  nameplate: Nameplate,
  { out, err }: { readonly out: Writer; readonly err: Writer },
): Call | ExitCode {
  let call: Call | undefined;
  const program = new CommanderCommand(nameplate.name)
    .description(nameplate.summary)
    .version(nameplate.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
      getOutHelpWidth: () => out.columns,
      getErrHelpWidth: () => err.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const command of commands) {
    program.addCommand(
      verb(command, nameplate, (given) => {
        call = { command, given };
      }).copyInheritedSettings(program),
    );
  }
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.held : exitCodes.usage;
  }
  return call ?? exitCodes.usage;
}

/** The settings of a command and those of the hall, as far as it has flags at all. */
export function allSettings(command: Command): SettingsTable {
  const hasFlags = Object.values(command.settings).some(isFlag);
  return hasFlags ? { ...command.settings, ...hallSettings } : command.settings;
}

function verb(
  command: Command,
  nameplate: Nameplate,
  chosen: (given: Call['given']) => void,
): CommanderCommand {
  const settings = Object.entries(allSettings(command));
  const positionals = settings.filter(([, setting]) => !isFlag(setting));
  const parsed = new CommanderCommand(command.name)
    .summary(command.summary)
    .description(command.description ?? command.summary)
    .showHelpAfterError(`Try "${nameplate.name} ${command.name} --help".`);
  for (const [, setting] of positionals) parsed.argument(setting.flags, described(setting));
  for (const [, setting] of settings.filter(([, setting]) => isFlag(setting))) {
    for (const option of options(setting)) parsed.addOption(option);
  }
  const examples = command.examples.map(({ does, line }) => `  # ${does}\n  ${line}`);
  if (examples.length > 0) parsed.addHelpText('after', `\nExamples:\n${examples.join('\n\n')}`);

  return parsed.action(() => {
    const flags = settings
      .filter(([key]) => parsed.getOptionValueSource(key) === 'cli')
      .map(([key]) => [key, texts(parsed.getOptionValue(key))] as const);
    const words = positionals.map(([key], at) => [key, texts(parsed.processedArgs[at])] as const);
    chosen(new Map([...flags, ...words.filter(([, given]) => given.length > 0)]));
  });
}

/** The option itself and, for a switch, its hidden opposite: a file can be overruled either way. */
function options(setting: Setting<unknown>): readonly Option[] {
  const option = new Option(setting.flags, described(setting));
  if (setting.group) option.helpGroup(setting.group);
  if (setting.parser.takes === 'many') option.argParser(append);
  if (setting.parser.takes !== 'nothing') return [option];
  const long = option.long ?? '';
  const opposite = option.negate ? long.replace('--no-', '--') : long.replace('--', '--no-');
  return [option, new Option(opposite).hideHelp()];
}

function append(text: string, before: unknown): readonly string[] {
  return [...(Array.isArray(before) ? before : []), text];
}

function described(setting: Setting<unknown>): string {
  return [setting.meaning, remark(setting)].filter(Boolean).join(' ');
}

function texts(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
