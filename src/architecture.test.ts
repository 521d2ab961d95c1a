import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const map = ['architecture.md', 'code-paths.md']
  .map((name) => readFileSync(join(root, 'docs', name), 'utf8'))
  .join('\n');

/** Texts in backticks that name a file or a folder; every command has `flags.ts` and `run.ts`. */
const paths = [...map.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
  .map(([, path = '']) => path)
  .filter((path) => /\/|\.(ts|md|json|bin)$/.test(path) && !/^(flags|run)\.ts$/.test(path));

test('every file and folder that docs/architecture.md names exists', () => {
  assert.ok(paths.length > 150, `${paths.length} paths`);
  const missing = paths.filter(
    (path) => !existsSync(join(source, path)) && !existsSync(join(root, path)),
  );
  assert.deepEqual(missing, []);
});

test('docs/architecture.md has every folder of src', () => {
  for (const { name } of readdirSync(source, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )) {
    assert.ok(paths.includes(`${name}/`), `${name}/ is missing`);
  }
});

test('every flag that docs/architecture.md names is stated in the file beside it', () => {
  const rows = [...map.matchAll(/^\| (`--[^|]+) \| `([^`]+)` \|$/gm)];
  assert.ok(rows.length > 10, `${rows.length} rows`);
  for (const [, flags = '', path = ''] of rows) {
    const code = readFileSync(join(source, path), 'utf8');
    for (const [, flag = ''] of flags.matchAll(/`(--[\w-]+)`/g)) {
      assert.match(code, new RegExp(`${flag}\\b`), `${flag} in ${path}`);
    }
  }
});

test('every record of docs/adr is in its list', () => {
  const folder = join(root, 'docs', 'adr');
  const list = readFileSync(join(folder, 'README.md'), 'utf8');
  for (const name of readdirSync(folder).filter((file) => /^\d/.test(file))) {
    const [title = ''] = readFileSync(join(folder, name), 'utf8').split('\n');
    assert.ok(list.includes(`[${title.slice(2)}](${name})`), name);
  }
});
