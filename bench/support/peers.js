/**
 * The programs and packages of others beside which ours is measured, each of one pinned version.
 *
 * None is a dependency of the project: what is missing is installed into a folder outside of the repository
 * (FRAUDSTREAM_BENCH_PEERS, else ~/.cache/fraudstream-bench), and stays there. What cannot be installed is skipped, with the reason.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder =
  process.env.FRAUDSTREAM_BENCH_PEERS ?? join(homedir(), '.cache', 'fraudstream-bench');

const boosters = 'xgboost==1.7.6 onnxruntime==1.31.1 onnxmltools==1.16.0 skl2onnx==1.20.0';
const list = {
  wrk: debian('4.1.0-3+b2', ['wrk', 'libluajit-5.1-2', 'libluajit-5.1-common'], 'usr/bin/wrk'),
  hey: go('v0.1.4', 'github.com/rakyll/hey'),
  vegeta: go('v12.13.0', 'github.com/tsenart/vegeta/v12'),
  bombardier: go('v1.2.6', 'github.com/codesenberg/bombardier'),
  autocannon: npm('8.0.0', ['autocannon@8.0.0'], 'autocannon/autocannon.js'),
  kinesalite: npm('3.3.3', ['kinesalite@3.3.3'], 'kinesalite/cli.js'),
  'kinesis-local': npm('0.6.2', ['kinesis-local@0.6.2'], 'kinesis-local/main.js'),
  aws_kinesis_agg: pypi('1.2.3', 'aws-kinesis-agg==1.2.3 protobuf==3.20.3'),
  boosters: pypi(
    'xgboost 1.7.6, onnxruntime 1.31.1, treelite 4.8.1',
    `${boosters} treelite==4.8.1`,
  ),
  faker: pypi('40.54.0', 'faker==40.54.0'),
  moto: pypi('5.2.5', 'moto[server]==5.2.5'),
  // Half an hour to compile where two cores are busy: `cargo install oha`.
  oha: { command: ['oha', '--version'] },
};

/** How to start a peer (`command`) and its `version`, or why it is `skipped`. */
export async function peer(name) {
  const { version, place, install, start, command } = list[name];
  if (command !== undefined) return installed(name, command);
  const home = join(folder, `${name}-${place}`);
  try {
    if (!(await exists(home))) await installInto(home, name, version, install);
    return { name, version, command: start(home, name), env: envOf(home) };
  } catch (error) {
    const [line] = String(error.stderr || error.message)
      .trim()
      .split('\n')
      .slice(-1);
    return { name, skipped: `${name} ${version}: cannot be installed (${line})` };
  }
}

/** Those of the peers that can be started; the reasons of the others go to `skipped`. */
export async function peersOf(names, skipped) {
  const found = [];
  for (const name of names) {
    const each = await peer(name);
    if (each.skipped === undefined) found.push(each);
    else skipped.push(each.skipped);
  }
  return found;
}

async function installed(name, [program, ...args]) {
  try {
    const { stdout } = await run(program, args);
    return { name, version: stdout.trim().split('\n')[0], command: [program], env: {} };
  } catch {
    return { name, skipped: `${name}: is not installed` };
  }
}

/** Into a new folder, which gets its name when all of it is there. */
async function installInto(home, name, version, install) {
  console.error(`Installing ${name} ${version} into ${home}`);
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'new-'));
  try {
    await install(work, name);
    await rename(work, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function exists(path) {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Libraries that lie beside a Debian program. */
function envOf(home) {
  return { LD_LIBRARY_PATH: join(home, 'usr', 'lib', 'x86_64-linux-gnu') };
}

function tool(command, args, options) {
  return run(command, args, { timeout: 1_200_000, maxBuffer: 2 ** 26, ...options });
}

function debian(version, packages, path) {
  return {
    version,
    place: version,
    install: async (home) => {
      await tool('apt-get', ['download', ...packages], { cwd: home });
      await tool('sh', ['-c', 'for each in *.deb; do dpkg -x "$each" .; done'], { cwd: home });
    },
    start: (home) => [join(home, path)],
  };
}

function go(version, path) {
  return {
    version,
    place: version,
    install: (home) =>
      tool('go', ['install', `${path}@${version}`], { env: { ...process.env, GOBIN: home } }),
    start: (home, name) => [join(home, name)],
  };
}

function npm(version, packages, path) {
  return {
    version,
    place: version,
    install: async (home) => {
      await writeFile(join(home, 'package.json'), '{"private":true}');
      await tool('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: home });
    },
    start: (home) => {
      const program = join(home, 'node_modules', path);
      return path.endsWith('.js') ? [process.execPath, program] : [program];
    },
  };
}

/** Its own Python, whose command runs what is given to it. */
function pypi(version, requirements) {
  const packages = requirements.split(' ');
  return {
    version,
    place: packages.map((each) => each.split('==')[1]).join('-'),
    // A virtual environment has its own path in it, and cannot be moved.
    install: async (home) => {
      await tool('python3', ['-m', 'pip', 'install', '--quiet', '--target', home, ...packages]);
    },
    start: (home) => ['env', `PYTHONPATH=${home}`, 'python3'],
  };
}
