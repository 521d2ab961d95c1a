import { Command as CommanderCommand, CommanderError, Help, Option } from 'commander';
import { FraudstreamError } from '../errors.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { nearest } from '../text/suggestions.ts';
import { allSettings, type Command } from './command.ts';
import { GENERAL } from './general-flags.ts';
import type { Writer } from './runtime.ts';
import {
  type FormerName,
  flagOf,
  isFlag,
  keyOf,
  type Setting,
  writtenTexts,
} from './settings/define-setting.ts';

/** What follows the meaning in a help line: choices, default, further variables, repeatable. */
export function remark(setting: Setting<unknown>): string {
  const { choices, takes } = setting.parser;
  const written = writtenTexts(setting)?.join(', ');
  const isOff = takes === 'nothing' && written === 'false';
  const isOn = takes === 'nothing' && written === 'true';
  const remarks = [
    choices?.join(', '),
    takes === 'many' && 'repeatable',
    written && !isOff && !isOn && `default: ${written}`,
    setting.environment.length > 0 && `env: ${setting.environment.join(', ')}`,
  ];
  const said = remarks.filter(Boolean).join('; ');
  return said && `(${said})`;
}

/** What the program is called and what it is for. */
export interface ProgramInfo {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
}

/** One command with the texts that were given on the command line, by key. */
export interface CommandCall {
  readonly command: Command;
  readonly given: Given;
}

type Given = ReadonlyMap<string, readonly string[]>;

/** Longer lines are hard to read, however wide the terminal. */
const WIDEST = 100;
/** Examples that `--help` shows; `--help-all` shows all. */
const FEW_EXAMPLES = 2;

/**
 * Reads a command line by means of commander; values stay texts.
 *
 * Help and version are written here, and come back as an exit code.
 * Errors: throws `usage` for whatever commander does not understand.
 */
export function readCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
  nameplate: ProgramInfo,
  { out, err }: { readonly out: Writer; readonly err: Writer },
): CommandCall | ExitCode {
  let call: CommandCall | undefined;
  if (argv.length === 0) {
    void err.print(...firstSteps(nameplate));
    return exitCodes.usage;
  }
  checkHelpTopic(argv, commands, nameplate);
  const program = new CommanderCommand(nameplate.name)
    .description(nameplate.summary)
    .version(nameplate.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', afterword(nameplate))
    .exitOverride(refuse(nameplate.name))
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
      // Whoever catches an error prints it.
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(out.columns, WIDEST),
      getErrHelpWidth: () => Math.min(err.columns, WIDEST),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const command of commands) {
    const chosen = (given: Given): void => {
      call = { command, given };
    };
    const parsed = argv.includes(command.name)
      ? withHelp(verb(command, chosen).copyInheritedSettings(program), command, nameplate)
      : listed(command).copyInheritedSettings(program);
    program.addCommand(parsed.exitOverride(refuse(`${nameplate.name} ${command.name}`)));
  }
  program
    .command('version')
    .description('print the version')
    .action(() => void out.print(nameplate.version));
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  return call ?? exitCodes.ok;
}

/** Commander answers `help` of an unknown command with the help of all. */
function checkHelpTopic(
  [first, topic]: readonly string[],
  commands: readonly Command[],
  { name }: ProgramInfo,
): void {
  const known = [...commands.map((command) => command.name), 'version', 'help'];
  if (first !== 'help' || topic === undefined || /^-/.test(topic) || known.includes(topic)) return;
  const meant = nearest(topic, known);
  const hint = meant === undefined ? '' : ` Did you mean "${name} help ${meant}"?`;
  const message = `unknown command '${topic}'.${hint} "${name} --help" lists all commands.`;
  throw new FraudstreamError('usage', message);
}

/** What `fraudstream` alone prints. */
function firstSteps({ name, summary }: ProgramInfo): readonly string[] {
  const steps = [
    ['demo', 'try it here, without AWS'],
    ['generate --count 3', 'see transactions'],
    ['run --local --duration 30s', 'test a local pipeline'],
    ['doctor --stream NAME', 'check access to a stream'],
    ['run --stream IN --verdict-stream OUT', 'test your pipeline'],
    ['--help', 'list all commands'],
  ].map(([words = '', does = '']) => [`${name} ${words}`, does] as const);
  const width = Math.max(...steps.map(([line]) => line.length));
  return [
    summary,
    '',
    'Try:',
    ...steps.map(([line, does]) => `  ${line.padEnd(width)}  # ${does}`),
  ];
}

/** The help of a command: by `--help` its main flags and first examples, by `--help-all` everything. */
function withHelp(
  parsed: CommanderCommand,
  command: Command,
  { name }: ProgramInfo,
): CommanderCommand {
  const settings = Object.entries(allSettings(command));
  const main = command.mainFlags;
  let showsAll = main === undefined;
  const isShown = (option: Option): boolean =>
    showsAll || settings.every(([key, { flags }]) => flags !== option.flags || main?.includes(key));
  parsed
    .addHelpOption(new Option('-h, --help', 'print help').helpGroup(GENERAL))
    .configureHelp({
      visibleOptions: (verb) => [...visible(verb), ...sharing(command)].filter(isShown),
    })
    .addHelpText('after', () => {
      const count = settings.filter(([, setting]) => isFlag(setting)).length;
      const more = `\nAll ${count} flags: ${name} ${command.name} --help-all`;
      const lines = showsAll ? examplesOf(command) : examplesOf(command).slice(0, FEW_EXAMPLES);
      const examples = lines.length > 0 ? [`\nExamples:\n${lines.join('\n\n')}`] : [];
      return [...examples, ...(showsAll ? [] : [more])].join('\n');
    });
  // Where --help shows every flag already, it is accepted as well, since other commands have it.
  const all = new Option('--help-all', 'print help for all flags').helpGroup(GENERAL);
  return parsed.addOption(all.hideHelp(main === undefined)).on('option:help-all', () => {
    showsAll = true;
    parsed.help();
  });
}

function examplesOf({ examples }: Command): readonly string[] {
  return examples.map(({ does, line }) => `  # ${does}\n  ${line}`);
}

function afterword({ name }: ProgramInfo): string {
  return [
    '',
    `Begin with "${name} demo"; it needs no AWS account.`,
    'Any flag can also be set by FRAUDSTREAM_<FLAG> or in ./fraudstream.yaml.',
  ].join('\n');
}

/** Passes on that help was printed; everything else is a mistake of whoever typed. */
function refuse(name: string): (error: CommanderError) => never {
  return (error) => {
    if (error.exitCode === 0 || error.code === 'commander.help') throw error;
    // Behind an unknown flag may stand a secret.
    const message = error.message.replace(/^error: /, '').replace(/'(--?[^'=]*=)[^']*'/, "'$1...'");
    throw new FraudstreamError('usage', [
      ...message.split(/\n(?=\(Did you mean )/),
      `Try "${name} --help".`,
    ]);
  };
}

/** A command that the line does not name: all that the list of commands says of its flags is that it has some. */
function listed(command: Command): CommanderCommand {
  const settings = Object.values(allSettings(command));
  const parsed = new CommanderCommand(command.name).summary(command.summary);
  for (const { flags } of settings.filter((setting) => !isFlag(setting))) parsed.argument(flags);
  return settings.some(isFlag) ? parsed.option('--help-all') : parsed;
}

function verb(command: Command, chosen: (given: Given) => void): CommanderCommand {
  const settings = Object.entries(allSettings(command));
  const allFlags = settings.filter(([, setting]) => isFlag(setting));
  const flags = allFlags.filter(([, { sharesFlagOf }]) => sharesFlagOf === undefined);
  const positionals = settings.filter(([, setting]) => !isFlag(setting));
  const parsed = new CommanderCommand(command.name)
    .summary(command.summary)
    .description(command.description ?? command.summary);
  for (const [, setting] of positionals) parsed.argument(setting.flags, described(setting));
  for (const [, setting] of flags) {
    for (const option of options(setting)) parsed.addOption(option);
  }
  for (const former of formerOf(allFlags)) {
    const option = new Option(former.flags).hideHelp();
    parsed.addOption(former.isRepeatable ? option.argParser(append) : option);
  }

  return parsed.action(() => {
    const words = positionals.map(([key], at) => [key, texts(parsed.processedArgs[at])] as const);
    const said = flags
      .filter(([key]) => parsed.getOptionValueSource(key) === 'cli')
      .map(
        ([key, setting]) => [key, own(setting, texts(parsed.getOptionValue(key)), flags)] as const,
      );
    const before = formerOf(allFlags)
      .map(keyOf)
      .filter((key) => parsed.getOptionValueSource(key) === 'cli')
      .map((key) => [key, texts(parsed.getOptionValue(key))] as const);
    chosen(new Map([...before, ...said, ...words.filter(([, given]) => given.length > 0)]));
  });
}

/** The deprecated names of flags, each once: two settings may have had one name. */
function formerOf(
  flags: readonly (readonly [string, Setting<unknown>])[],
): readonly (FormerName & { readonly isRepeatable: boolean })[] {
  const names = flags.flatMap(([, { formerNames = [], parser }]) =>
    formerNames.map((former) => ({ ...former, isRepeatable: parser.takes === 'many' })),
  );
  return [...new Map(names.map((former) => [former.flags, former])).values()];
}

function visible(verb: CommanderCommand): Option[] {
  return new Help().visibleOptions(verb);
}

/** Flags that are read a second time, with another default: for the help alone. */
function sharing(command: Command): readonly Option[] {
  return Object.values(allSettings(command))
    .filter(({ sharesFlagOf }) => sharesFlagOf !== undefined)
    .map((setting) => inGroup(setting, new Option(setting.flags, described(setting))));
}

/** The texts of a flag, unless it has swallowed the flag behind it: `--stream --local`. */
function own(
  setting: Setting<unknown>,
  given: readonly string[],
  flags: readonly (readonly [string, Setting<unknown>])[],
): readonly string[] {
  const swallowed = flags.find(([, other]) => given.includes(flagOf(other)));
  if (!swallowed) return given;
  const [flag, next] = [flagOf(setting), flagOf(swallowed[1])];
  throw new FraudstreamError('usage', `${flag} has no value: ${next} follows it.`);
}

/** The option itself and, for a switch, its hidden opposite: a file can be overruled either way. */
function options(setting: Setting<unknown>): readonly Option[] {
  const option = inGroup(setting, new Option(setting.flags, described(setting)));
  if (setting.parser.takes === 'many') option.argParser(append);
  if (setting.parser.takes !== 'nothing') return [option];
  const long = option.long ?? '';
  const opposite = option.negate ? long.replace('--no-', '--') : long.replace('--', '--no-');
  return [option, inGroup(setting, new Option(opposite).hideHelp())];
}

function inGroup({ group }: Setting<unknown>, option: Option): Option {
  return group === undefined ? option : option.helpGroup(group);
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
