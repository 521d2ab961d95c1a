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

/**
 * Runs one command line from its words to its exit code.
 *
 * Nothing is thrown: errors are explained on stderr and become their exit code.
 */
export async function runLine(
  argv: readonly string[],
  commands: readonly Command[],
  nameplate: ProgramInfo,
  runtime: Runtime,
): Promise<ExitCode> {
  try {
    const call = readCommandLine(argv, commands, nameplate, runtime);
    const about = { ...runtime.about, version: nameplate.version };
    return typeof call === 'number'
      ? call
      : await runCommand_(call, commands, { ...runtime, about });
  } catch (error) {
    return reportError(error, runtime.err);
  }
}

async function runCommand_(
  { command, given }: CommandCall,
  commands: readonly Command[],
  runtime: Runtime,
): Promise<ExitCode> {
  const table = allSettings(command);
  const spoken = { flags: given, env: withPartition(runtime.env) };
  // The hall's own settings cannot stand in the file that they point to.
  const { config, printConfig, ...own } = table;
  const hall = valuesOf(
    resolveSettings({ ...(config && { config }), ...(printConfig && { printConfig }) }, spoken),
  );
  const path = typeof hall.config === 'string' ? hall.config : undefined;
  const file = config && (await readConfig(path, command.name, commands));
  const resolved = resolveSettings(own, { ...spoken, file });
  noteSecrets(runtime.secrets, resolved, runtime.env);
  if (hall.printConfig !== true) {
    checkOutputs(resolved);
    const about = { ...runtime.about, configuration: configurationOf(resolved) };
    return command.run(valuesOf(resolved), { ...runtime, about });
  }

  const { configLines } = await import('./settings/print-config.ts');
  await runtime.out.print(...configLines(command.name, resolved));
  return exitCodes.ok;
}

function valuesOf(resolved: readonly ResolvedSettings[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(resolved.map(({ key, value }) => [key, value]));
}

/** What was set, and by whom; settings that nobody set and that have no default say nothing. */
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
