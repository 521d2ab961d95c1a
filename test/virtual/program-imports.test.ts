import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const IMPORT = /import\s*\{([^}]*)\}\s*from\s*'(\.[^']*\/dist\/[^']+)'/g;

async function programs(): Promise<readonly URL[]> {
  const found: URL[] = [];
  for (const folder of ['bench/', 'bench/support/', 'scripts/', 'scripts/performance/']) {
    const directory = new URL(folder, root);
    const names = (await readdir(directory)).filter((name) => name.endsWith('.js'));
    found.push(...names.map((name) => new URL(name, directory)));
  }
  return found;
}

/** Names that a program imports from the build and that are not there. */
async function missing(program: URL): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [, names = '', path = ''] of (await readFile(program, 'utf8')).matchAll(IMPORT)) {
    const exported: object = await import(new URL(path, program).href);
    const wanted = names.split(',').map((each) => each.trim().replace(/\s+as\s.*/, ''));
    found.push(...wanted.filter((name) => name !== '' && !(name in exported)));
  }
  return found;
}

test('benchmarks and scripts import only what the build exports', async () => {
  for (const program of await programs())
    assert.deepEqual(await missing(program), [], program.href);
});
