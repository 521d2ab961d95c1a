import { FraudstreamError } from '../../fraudstream-error.ts';
import { nearest } from './nearest.ts';
import type { Parser } from './parser.ts';
import { shownTexts } from './redaction.ts';
import { related } from './relations.ts';
import { nameOf, type Setting, type SettingsTable, variableOf, writtenTexts } from './setting.ts';
import { type Source, sourceName, writtenAt } from './source.ts';

/** Texts by flag name as they stand in a config file, and the line where they stand. */
export interface ConfigFile {
  readonly path: string;
  readonly texts: ReadonlyMap<string, { readonly line: number; readonly texts: readonly string[] }>;
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
  const settled = Object.entries(table).map(([key, setting]) =>
    withValue(key, setting, said(key, setting, given)),
  );
  return related(settled).map(({ key, setting, isOverruled, ...rest }) =>
    isOverruled ? withValue(key, setting, unsaid(setting)) : { key, setting, ...rest },
  );
}

type Said = Pick<Settled, 'source' | 'texts'>;

function said(key: string, setting: Setting<unknown>, given: Given): Said {
  const flag = given.flags.get(key);
  if (flag) return { source: { kind: 'flag', setting }, texts: flag };

  for (const variable of [variableOf(setting), ...setting.environment]) {
    const text = given.env[variable];
    // As in the AWS tools, an empty variable counts as unset.
    if (!text) continue;
    // Not at commas: a fault may hold one.
    const texts = setting.parser.takes === 'many' ? text.trim().split(/\s+/) : [text];
    return { source: { kind: 'environment', variable }, texts };
  }

  const inFile = given.file?.texts.get(nameOf(setting));
  if (given.file && inFile) {
    const { line, texts } = inFile;
    return { source: { kind: 'file', path: given.file.path, line }, texts };
  }
  return unsaid(setting);
}

function unsaid(setting: Setting<unknown>): Said {
  return { source: { kind: 'default' }, texts: writtenTexts(setting) };
}

function withValue(key: string, setting: Setting<unknown>, { source, texts }: Said): Settled {
  const { value, reason } = texts ? reading(setting.parser, texts) : {};
  if (!texts || value !== undefined) return { key, setting, source, texts, value };
  const code = source.kind === 'flag' ? 'usage' : 'bad-config';
  const complaint = reason ?? unreadable(setting, source, texts);
  throw new FraudstreamError(code, `${complainant(source, setting)}: ${complaint}`);
}

/** Where the bad text stands: in a file its key too. */
function complainant(source: Source, setting: Setting<unknown>): string {
  const name = sourceName(source);
  return source.kind === 'file' ? `${name}, ${nameOf(setting)}` : name;
}

function reading(
  { read }: Parser<unknown>,
  texts: readonly string[],
): { readonly value?: unknown; readonly reason?: string } {
  try {
    return { value: read(texts) };
  } catch (error) {
    if (error instanceof FraudstreamError) return { reason: error.message };
    throw error;
  }
}

function unreadable(setting: Setting<unknown>, source: Source, texts: readonly string[]): string {
  const { expected, example, takes, choices = [], read } = setting.parser;
  // In a list the first bad one is named; a list of good ones can still clash as a whole.
  const bad = texts.find((text) => read([text]) === undefined) ?? texts.join(', ');
  const [seen] = shownTexts(setting, [bad]);
  const meant = nearest(bad, choices);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  const blanks =
    takes === 'many' && source.kind === 'environment' ? ', blanks between several' : '';
  const instead = writtenAt(source, setting, meant ?? example);
  return `cannot read "${seen}".${hint} Expected ${expected}${blanks}; for example: ${instead}`;
}
