import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

/** The root of the repository, seen from here. */
export const root: string = join(import.meta.dirname, '..', '..', '..');
export const templatesFolder: string = join(root, 'pipeline', 'templates');
export const python: string = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
/** Where the AWS CLI lies; it stands first in the PATH of what is run. */
export const aws: string = process.env.FRAUDSTREAM_AWS ?? 'aws';

/** Its packages contradict those of the AWS CLI, so that it has an environment of its own. */
export const checkov: string = process.env.FRAUDSTREAM_CHECKOV ?? 'checkov';

export const shell: (
  file: string,
  args: readonly string[],
  options?: { readonly env?: NodeJS.ProcessEnv; readonly timeout?: number; readonly cwd?: string },
) => Promise<{ readonly stdout: string; readonly stderr: string }> = (file, args, options = {}) =>
  promisify(execFile)(file, [...args], { maxBuffer: 2 ** 26, timeout: 120_000, ...options });

/** True when a tool of the machine works; where it must and does not, the test fails. */
export async function has(
  context: TestContext,
  tool: string,
  args: readonly string[],
): Promise<boolean> {
  try {
    await shell(tool, args);
    return true;
  } catch (error) {
    if (process.env.FRAUDSTREAM_REQUIRE_ALL === '1') throw error;
    context.skip(`${tool} ${args.join(' ')} does not work here`);
    return false;
  }
}

/** PATH with the AWS CLI of the tests in front. */
export function pathWithAws(): string {
  const { PATH = '' } = process.env;
  return aws.includes('/') ? `${dirname(aws)}:${PATH}` : PATH;
}
