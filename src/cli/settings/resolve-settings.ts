import { FraudstreamError } from '../../errors.ts';
import { nearest } from '../../text/suggestions.ts';
import {
  type FormerName,
  flagOf,
  keyOf,
  nameOf,
  type Setting,
  type SettingsTable,
  variableOf,
  writtenTexts,
} from './define-setting.ts';
import type { Parser } from './parsers.ts';
import { shownTexts } from './redaction.ts';
import { type SettingSource, sourceName, writtenAt } from './setting-source.ts';

interface Related {
  readonly key: string;
  readonly setting: Setting<unknown>;
  readonly source: SettingSource;
  readonly value: unknown;
}

/** The source with the lower rank wins. */
const ranks: Readonly<Record<SettingSource['kind'], number>> = {
  flag: 0,
  environment: 1,
  file: 2,
  default: 3,
};

/**
 * The settings, each with whether another has taken its place.
 *
 * Of two that exclude each other the one with the stronger source holds; of equals the one that
 * stands `insteadOf` the other.
 * Errors: throws `usage` for two such flags, and for a flag without the one it needs.
 */
export function conflictsIn<T extends Related>(
  resolved: readonly T[],
): readonly (T & { readonly isOverruled: boolean })[] {
  const byKey = new Map(resolved.map((one) => [one.key, one]));
  const overruled = new Set<string>();
  for (const one of resolved.filter(isGiven)) {
    const { insteadOf = '', needs = [] } = one.setting;
    const needed = [needs].flat().flatMap((key) => byKey.get(key) ?? []);
    const isUseless = needed.length > 0 && !needed.some(isGiven);
    if (isUseless && one.source.kind === 'flag') throw missingNeed(one, needed);
    const excluded = byKey.get(insteadOf);
    if (excluded && isGiven(excluded)) overruled.add(weaker(one, excluded).key);
  }
  return resolved.map((one) => ({ ...one, isOverruled: overruled.has(one.key) }));
}

/** A switch that is off counts as not given. */
function isGiven({ source, value }: Related): boolean {
  return source.kind !== 'default' && value !== false;
}

function weaker(one: Related, excluded: Related): Related {
  if (one.source.kind === 'flag' && excluded.source.kind === 'flag') {
    const [flag, other] = [flagOf(one.setting), flagOf(excluded.setting)];
    const message = `${flag} replaces ${other}: give only one of them.`;
    throw new FraudstreamError('usage', message);
  }
  return ranks[excluded.source.kind] < ranks[one.source.kind] ? one : excluded;
}

function missingNeed(one: Related, needed: readonly Related[]): FraudstreamError {
  const flag = flagOf(one.setting);
  const others = needed.map(({ setting }) => flagOf(setting)).join(' or ');
  return new FraudstreamError(
    'usage',
    `${flag} has no effect without ${others}: add ${others}, or remove ${flag}.`,
  );
}

/** Texts by flag name as they stand in a config file, and the line where they stand. */
export interface ConfigFile {
  readonly path: string;
  readonly texts: ReadonlyMap<string, { readonly line: number; readonly texts: readonly string[] }>;
}

/** Everything that was given for the settings of one command. */
export interface GivenSettings {
  /** By key of the settings table. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file?: ConfigFile | undefined;
}

/**
 * One setting with its final value, the texts it was read from, and their source.
 *
 * `deprecation` is the notice for a user of a deprecated name.
 */
export interface ResolvedSettings {
  readonly key: string;
  readonly setting: Setting<unknown>;
  readonly source: SettingSource;
  readonly texts: readonly string[] | undefined;
  readonly value: unknown;
  readonly deprecation?: string;
}

/**
 * Every setting of a table with its value: flag, then environment, then config file, then default.
 *
 * Errors: throws `usage` for a bad flag, `bad-config` for a bad value of the environment or a file.
 */
export function resolveSettings(
  table: SettingsTable,
  given: GivenSettings,
): readonly ResolvedSettings[] {
  const resolved = Object.entries(table).map(([key, setting]) =>
    withValue(key, setting, givenTexts(key, setting, given)),
  );
  return conflictsIn(resolved).map(({ key, setting, isOverruled, ...rest }) =>
    isOverruled ? withValue(key, setting, defaultTexts(setting)) : { key, setting, ...rest },
  );
}

type GivenTexts = Pick<ResolvedSettings, 'source' | 'texts' | 'deprecation'>;

function givenTexts(key: string, setting: Setting<unknown>, given: GivenSettings): GivenTexts {
  const foreign = setting.environment.flatMap((name) => variable(name, setting, given) ?? []);
  return (
    underEitherName(setting, (name) => flag(key, name, setting, given)) ??
    underEitherName(setting, (name) => variable(variableOf(name), setting, given)) ??
    foreign[0] ??
    underEitherName(setting, (name) => inFile(name, given)) ??
    defaultTexts(setting)
  );
}

function flag(
  key: string,
  name: FormerName,
  setting: Setting<unknown>,
  { flags }: GivenSettings,
): GivenTexts | undefined {
  const texts = flags.get(name === setting ? (setting.sharesFlagOf ?? key) : keyOf(name));
  return texts && { source: { kind: 'flag', setting: { ...setting, flags: name.flags } }, texts };
}

function variable(
  variable: string,
  { parser }: Setting<unknown>,
  { env }: GivenSettings,
): GivenTexts | undefined {
  const text = env[variable];
  // As in the AWS tools, an empty variable counts as unset.
  if (!text) return undefined;
  // Not at commas: a fault may hold one.
  const texts = parser.takes === 'many' ? text.trim().split(/\s+/) : [text];
  return { source: { kind: 'environment', variable }, texts };
}

function inFile(name: FormerName, { file }: GivenSettings): GivenTexts | undefined {
  const found = file?.texts.get(nameOf(name));
  if (!file || !found) return undefined;
  return { source: { kind: 'file', path: file.path, line: found.line }, texts: found.texts };
}

/** What was given under the name of a setting or under a deprecated one. Errors: `usage` for both. */
function underEitherName(
  setting: Setting<unknown>,
  look: (name: FormerName) => GivenTexts | undefined,
): GivenTexts | undefined {
  let found = look(setting);
  for (const former of setting.formerNames ?? []) {
    const given = look(former);
    if (!given) continue;
    const [before, now] = namesIn(given.source, former, setting);
    if (found) {
      const message = `${before} is the deprecated name of ${now}: give only one of them.`;
      throw new FraudstreamError(given.source.kind === 'flag' ? 'usage' : 'bad-config', message);
    }
    found = {
      ...given,
      texts: given.texts?.map((text) => former.values?.[text] ?? text),
      deprecation: `${before} is deprecated and will be removed in the next release: use ${now}.`,
    };
  }
  return found;
}

function namesIn(
  source: SettingSource,
  former: FormerName,
  setting: Setting<unknown>,
): readonly [string, string] {
  if (source.kind === 'flag') return [flagOf(former), flagOf(setting)];
  if (source.kind === 'environment') return [variableOf(former), variableOf(setting)];
  return [`${sourceName(source)}, ${nameOf(former)}`, nameOf(setting)];
}

function defaultTexts(setting: Setting<unknown>): GivenTexts {
  return { source: { kind: 'default' }, texts: writtenTexts(setting) };
}

function withValue(
  key: string,
  setting: Setting<unknown>,
  { source, texts, deprecation }: GivenTexts,
): ResolvedSettings {
  const { value, reason } = texts ? reading(setting.parser, texts) : {};
  const notice = deprecation === undefined ? {} : { deprecation };
  if (!texts || value !== undefined) return { key, setting, source, texts, value, ...notice };
  const code = source.kind === 'flag' ? 'usage' : 'bad-config';
  const problem = reason ?? unreadable(setting, source, texts);
  throw new FraudstreamError(code, `${where(source, setting)}: ${problem}`);
}

/** Where the bad text stands: in a file its key too. */
function where(source: SettingSource, setting: Setting<unknown>): string {
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

function unreadable(
  setting: Setting<unknown>,
  source: SettingSource,
  texts: readonly string[],
): string {
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
