import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { FraudstreamError, readFailureOf } from '../../errors.ts';

/**
 * Paths with patterns (`*`, `?`, `**`, `{a,b}`) replaced by the files that match, in order of their names.
 *
 * What exists under its very name is no pattern. Errors: `no-input` for a pattern that nothing
 * matches, and for a path that is no file.
 */
export async function expandedPaths(given: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const path of given) {
    const isPattern = /[*?{[]/.test(path) && !path.startsWith('s3://') && !existsSync(path);
    if (isPattern) paths.push(...(await matching(path)));
    else paths.push(await readable(path));
  }
  return paths;
}

async function matching(pattern: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern.split('\\').join('/'), { expandDirectories: false });
  if (found.length > 0) return found.sort();
  throw new FraudstreamError('no-input', `No file matches ${pattern}.`);
}

/** The path, if it can be opened as a file; stdin and S3 are asked when they are read. */
async function readable(path: string): Promise<string> {
  if (path === '-' || path.startsWith('s3://')) return path;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw new Error('it is a directory');
    // Opening shows whether a file may be read; a pipe would take the first opening for its reader.
    if (stats.isFile()) await (await open(path)).close();
    return path;
  } catch (cause) {
    const reason = readFailureOf(cause);
    throw new FraudstreamError('no-input', `${path} cannot be read: ${reason}. Check the path.`, {
      cause,
    });
  }
}
