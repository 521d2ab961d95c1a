import { withPartition } from '../commands/shared/flags/world-flags.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Setting as SettingFact } from '../report/document/report-document.ts';
import { allSettings, type Command } from './command.ts';
import { type Call, type Nameplate, readCommandLine } from './command-line.ts';
import { explain } from './report-error.ts';
import type { Outside } from './runtime.ts';
import { checkOutputs } from './settings/check-outputs.ts';
import { readConfig } from './settings/config-file.ts';
import { nameOf } from './settings/define-setting.ts';
import { noteSecrets, shownTexts } from './settings/redaction.ts';
import { type Settled, settle } from './settings/resolve-settings.ts';
import { sourceName } from './settings/setting-source.ts';

/**
 * Runs one command line from its words to its exit code.
 *
 * Nothing is thrown: errors are explained on stderr and become their exit code.
 */
export async function runLine(
  argv: readonly string[],
  commands: readonly Command[],
  nameplate: Nameplate,
  outside: Outside,
): Promise<ExitCode> {
  try {
    const call = readCommandLine(argv, commands, nameplate, outside);
    const about = { ...outside.about, version: nameplate.version };
    return typeof call === 'number' ? call : await walk(call, commands, { ...outside, about });
  } catch (error) {
    return explain(error, outside.err);
  }
}

async function walk(
  { command, given }: Call,
  commands: readonly Command[],
  outside: Outside,
): Promise<ExitCode> {
  const table = allSettings(command);
  const spoken = { flags: given, env: withPartition(outside.env) };
  // The hall's own settings cannot stand in the file that they point to.
  const { config, printConfig, ...own } = table;
  const hall = valuesOf(
    settle({ ...(config && { config }), ...(printConfig && { printConfig }) }, spoken),
  );
  const path = typeof hall.config === 'string' ? hall.config : undefined;
  const file = config && (await readConfig(path, command.name, commands));
  const settled = settle(own, { ...spoken, file });
  noteSecrets(outside.secrets, settled, outside.env);
  if (hall.printConfig !== true) {
    checkOutputs(settled);
    const about = { ...outside.about, configuration: configurationOf(settled) };
    return command.run(valuesOf(settled), { ...outside, about });
  }

  const { configLines } = await import('./settings/print-config.ts');
  await outside.out.print(...configLines(command.name, settled));
  return exitCodes.held;
}

function valuesOf(settled: readonly Settled[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(settled.map(({ key, value }) => [key, value]));
}

/** What was set, and by whom; settings that nobody set and that have no default say nothing. */
function configurationOf(settled: readonly Settled[]): readonly SettingFact[] {
  return settled.flatMap(({ setting, texts, source }) =>
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
