import type { Parser } from './parsers.ts';

/** A default as a user would write it: it goes through the same parser as a flag. */
export type WrittenForm = string | number | boolean | readonly string[];

/**
 * One option of a command: how it is written, what it means, what it is unless given.
 *
 * `environment` names variables that are asked after `FRAUDSTREAM_<NAME>`; `group` is its heading
 * in the help. `flags` without dashes (`<shell>`, `[file...]`) make it a positional argument.
 * `insteadOf`, `needs` and `sharesFlagOf` are keys of the same table.
 */
export interface Setting<T> {
  readonly flags: string;
  readonly meaning: string;
  readonly written: WrittenForm | undefined;
  readonly parser: Parser<T>;
  readonly environment: readonly string[];
  readonly group?: string;
  readonly insteadOf?: string;
  readonly needs?: string | readonly string[];
  readonly sharesFlagOf?: string;
  readonly formerNames?: readonly FormerName[];
}

/**
 * A deprecated name of a setting: as a flag, in a variable, and in a config file.
 *
 * `values` translates what was written with it, where the values have changed as well.
 */
export interface FormerName {
  readonly flags: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** Settings by the name that the command uses for them: the flag in camelCase. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** What a command gets: one checked value for each setting of its table. */
export type Values<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer T> ? T : never;
};

/** One row of a settings table: flag, meaning with unit, default, parser. */
export function setting<T>(
  flags: string,
  meaning: string,
  written: undefined,
  parser: Parser<T>,
): Setting<T | undefined>;
export function setting<T>(
  flags: string,
  meaning: string,
  written: WrittenForm,
  parser: Parser<T>,
): Setting<T>;
export function setting<T>(
  flags: string,
  meaning: string,
  written: WrittenForm | undefined,
  parser: Parser<T>,
): Setting<T | undefined> {
  return { flags, meaning, written, parser, environment: [] };
}

/** A positional argument that must be given: `argument('<shell>', ...)`; for others use `setting`. */
export function argument<T>(flags: `<${string}>`, meaning: string, parser: Parser<T>): Setting<T> {
  return { flags, meaning, written: undefined, parser, environment: [] };
}

/** The same setting, which also listens to environment variables of other tools, in this order. */
export function alsoFrom<T>(setting: Setting<T>, ...environment: readonly string[]): Setting<T> {
  return { ...setting, environment };
}

/** The same setting, which takes the place of another: as flags the two cannot be given together. */
export function insteadOf<T>(key: string, setting: Setting<T>): Setting<T> {
  return { ...setting, insteadOf: key };
}

/** The same setting, which as a flag has no effect without another, or without one of several. */
export function needing<T>(key: string | readonly string[], setting: Setting<T>): Setting<T> {
  return { ...setting, needs: key };
}

/** The same setting, which a deprecated name still sets; whoever uses that name gets a notice. */
export function formerly<T>(
  flags: string,
  setting: Setting<T>,
  values?: FormerName['values'],
): Setting<T> {
  const former: FormerName = { flags, ...(values && { values }) };
  return { ...setting, formerNames: [...(setting.formerNames ?? []), former] };
}

/**
 * The same setting, given by the flag of another key, with its own default and variables.
 *
 * For a command whose parts read one flag differently: `--request-timeout` of `replay` is 6 s for
 * Kinesis and 2 s for scoring.
 */
export function sharingFlag<T>(key: string, setting: Setting<T>): Setting<T> {
  return { ...setting, sharesFlagOf: key };
}

/** The same settings, under one heading in the help. */
export function grouped<Table extends SettingsTable>(group: string, table: Table): Table;
export function grouped(group: string, table: SettingsTable): SettingsTable {
  return Object.fromEntries(
    Object.entries(table).map(([key, setting]) => [key, { ...setting, group }]),
  );
}

/** True for a flag, false for a positional argument. */
export function isFlag(setting: Setting<unknown>): boolean {
  return setting.flags.startsWith('-');
}

/** The long flag: `--in-flight` of `-f, --in-flight <count>`; a positional argument as it stands. */
export function flagOf({ flags }: Pick<Setting<unknown>, 'flags'>): string {
  return /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags;
}

/** The name in kebab-case, as in a config file: `--no-in-flight <count>` is `in-flight`. */
export function nameOf(setting: Pick<Setting<unknown>, 'flags'>): string {
  const [, name = setting.flags] = /--(?:no-)?([a-z0-9-]+)/.exec(setting.flags) ?? [];
  return name.replace(/^[<[]|(\.\.\.)?[>\]]$/g, '');
}

/** The key in a settings table: `in-flight` is `inFlight`. */
export function keyOf(setting: Pick<Setting<unknown>, 'flags'>): string {
  return nameOf(setting).replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The environment variable of our own: `FRAUDSTREAM_IN_FLIGHT`. */
export function variableOf(setting: Pick<Setting<unknown>, 'flags'>): string {
  return `FRAUDSTREAM_${nameOf(setting).toUpperCase().replaceAll('-', '_')}`;
}

/** The default as texts for the parser; `undefined` when there is none. */
export function writtenTexts(setting: Setting<unknown>): readonly string[] | undefined {
  if (setting.written === undefined) return undefined;
  return Array.isArray(setting.written) ? setting.written.map(String) : [String(setting.written)];
}
