import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shell = promisify(execFile);
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-start-'));
  await cp(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  await mkdir(join(folder, 'dist', 'bundle'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'dist', 'main.js'), "console.log('modules');");
  await writeFile(join(folder, 'dist', 'bundle', 'main.cjs'), "console.log('bundle');");
});
after(() => rm(folder, { recursive: true }));

async function started(): Promise<string> {
  const env = { ...process.env, XDG_CACHE_HOME: folder };
  const { stdout } = await shell(process.execPath, [join(folder, 'bin', 'fraudstream')], { env });
  return stdout.trim();
}

/** Gives both entry points their times, in seconds. */
async function compiled(times: { modules: number; bundle: number }): Promise<void> {
  await utimes(join(folder, 'dist', 'main.js'), times.modules, times.modules);
  await utimes(join(folder, 'dist', 'bundle', 'main.cjs'), times.bundle, times.bundle);
}

test('the command line runs the bundle; of a working copy only when it is not older than the modules', async () => {
  // A package manager may give the files of a package any time.
  await compiled({ modules: 2_000, bundle: 1_000 });
  assert.equal(await started(), 'bundle');
  await mkdir(join(folder, 'src'));
  assert.equal(await started(), 'modules');
  await compiled({ modules: 1_000, bundle: 1_000 });
  assert.equal(await started(), 'bundle');
  await rm(join(folder, 'dist', 'bundle'), { recursive: true });
  assert.equal(await started(), 'modules');
});

test('the bundle starts its own threads', async () => {
  const bundle = join(root, 'dist', 'bundle');
  const files = (await readdir(bundle)).filter((name) => name.endsWith('.cjs'));
  const threads = new Set<string>();
  for (const file of files) {
    const text = await readFile(join(bundle, file), 'utf8');
    assert.doesNotMatch(text, /-thread\.js['"`]/, file);
    for (const [, name = ''] of text.matchAll(/['"`]\.\/([\w-]+-thread\.cjs)['"`]/g)) {
      threads.add(name);
    }
  }
  assert.ok(threads.size >= 8, [...threads].join(', '));
  for (const name of threads) assert.ok(existsSync(join(bundle, name)), name);
});
