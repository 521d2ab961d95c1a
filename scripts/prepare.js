/**
 * Builds unless the build is newer than all that it is made of.
 *
 * npm runs `prepare` after an installation, and before each `npx fraudstream` in this folder, which must neither take the
 * time of a build nor replace files that another process is reading.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const last = join(root, 'dist', 'man', 'fraudstream.1');
const sources = ['package.json', 'tsconfig.json', 'src', 'scripts'];

if (!existsSync(last) || newest(sources) > statSync(last).mtimeMs) {
  const { status } = spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

/** When the latest of these files and folders was changed, in milliseconds. */
function newest(names) {
  const times = names.flatMap((name) => {
    const path = join(root, name);
    if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
    return readdirSync(path, { recursive: true }).map((file) => statSync(join(path, file)).mtimeMs);
  });
  return Math.max(...times);
}
