import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FraudstreamError } from '../../errors.ts';
import { flagOf, type Setting } from './define-setting.ts';

interface Named {
  readonly setting: Setting<unknown>;
  readonly value: unknown;
}

/**
 * Looks at files that are to be written before anything begins: their folders are there, and none is
 * a file that the same command reads, or writes otherwise.
 *
 * What is no regular file (a terminal, /dev/null, a pipe) may be named more than once.
 * Errors: throws `usage`.
 */
export function checkOutputs(resolved: readonly Named[]): void {
  const users = new Map<string, Setting<unknown>>();
  for (const { setting, path, file } of resolved.flatMap(filesOf)) {
    const other = users.get(file) ?? setting;
    const isWritten = setting.parser.isOutput || other.parser.isOutput;
    if (other !== setting && isWritten) throw overwritten(path, setting, other);
    users.set(file, other);
  }
}

/** Errors: `usage` for a file that cannot be written. */
function checkWritable(path: string, setting: Setting<unknown>): void {
  const reason = unwritable(path);
  if (reason === undefined) return;
  throw new FraudstreamError('usage', `${flagOf(setting)} ${path} cannot be written: ${reason}.`);
}

function unwritable(path: string): string | undefined {
  const folder = dirname(resolve(path));
  const [file, parent] = [path, folder].map((one) => statSync(one, { throwIfNoEntry: false }));
  if (file?.isDirectory()) return 'it is a folder';
  if (!parent?.isDirectory()) return `there is no folder ${folder}`;
  try {
    accessSync(file ? path : folder, constants.W_OK);
    return undefined;
  } catch {
    return `there is no permission to write ${file ? 'it' : `to ${folder}`}`;
  }
}

interface Use {
  readonly setting: Setting<unknown>;
  readonly path: string;
  readonly file: string;
}

function filesOf({ setting, value }: Named): readonly Use[] {
  if (!setting.parser.isPath) return [];
  const paths = [value].flat().filter((path) => typeof path === 'string');
  return paths.flatMap((path) => {
    if (setting.parser.isOutput) checkWritable(path, setting);
    const file = identity(path);
    return file === undefined ? [] : { setting, path, file };
  });
}

/** What a path leads to; nothing for what cannot be written over. */
function identity(path: string): string | undefined {
  if (path === '-' || path.startsWith('s3://')) return undefined;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats) return stats.isFile() ? realpathSync(path) : undefined;
  const folder = dirname(resolve(path));
  const isThere = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  return join(isThere ? realpathSync(folder) : folder, basename(path));
}

function overwritten(
  path: string,
  setting: Setting<unknown>,
  other: Setting<unknown>,
): FraudstreamError {
  const [writing, user] = setting.parser.isOutput ? [setting, other] : [other, setting];
  const does = user.parser.isOutput ? 'writes' : 'reads';
  const message = `${flagOf(writing)} would write over ${path}, which ${flagOf(user)} ${does}. Give it another name.`;
  return new FraudstreamError('usage', message);
}
