import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const installed = join(import.meta.dirname, 'node_modules');

/** Installs the tools unless they are there. */
export function install() {
  if (existsSync(installed)) return;
  const args = ['ci', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', args, { cwd: import.meta.dirname, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** The path of the program of a tool. */
export function tool(name) {
  return join(installed, '.bin', name);
}
