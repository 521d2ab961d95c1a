/** Writes fixtures/help/*.txt: run by `npm run update:golden`. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../dist/commands/all-commands.js';

const root = join(import.meta.dirname, '..');

for (const verb of [undefined, ...commands.map(({ name }) => name)]) {
  const args = verb === undefined ? ['--help'] : [verb, '--help'];
  const text = execFileSync(process.execPath, [join(root, 'bin', 'fraudstream'), ...args]);
  writeFileSync(join(root, 'fixtures', 'help', `${verb ?? 'fraudstream'}.txt`), text);
}
