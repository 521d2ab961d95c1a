import { existsSync } from 'node:fs';
import { FraudstreamError } from '../../errors.ts';
import type { YamlLine } from '../../files/yaml-lines.ts';
import { nearest } from '../../text/suggestions.ts';
import type { Command } from '../command.ts';
import { isFlag, nameOf } from './define-setting.ts';
import type { ConfigFile } from './resolve-settings.ts';

const standardPaths = ['fraudstream.yaml', 'fraudstream.yml', 'fraudstream.json'];

/** One key of the file, on the top level or within the section of a command. */
interface ConfigFileEntry extends YamlLine {
  readonly section?: Command;
}

/**
 * What a config file says to one command: its top level, overlaid by the section of that command.
 *
 * Keys are flag names, in kebab-case or camelCase. The whole file is checked, other sections too.
 * Without a path the standard names are tried in the working directory; none is fine.
 * Errors: throws `bad-config` for a file that is missing, is not YAML, or has an unknown key.
 */
export async function readConfig(
  path: string | undefined,
  verb: string,
  commands: readonly Command[],
): Promise<ConfigFile | undefined> {
  const found = path ?? standardPaths.find((standard) => existsSync(standard));
  if (found === undefined) return undefined;
  const { yamlLines } = await import('../../files/yaml-lines.ts');
  const lines = await yamlLines(found, 'config file', '--config');
  // Editors find the JSON Schema by it.
  const settings = lines.filter(({ key }) => key !== '$schema');
  const entries = entriesOf(settings, commands).map((entry) => ({
    section: entry.section?.name,
    name: knownName(entry, found, commands),
    line: entry.line,
    texts: textsOf(entry, found),
  }));
  const within = (section: string | undefined) =>
    entries
      .filter((entry) => entry.section === section)
      .map((entry) => [entry.name, entry] as const);
  return { path: found, texts: new Map([...within(undefined), ...within(verb)]) };
}

function entriesOf(
  lines: readonly YamlLine[],
  commands: readonly Command[],
): readonly ConfigFileEntry[] {
  return lines.flatMap((line): readonly ConfigFileEntry[] => {
    const section = commands.find((command) => command.name === line.key);
    // A verb can share its name with a flag (`report`): only the section is a mapping.
    if (!section || !line.inner) return [line];
    return line.inner.map((inner) => ({ section, ...inner }));
  });
}

function knownName(
  { section, key, line }: ConfigFileEntry,
  path: string,
  commands: readonly Command[],
): string {
  const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const names = (section ? [section] : commands).flatMap(({ settings }) =>
    Object.values(settings)
      .filter(isFlag)
      .flatMap((setting) => [setting, ...(setting.formerNames ?? [])])
      .map(nameOf),
  );
  if (names.includes(name)) return name;
  const verbs = section ? [] : commands.map((command) => command.name);
  if (verbs.includes(name)) {
    const message = `${path}:${line}: "${key}" is a section: write its settings below it, indented.`;
    throw new FraudstreamError('bad-config', message);
  }
  const meant = nearest(name, [...names, ...verbs]);
  const inSection = section ? ` in section "${section.name}"` : '';
  const hint = meant ? ` Did you mean "${meant}"?` : ' See "fraudstream help" for the names.';
  throw new FraudstreamError(
    'bad-config',
    `${path}:${line}: unknown key "${key}"${inSection}.${hint}`,
  );
}

/** A scalar is one text, a list many, a mapping `name:value` pairs. */
function textsOf({ key, line, texts, inner }: ConfigFileEntry, path: string): readonly string[] {
  const pairs = inner?.flatMap((pair) => (pair.texts ?? []).map((text) => `${pair.key}:${text}`));
  const isPaired = inner?.every((pair) => pair.texts?.length === 1);
  if (texts) return texts;
  if (pairs && isPaired) return pairs;
  const message = `${path}:${line}: "${key}" is neither a value nor a list of values. Write "${key}: ...", or take the line out.`;
  throw new FraudstreamError('bad-config', message);
}
