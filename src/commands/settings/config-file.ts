import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Command } from '../command.ts';
import { nearest } from './nearest.ts';
import { isFlag, nameOf } from './setting.ts';
import type { ConfigFile } from './settle.ts';

const standardPaths = ['fraudstream.yaml', 'fraudstream.yml', 'fraudstream.json'];

/** One line of the file: a key on the top level, or within the section of a command. */
interface Line {
  readonly section?: Command;
  readonly key: string;
  readonly value: unknown;
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
  const texts = linesOf(await parse(found), commands).map((line) => ({
    section: line.section?.name,
    name: knownName(line, found, commands),
    given: textsOf(line, found),
  }));
  const within = (section: string | undefined) =>
    texts
      .filter((line) => line.section === section)
      .map(({ name, given }) => [name, given] as const);
  return { path: found, texts: new Map([...within(undefined), ...within(verb)]) };
}

async function parse(path: string): Promise<Readonly<Record<string, unknown>>> {
  let content: unknown;
  try {
    const [{ parse }, text] = await Promise.all([import('yaml'), readFile(path, 'utf8')]);
    content = parse(text) ?? {};
  } catch (cause) {
    const message = `The config file ${path} cannot be read. Check the path and that it is YAML.`;
    throw new FraudstreamError('bad-config', message, { cause });
  }
  if (isMapping(content)) return content;
  throw new FraudstreamError('bad-config', `${path}: expected lines such as "rate: 5k/s".`);
}

function linesOf(
  content: Readonly<Record<string, unknown>>,
  commands: readonly Command[],
): readonly Line[] {
  return Object.entries(content).flatMap(([key, value]): readonly Line[] => {
    const section = commands.find((command) => command.name === key);
    // A verb can share its name with a flag (`report`): only the section is a mapping.
    if (!section || !isMapping(value)) return [{ key, value }];
    return Object.entries(value).map((inner) => ({ section, key: inner[0], value: inner[1] }));
  });
}

function knownName({ section, key }: Line, path: string, commands: readonly Command[]): string {
  const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const names = (section ? [section] : commands).flatMap(({ settings }) =>
    Object.values(settings).filter(isFlag).map(nameOf),
  );
  if (names.includes(name)) return name;
  const verbs = section ? [] : commands.map((command) => command.name);
  const meant = nearest(name, [...names, ...verbs]);
  const place = section ? ` in section "${section.name}"` : '';
  const hint = meant ? ` Did you mean "${meant}"?` : '';
  throw new FraudstreamError('bad-config', `${path}: unknown key "${key}"${place}.${hint}`);
}

/** A scalar is one text, a list many, a mapping `name:value` pairs. */
function textsOf({ key, value }: Line, path: string): readonly string[] {
  if (isScalar(value)) return [String(value)];
  const items = isMapping(value)
    ? Object.entries(value).map(([name, item]) => (isScalar(item) ? `${name}:${item}` : item))
    : value;
  if (Array.isArray(items) && items.every(isScalar)) return items.map(String);
  throw new FraudstreamError('bad-config', `${path}: "${key}" is neither a value nor a list.`);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
