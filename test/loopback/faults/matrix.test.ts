import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { delays, faults } from '../../support/fault-proxy.ts';
import { fraudstream } from '../../support/fraudstream.ts';
import { privateAuthority } from '../../support/outside-network.ts';
import {
  type Bench,
  type CellResult,
  COUNT,
  commands,
  type FaultName,
  MOST_RSS_MIB,
  runCell,
} from './cells.ts';

const isWhole = process.env.FRAUDSTREAM_FAULTS === 'all';
const table = process.env.FRAUDSTREAM_FAULTS_TABLE;
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-matrix-'));
const fullDisk = join(folder, 'full');
const readOnlyDisk = join(folder, 'read-only');
const input = join(folder, 'day.ndjson');
const results = new Map<string, CellResult>();
let bench: Bench;

const mounts = [
  [fullDisk, 'size=4k'],
  [readOnlyDisk, 'ro'],
].map(([path = '', options = '']) => {
  mkdirSync(path);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]).status === 0;
});
const hasDisks = mounts.every(Boolean);

before(async () => {
  const made = await fraudstream(['generate', '--count', String(COUNT), '--seed', '7']);
  assert.equal(made.code, 0, made.err);
  writeFileSync(input, made.out);
  // Not a byte is left.
  if (hasDisks) spawnSync('dd', ['if=/dev/zero', `of=${join(fullDisk, 'filling')}`, 'bs=1k']);
  bench = { folder, authority: privateAuthority(), input, fullDisk, readOnlyDisk };
});
after(() => {
  for (const disk of [fullDisk, readOnlyDisk]) spawnSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
  if (table) writeFileSync(table, tableOf(results));
});

const names: readonly FaultName[] = [
  ...faults,
  'half-open-after',
  ...delays,
  ...(['tls-alert', 'expired-token', 'clock-off', 'dns', 'disk-full', 'read-only'] as const),
];
const onDisk: ReadonlySet<FaultName> = new Set(['disk-full', 'read-only']);
/** In every CI run: one cell of each kind of fault, and of each command. */
const short: ReadonlySet<string> = new Set([
  'produce half-open-after',
  'replay --resume disk-full',
  'consume bandwidth',
  'score garbage',
  'score --from-stream expired-token',
  'run slow-close',
  'record tls-alert',
  'consume efo truncated',
  'score --from-stream efo expired-token',
]);
/** A part of the whole, by the names of commands: `FRAUDSTREAM_FAULTS=efo`. */
const part = isWhole ? '' : process.env.FRAUDSTREAM_FAULTS || undefined;

/** The exit code that a cell must have: the run is whole, or it ends with the code of its reason. */
function expectedCode(fault: FaultName): number {
  if (fault === 'dns') return 69;
  return onDisk.has(fault) ? 2 : 0;
}

for (const command of commands) {
  for (const fault of names) {
    const cell = `${command.name} ${fault}`;
    if (part === undefined ? !short.has(cell) : !command.name.includes(part)) continue;
    const isOut = onDisk.has(fault) && !hasDisks;
    const skip = isOut ? 'a tmpfs cannot be mounted here' : false;
    test(`${command.name} under ${fault}: every record is accounted for`, { skip }, async () => {
      const result = await runCell(command, fault, bench);
      results.set(cell, result);
      assert.equal(result.code, expectedCode(fault));
      assert.ok(result.rssMib < MOST_RSS_MIB, `${result.rssMib} MiB`);
    });
  }
}

/** Exit code and peak memory of each cell, as the table of docs/reliability.md. */
function tableOf(cells: ReadonlyMap<string, CellResult>): string {
  const heads = commands.map(({ name }) => name);
  const rows = names.map((fault) => {
    const row = heads.map((name) => {
      const result = cells.get(`${name} ${fault}`);
      return result ? `${result.code}, ${Math.round(result.rssMib)}` : '';
    });
    return `| ${fault} | ${row.join(' | ')} |`;
  });
  const lines = [`| fault | ${heads.join(' | ')} |`, `|---|${heads.map(() => '---').join('|')}|`];
  return `${[...lines, ...rows].join('\n')}\n`;
}
