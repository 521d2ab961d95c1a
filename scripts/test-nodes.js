/**
 * Tests the build on each release of Node that is supported: `npm run test:nodes`.
 *
 * The package `node` of the registry brings the binaries, of pinned versions, into a folder outside of the repository
 * (FRAUDSTREAM_BENCH_PEERS, else ~/.cache/fraudstream-bench). On each run the round trips of the command line (test/nodes) and the unit
 * tests of the folders that use Node itself; arithmetic is the same everywhere. `--all` runs all unit tests. The Node that
 * runs this script is left out: the other tests run on it. Exit code 1 when a test fails; a Node that cannot be installed is skipped
 * with a line, and a failure where FRAUDSTREAM_REQUIRE_ALL is 1.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const versions = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'];
const folders = [
  'cli',
  'emulators',
  'files',
  'http',
  'kinesis',
  'pacing',
  'scoring',
  'storage',
  'stream',
];
const root = join(import.meta.dirname, '..');
const cache = process.env.FRAUDSTREAM_BENCH_PEERS ?? join(homedir(), '.cache', 'fraudstream-bench');
const LIMIT_MS = 900_000;
const isAll = process.argv.includes('--all');

const files = [
  ...testsIn(join(root, 'dist-test', 'nodes')),
  ...(isAll ? [join(root, 'dist')] : folders.map((folder) => join(root, 'dist', folder))).flatMap(
    testsIn,
  ),
];
let failed = 0;
let passed = 0;
for (const version of versions) {
  if (majorOf(version) === majorOf(process.versions.node)) continue;
  const node = installed(version);
  if (node === undefined) {
    console.log(`Node ${version}: skipped, it cannot be installed`);
    if (process.env.FRAUDSTREAM_REQUIRE_ALL === '1') failed += 1;
  } else count(version, tested(node));
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function majorOf(version) {
  return version.split('.')[0];
}

function testsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(folder, name));
}

/** The path of a Node, which is installed first where it is missing; undefined where that fails. */
function installed(version) {
  const home = join(cache, `node-${version}`);
  const node = join(home, 'node_modules', 'node', 'bin', 'node');
  if (isNode(node, version)) return node;
  const work = `${home}.new-${process.pid}`;
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'package.json'), '{"private":true}');
  const words = ['install', '--no-audit', '--no-fund', '--silent', `node@${version}`];
  spawnSync('npm', words, { cwd: work, stdio: 'inherit', timeout: LIMIT_MS });
  rmSync(home, { recursive: true, force: true });
  renameSync(work, home);
  return isNode(node, version) ? node : undefined;
}

function isNode(path, version) {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${version}`;
}

function tested(node) {
  const startedAt = performance.now();
  const { stdout, status } = spawnSync(node, ['--test', '--test-reporter=tap', ...files], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: LIMIT_MS,
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return { tap: stdout ?? '', status, seconds };
}

function count(version, { tap, status, seconds }) {
  const of = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  const bad = of('fail') + of('cancelled');
  passed += of('pass');
  failed += Math.max(bad, status === 0 ? 0 : 1);
  const lines = tap.split('\n');
  const shown = lines.filter((line) => /^\s*not ok|^\s+error:|Warning:/.test(line));
  for (const line of shown) console.log(line);
  console.log(
    `Node ${version}: ${of('pass')} passed, ${bad} failed, ${of('skipped')} skipped in ${seconds} s`,
  );
}
