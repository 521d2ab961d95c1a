/** Writes fixtures/help/*.txt, and *.all.txt of `--help-all`: run by `npm run update:golden`. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../dist/commands/all-commands.js';

const root = join(import.meta.dirname, '..');

function write(name, ...args) {
  const text = execFileSync(process.execPath, [join(root, 'bin', 'fraudstream'), ...args]);
  writeFileSync(join(root, 'fixtures', 'help', `${name}.txt`), text);
}

write('fraudstream', '--help');
for (const { name, mainFlags } of commands) {
  write(name, name, '--help');
  if (mainFlags) write(`${name}.all`, name, '--help-all');
}
