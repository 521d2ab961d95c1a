// Writes what `demo --seed 7` prints into README.md, between its markers.
//   npm run update:readme
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const readme = new URL('README.md', root);
const program = new URL('bin/fraudstream', root).pathname;
const args = [program, 'demo', '--seed', '7', '--progress', 'none'];
const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
const block = printed
  .trimEnd()
  .split('\n')
  .map((line) => (line === '' ? '' : `    ${line}`))
  .join('\n');
const text = readFileSync(readme, 'utf8');
const marked = /<!-- demo -->[\s\S]*<!-- \/demo -->/;
if (!marked.test(text)) throw new Error('README.md has no <!-- demo --> and <!-- /demo -->');
writeFileSync(
  readme,
  text.replace(marked, () => `<!-- demo -->\n\n${block}\n\n<!-- /demo -->`),
);
