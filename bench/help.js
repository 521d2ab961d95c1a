/**
 * Times `fraudstream --help` over a bare `node -e 0`: what a user waits for before anything happens.
 *
 * Run `npm run build && node bench/help.js`: JSON on stdout, exit code 1 when the bound is broken.
 * The two take turns, so that both see the same machine; figures are medians of wall-clock time.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { median } from './support/median.js';

const RUNS = 21;
const WARM_UPS = 3; // The file cache's.
const bounds = { overNodeMs: 80 };

const program = join(import.meta.dirname, '..', 'bin', 'fraudstream');
const lines = { help: [program, '--help'], bare: ['-e', '0'] };
const times = { help: [], bare: [] };

for (let run = -WARM_UPS; run < RUNS; run += 1) {
  for (const [name, args] of Object.entries(lines)) {
    const startedAt = performance.now();
    execFileSync(process.execPath, args, { stdio: 'ignore' });
    if (run >= 0) times[name].push(performance.now() - startedAt);
  }
}

const helpMs = median(times.help);
const bareMs = median(times.bare);
const overNodeMs = helpMs - bareMs;
const isHeld = overNodeMs <= bounds.overNodeMs;
const machine = { node: process.version, cpu: cpus()[0].model };
const round = (ms) => Number(ms.toFixed(1));
const figures = {
  runs: RUNS,
  helpMs: round(helpMs),
  bareMs: round(bareMs),
  overNodeMs: round(overNodeMs),
  bounds,
  isHeld,
};
console.log(JSON.stringify({ ...machine, ...figures }, undefined, 2));
process.exitCode = isHeld ? 0 : 1;
