import { spawnSync } from 'node:child_process';

/** The Python of the tests. */
export const python: string = process.env.FRAUDSTREAM_PYTHON ?? 'python3';

/** Why models cannot be trained here for want of these modules, or false; where everything is required they have to be there. */
export function lacksTraining(...modules: readonly string[]): string | false {
  if (process.env.FRAUDSTREAM_REQUIRE_ALL) return false;
  if (spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status === 0) return false;
  return `${python} lacks one of ${modules.join(', ')}: pip install -r model/requirements.txt`;
}
