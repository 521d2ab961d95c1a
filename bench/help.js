/**
 * Times `fraudstream --help` over a bare `node -e 0`: what a user waits for before anything happens.
 *
 * Run `npm run build && node bench/help.js`: JSON on stdout, exit code 1 when the bound is broken.
 * The two take turns, so that both see the same machine; figures are medians of wall-clock time.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { alternating, atMost, medians, publish, ratio, settings } from './support/benchmark.js';

const bounds = { overNodeMs: 80 };

const given = settings({ runs: 21 });
const program = join(import.meta.dirname, '..', 'bin', 'fraudstream');
const elapsed = (args) => () => {
  const startedAt = performance.now();
  execFileSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - startedAt;
};
// The first three runs fill the file cache.
const sides = { help: elapsed([program, '--help']), bare: elapsed(['-e', '0']) };
const { help, bare } = medians(await alternating(sides, given.runs, 3));
publish({
  settings: given,
  tables: [
    {
      title: 'Start, ms by the clock',
      rows: [
        { command: 'node -e 0', ms: bare, 'over bare Node': 1 },
        { command: 'fraudstream --help', ms: help, 'over bare Node': help / bare },
      ],
    },
  ],
  ratios: [ratio('--help over bare Node', help / bare, 'lower')],
  bounds: [atMost('ms over bare Node', help - bare, bounds.overNodeMs)],
});
