/**
 * Runs a benchmark by its name: `npm run bench codec`, `npm run bench fidelity 3 10`.
 *
 * Without a name, lists what there is. The arguments that follow go to the benchmark.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'bench');
const [name, ...args] = process.argv.slice(2);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -'.js'.length));
if (name === undefined || !names.includes(name)) {
  console.error(`Name one of these benchmarks: ${names.join(', ')}.`);
  process.exitCode = 2;
} else {
  const gc = name === 'correlation' ? ['--expose-gc'] : [];
  const { status } = spawnSync(process.execPath, [...gc, join(folder, `${name}.js`), ...args], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
