/**
 * Checks the package as it would be published: `npm run lint:package`.
 *
 * publint reads package.json and the files that it names; attw resolves every export as TypeScript does for
 * ES modules, which is all that the package has.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, tool } from './install.js';

install();
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-package-'));
try {
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  const [tarball = ''] = readdirSync(folder);
  run(tool('publint'), ['run', join(folder, tarball), '--strict']);
  run(tool('attw'), [join(folder, tarball), '--profile', 'esm-only', '--format', 'ascii']);
} finally {
  rmSync(folder, { recursive: true });
}

function run(command, args) {
  const root = join(import.meta.dirname, '..');
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
