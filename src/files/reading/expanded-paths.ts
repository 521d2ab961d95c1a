import { existsSync } from 'node:fs';
import { FraudstreamError } from '../../fraudstream-error.ts';

/**
 * Paths with patterns (`*`, `?`, `**`, `{a,b}`) replaced by the files that match, in order of their names.
 *
 * What exists under its very name is no pattern. Errors: `no-input` for a pattern that nothing matches.
 */
export async function expandedPaths(given: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const path of given) {
    const isPattern = /[*?{[]/.test(path) && !path.startsWith('s3://') && !existsSync(path);
    if (isPattern) paths.push(...(await matching(path)));
    else paths.push(path);
  }
  return paths;
}

async function matching(pattern: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern.split('\\').join('/'), { expandDirectories: false });
  if (found.length > 0) return found.sort();
  throw new FraudstreamError('no-input', `No file matches ${pattern}.`);
}
