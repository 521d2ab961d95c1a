/** Makes fixtures/transactions again, by the commands that its README holds. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'fixtures', 'transactions', 'README.md'), 'utf8');
for (const [, line] of readme.matchAll(/^ {4}fraudstream (.+)$/gm)) {
  const args = [join(root, 'bin', 'fraudstream'), ...line.split(' ')];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
}
