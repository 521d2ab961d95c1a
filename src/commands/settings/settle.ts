import { FraudstreamError } from '../../fraudstream-error.ts';
import { nameOf, type Setting, type SettingsTable, variableOf, writtenTexts } from './setting.ts';
import { type Source, sourceName, writtenAt } from './source.ts';

/** Texts by flag name, as they stand in a config file. */
export interface ConfigFile {
  readonly path: string;
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** Everything that was said about the settings of one command. */
export interface Given {
  /** By key of the settings table. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file?: ConfigFile | undefined;
}

/** One setting with its final value, the texts it was read from, and who said so. */
export interface Settled {
  readonly key: string;
  readonly setting: Setting<unknown>;
  readonly source: Source;
  readonly texts: readonly string[] | undefined;
  readonly value: unknown;
}

/**
 * Every setting of a table with its value: flag, then environment, then config file, then default.
 *
 * Errors: throws `usage` for a bad flag, `bad-config` for a bad value of the environment or a file.
 */
export function settle(table: SettingsTable, given: Given): readonly Settled[] {
  return Object.entries(table).map(([key, setting]) => {
    const { source, texts } = said(key, setting, given);
    const value = texts && setting.parser.read(texts);
    if (texts && value === undefined) throw unreadable(setting, source, texts);
    return { key, setting, source, texts, value };
  });
}

function said(
  key: string,
  setting: Setting<unknown>,
  given: Given,
): Pick<Settled, 'source' | 'texts'> {
  const flag = given.flags.get(key);
  if (flag) return { source: { kind: 'flag', setting }, texts: flag };

  for (const variable of [variableOf(setting), ...setting.environment]) {
    const text = given.env[variable];
    // As in the AWS tools, an empty variable counts as unset.
    if (!text) continue;
    const texts = setting.parser.takes === 'many' ? text.split(',') : [text];
    return { source: { kind: 'environment', variable }, texts };
  }

  const inFile = given.file?.texts.get(nameOf(setting));
  if (given.file && inFile) {
    return { source: { kind: 'file', path: given.file.path }, texts: inFile };
  }
  return { source: { kind: 'default' }, texts: writtenTexts(setting) };
}

function unreadable(
  setting: Setting<unknown>,
  source: Source,
  texts: readonly string[],
): FraudstreamError {
  const { expected, example, read } = setting.parser;
  // In a list the first bad one is named; a list of good ones can still clash as a whole.
  const bad = texts.find((text) => read([text]) === undefined) ?? texts.join(', ');
  const code = source.kind === 'flag' ? 'usage' : 'bad-config';
  return new FraudstreamError(
    code,
    `${sourceName(source)}: "${bad}" is not good. ` +
      `Expected ${expected}; for example ${writtenAt(source, setting, example)}`,
  );
}
