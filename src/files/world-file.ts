import { FraudstreamError } from '../errors.ts';
import { crimesOf } from '../generators/fraud/campaigns.ts';
import { habitsOf } from '../generators/spending/habits.ts';
import type { WorldSettings } from '../generators/world.ts';
import type { YamlLine } from './yaml-lines.ts';

/** What a world file can hold: the numbers that have no flag. */
export type WorldFile = Pick<WorldSettings, 'scenarios' | 'habits'>;

type Tree = { readonly [key: string]: number | Tree };
/** The sections of the file, and the check of each. */
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
  const { yamlLines } = await import('./yaml-lines.ts');
  const lines = await yamlLines(path, 'world file', '--world');
  return Object.fromEntries(
    lines.map((section) => {
      const known = Object.hasOwn(sections, section.key) ? sections[section.key] : undefined;
      if (!known || !section.inner) throw badSection(path, section);
      for (const line of section.inner) {
        const entry = Object.fromEntries([treeOf(line, path)]);
        checkAt(path, line.line, () => known(entry as never));
      }
      const tree = Object.fromEntries(section.inner.map((line) => treeOf(line, path)));
      checkAt(path, section.line, () => known(tree as never));
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

/** Names the line of a number that makes no world. */
function checkAt(path: string, line: number, check: () => unknown): void {
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
    : `unknown key "${key}": a world file has ${names}; settings that are flags belong in the config file.`;
  return new FraudstreamError('bad-config', `${path}:${line}: ${message}`);
}
