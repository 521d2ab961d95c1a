/**
 * Does the five jobs of README.md to the letter in a fresh clone, and prints the time of each command.
 *
 *     npm run five-jobs                 # clones, installs, runs; under ten minutes
 *     npm run five-jobs -- --here       # in this folder, without installing
 *     npm run five-jobs -- --short      # 2 s at 100/s, and a search of an endpoint that throttles
 *
 * What the commands expect of AWS stands on this machine: `up` serves the streams and the endpoint, and
 * `score --from-stream` is the pipeline. Exit code 0 when every command did; a command with a condition may
 * also end with 99.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const isShort = process.argv.includes('--short');
const isHere = process.argv.includes('--here');
const FAILED_CONDITION = 99;
const local = {
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

const scratch = mkdtempSync(join(tmpdir(), 'fraudstream-five-jobs-'));
const folder = isHere ? root : join(scratch, 'fraudstream');
const started = Date.now();
const servers = [];
try {
  await doAll(readFileSync(join(root, 'README.md'), 'utf8'));
  console.log(`All five jobs in ${seconds(started)}.`);
} finally {
  for (const server of servers) server.kill();
  rmSync(scratch, { recursive: true, force: true });
}

async function doAll(readme) {
  if (!isHere) {
    run(`git clone --quiet "${root}" "${folder}"`, scratch);
    run('npm ci', folder);
  }
  const { kinesis, endpoint } = await serve('up --streams transactions:4,verdicts:4');
  const aws = {
    ...local,
    AWS_ENDPOINT_URL_KINESIS: kinesis,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: endpoint,
  };
  const engine =
    'score --from-stream transactions --to-stream verdicts --endpoint-name fraud --from latest';
  start(engine, aws).stdout.resume();
  for (const { title, commands } of jobsOf(readme)) {
    console.log(title);
    let env = aws;
    for (const command of commands) env = await step(command, env);
  }
}

/** The bold titles of the section "Five jobs", and the indented commands under each. */
function jobsOf(readme) {
  const [, section = ''] = /^## Five jobs\n([\s\S]*?)^## /m.exec(readme) ?? [];
  const jobs = section
    .split(/^\*\*/m)
    .slice(1)
    .map((text) => ({
      title: text.slice(0, text.indexOf('.**')),
      commands: text
        .replaceAll(/ *\\\n +/g, ' ')
        .split('\n')
        .filter((line) => line.startsWith('    '))
        .map((line) => line.trim()),
    }));
  if (jobs.length !== 5) throw new Error(`README.md has ${jobs.length} jobs under "Five jobs".`);
  return jobs;
}

/** Runs one command; `export` and `up` change what the next ones see. */
async function step(command, env) {
  if (command.startsWith('export ')) return { ...env, ...exported(command, env) };
  if (command.startsWith('npx fraudstream up ')) {
    const { kinesis } = await serve(command.slice('npx fraudstream '.length));
    return { ...env, port: new URL(kinesis).port };
  }
  if (command.startsWith('aws ') && spawnSync('aws', ['--version']).status !== 0) {
    console.log(`  skipped, because there is no AWS CLI: ${command}`);
    return env;
  }
  run(isShort ? shortened(command) : command, folder, env);
  return env;
}

function exported(command, { port }) {
  const settings = command.replace('PORT', port).split(' ').slice(1);
  return Object.fromEntries(settings.map((setting) => setting.split(/=(.*)/s).slice(0, 2)));
}

function shortened(command) {
  const search = / search .*--local/.test(command)
    ? ' --endpoint-fault limit=150/s --repeat 1 --settle 200ms --step 500ms'
    : '';
  return `${command
    .replace(/--(duration|step) \S+/g, (_, name) => `--${name} 2s`)
    .replace(/--rate \d\S*/, '--rate 100/s')
    .replace(search === '' ? /$^/ : / --step \S+/, '')}${search}`;
}

function run(command, cwd, env = {}) {
  const since = Date.now();
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  console.log(`  ${seconds(since).padStart(7)}  exit ${status}  ${command}`);
  const mayFail = command.includes('--require') && status === FAILED_CONDITION;
  if (status !== 0 && !mayFail) throw new Error(`${stdout}${stderr}`);
}

/** Starts a command that serves; resolves to the line of JSON that it prints when it is ready. */
async function serve(line) {
  const lines = createInterface(start(line, local).stdout);
  const [ready] = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  if (ready === undefined) throw new Error(`fraudstream ${line} ended at its start.`);
  return JSON.parse(ready);
}

function start(line, env) {
  const args = [join(folder, 'bin', 'fraudstream'), ...line.split(' ')];
  const server = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  servers.push(server);
  return server;
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
