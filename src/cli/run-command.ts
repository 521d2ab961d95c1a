import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { ReportedSetting as SettingFact } from '../report/document/report-document.ts';
import { allSettings, type Command } from './command.ts';
import { type CommandCall, type ProgramInfo, readCommandLine } from './command-line.ts';
import { reportError } from './report-error.ts';
import type { Runtime } from './runtime.ts';
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
    const about = { ...runtime.about, version: program.version };
    return typeof call === 'number' ? call : await runCall(call, commands, { ...runtime, about });
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
  // These two cannot stand in the file that they point to.
  const { config, printConfig, ...own } = table;
  const general = valuesOf(
    resolveSettings({ ...(config && { config }), ...(printConfig && { printConfig }) }, given),
  );
  const path = typeof general.config === 'string' ? general.config : undefined;
  const file = config && (await readConfig(path, command.name, commands));
  const resolved = resolveSettings(own, { ...given, file });
  noteSecrets(runtime.secrets, resolved, runtime.env);
  if (general.printConfig !== true) {
    checkOutputs(resolved);
    const about = {
      ...runtime.about,
      configuration: configurationOf(resolved),
      commandLine: writtenCommand(command.name, resolved),
    };
    return command.run(valuesOf(resolved), { ...runtime, about });
  }

  const { configLines } = await import('./settings/print-config.ts');
  await runtime.out.print(...configLines(command.name, resolved));
  return exitCodes.ok;
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
