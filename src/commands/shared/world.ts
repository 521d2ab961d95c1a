import { createHash } from 'node:crypto';
import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError } from '../../errors.ts';
import type { YamlLine } from '../../files/yaml-lines.ts';
import { crimesOf } from '../../generators/fraud/campaigns.ts';
import { habitsOf } from '../../generators/spending/habits.ts';
import { type World, type WorldSettings, world } from '../../generators/world.ts';
import type { worldSettings } from './flags/world-flags.ts';

/** What a world file can hold: the numbers that have no flag. */
export type WorldFile = Pick<WorldSettings, 'scenarios' | 'habits'>;

type Tree = { readonly [key: string]: number | Tree };
/** The sections of the file, and who knows what may stand in them. */
const sections: Readonly<Record<string, (tree: never) => unknown>> = {
  scenarios: crimesOf,
  habits: habitsOf,
};

/**
 * Reads a world file: YAML or JSON with `scenarios` (kinds of fraud and their numbers) and `habits`.
 *
 * Keys are written as in the config file, in kebab-case or camelCase.
 * Errors: throws `bad-config` that names file, line and key.
 */
export async function worldFile(path: string): Promise<WorldFile> {
  const { yamlLines } = await import('../../files/yaml-lines.ts');
  const lines = await yamlLines(path, 'world file', '--world');
  return Object.fromEntries(
    lines.map((section) => {
      const known = Object.hasOwn(sections, section.key) ? sections[section.key] : undefined;
      if (!known || !section.inner) throw badSection(path, section);
      for (const line of section.inner) {
        const says = Object.fromEntries([treeOf(line, path)]);
        saidOf(path, line.line, () => known(says as never));
      }
      const tree = Object.fromEntries(section.inner.map((line) => treeOf(line, path)));
      saidOf(path, section.line, () => known(tree as never));
      return [section.key, tree];
    }),
  );
}

/** A key with its number, or with what stands below it. */
function treeOf(line: YamlLine, path: string): [string, number | Tree] {
  const key = line.key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (line.inner) return [key, Object.fromEntries(line.inner.map((each) => treeOf(each, path)))];
  const [text, ...more] = line.texts ?? [];
  const number = Number(text);
  if (text?.trim() && more.length === 0 && Number.isFinite(number)) return [key, number];
  const seen = line.texts ? `"${line.texts.join(', ')}"` : 'nothing';
  throw new FraudstreamError(
    'bad-config',
    `${path}:${line.line}: ${line.key} is ${seen}: give a number, such as 0.05.`,
  );
}

/** Says where the number stands that makes no world. */
function saidOf(path: string, line: number, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof FraudstreamError)) throw error;
    throw new FraudstreamError('bad-config', `${path}:${line}: ${error.message}`);
  }
}

function badSection(path: string, { key, line }: YamlLine): FraudstreamError {
  const names = Object.keys(sections).join(' and ');
  const message = Object.hasOwn(sections, key)
    ? `"${key}" holds no numbers: write them below it, indented.`
    : `unknown key "${key}": a world file has ${names}; what has a flag stands in the config file.`;
  return new FraudstreamError('bad-config', `${path}:${line}: ${message}`);
}

/** The flags of a generated world. */
export type WorldValues = Values<typeof worldSettings>;

/** The world of the flags, and its seed: drawn where none is given, so that it can be told. */
export async function madeWorld(
  values: WorldValues,
  runtime: Pick<Runtime, 'random'>,
): Promise<{ readonly made: World; readonly seed: number; readonly file: string | undefined }> {
  const settings = await worldOf(values, runtime);
  const { scenarios, habits } = settings;
  const file = values.world === undefined ? undefined : digestOf({ scenarios, habits });
  return { made: await world(settings), seed: settings.seed, file };
}

/** Tells the contents of world files apart, wherever they lie. */
function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/**
 * The settings of the world of the flags; what nobody said is left to the world.
 *
 * Errors: `usage` for a slice of a world that nobody else can make.
 */
export async function worldOf(
  { seed, start, countries, partition, ...values }: WorldValues,
  { random }: Pick<Runtime, 'random'>,
): Promise<WorldSettings & { readonly seed: number }> {
  if (partition && partition.of > 1 && seed === undefined) {
    const message = '--partition needs --seed: the slices must be of the same world.';
    throw new FraudstreamError('usage', message);
  }
  const { cards, merchants, fraudRate, ipSpace, scenario, world: file } = values;
  const { scenarios = {}, habits } = file === undefined ? {} : await worldFile(file);
  const shares = [...(scenario ?? [])].map(([name, share]) => [
    name,
    { ...scenarios[name], share },
  ]);
  return {
    seed: seed ?? Math.floor(random() * 2 ** 32),
    cards,
    merchants,
    fraudRate,
    ipSpace,
    scenarios: { ...scenarios, ...Object.fromEntries(shares) },
    ...(habits && { habits }),
    ...(start !== undefined && { start }),
    ...(countries && { countries }),
    ...(partition && { partition }),
  };
}
