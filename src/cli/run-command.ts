import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { ReportedSetting as SettingFact } from '../report/document/report-document.ts';
import { allSettings, type Command } from './command.ts';
import { type CommandCall, type ProgramInfo, readCommandLine } from './command-line.ts';
import { generalFlags } from './general-flags.ts';
import { reportError } from './report-error.ts';
import type { Runtime, Writer } from './runtime.ts';
import { checkOutputs } from './settings/check-outputs.ts';
import { readConfig } from './settings/config-file.ts';
import { nameOf } from './settings/define-setting.ts';
import { withPartition } from './settings/partition.ts';
import { noteSecrets, shownTexts } from './settings/redaction.ts';
import { type ResolvedSettings, resolveSettings } from './settings/resolve-settings.ts';
import { sourceName } from './settings/setting-source.ts';
import { writtenCommand } from './settings/written-command.ts';

/**
 * Runs one command line from its words to its exit code.
 *
 * Nothing is thrown: errors are explained on stderr and become their exit code.
 */
export async function runLine(
  argv: readonly string[],
  commands: readonly Command[],
  program: ProgramInfo,
  runtime: Runtime,
): Promise<ExitCode> {
  try {
    const call = readCommandLine(argv, commands, program, runtime);
    if (typeof call === 'number') return call;
    const about = { ...runtime.about, version: program.version };
    return await runCall(call, commands, { ...runtime, about });
  } catch (error) {
    return reportError(error, runtime.err);
  }
}

async function runCall(
  { command, given: flags }: CommandCall,
  commands: readonly Command[],
  runtime: Runtime,
): Promise<ExitCode> {
  const table = allSettings(command);
  const given = { flags, env: withPartition(runtime.env) };
  // A config file cannot hold these: they decide how it is read and what is printed about it.
  const own = Object.fromEntries(Object.entries(table).filter(([key]) => !(key in generalFlags)));
  const config = table.config;
  const general = valuesOf(resolveSettings(config ? generalFlags : {}, given));
  const [isVerbose, isQuiet] = [general.verbose === true, general.quiet === true];
  const path = typeof general.config === 'string' ? general.config : undefined;
  const file = config && (await readConfig(path, command.name, commands));
  const resolved = resolveSettings(own, { ...given, file });
  noteSecrets(runtime.secrets, resolved, runtime.env);
  const err = isQuiet ? silent(runtime.err) : runtime.err;
  const notices = new Set(resolved.flatMap(({ deprecation }) => deprecation ?? []));
  if (notices.size > 0) await err.print(...notices);
  if (general.printConfig === true) {
    const { configLines } = await import('./settings/print-config.ts');
    await runtime.out.print(...configLines(command.name, resolved));
    return exitCodes.ok;
  }

  checkOutputs(resolved);
  const about = {
    ...runtime.about,
    configuration: configurationOf(resolved),
    commandLine: writtenCommand(command.name, resolved),
  };
  const running = () => command.run(valuesOf(resolved), { ...runtime, err, about });
  return isVerbose ? explained(running, command, resolved, runtime.err) : running();
}

/** Prints the settings that are not defaults before a run, and behind its error what caused that. */
async function explained(
  run: () => Promise<ExitCode>,
  command: Command,
  resolved: readonly ResolvedSettings[],
  err: Writer,
): Promise<ExitCode> {
  const { configLines } = await import('./settings/print-config.ts');
  const chosen = resolved.filter(({ source }) => source.kind !== 'default');
  await err.print(...configLines(command.name, chosen));
  try {
    return await run();
  } catch (error) {
    for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
      await err.print(`caused by: ${String(cause)}`);
    }
    throw error;
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** stderr of `--quiet`: no notes and no progress; errors are printed by whoever catches them. */
function silent(err: Writer): Writer {
  const nothing = async (): Promise<void> => undefined;
  return { ...err, isTty: false, hasColours: false, write: nothing, print: nothing };
}

function valuesOf(resolved: readonly ResolvedSettings[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(resolved.map(({ key, value }) => [key, value]));
}

/** What was set, and where; settings without a value are left out. */
function configurationOf(resolved: readonly ResolvedSettings[]): readonly SettingFact[] {
  return resolved.flatMap(({ setting, texts, source }) =>
    texts === undefined || texts.length === 0
      ? []
      : [
          {
            name: nameOf(setting),
            value: shownTexts(setting, texts).join(', '),
            source: sourceName(source),
          },
        ],
  );
}
