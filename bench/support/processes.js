/** Commands and servers as processes: their output, processor time of all their threads and children, and memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TICKS_A_SECOND = 100;
const root = join(import.meta.dirname, '..', '..');

/** The command line of this project. */
export const fraudstream = [process.execPath, join(root, 'bin', 'fraudstream')];

/** Credentials and region for servers of this machine. */
export const localAws = {
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_REGION: 'us-east-1',
};

/**
 * Runs a command to its end. Units: seconds by the clock; processor seconds, user and system, of it and its children; most
 * memory of all of them together in MiB. Errors: one that ends with another code than 0, or takes longer than `timeoutMs`.
 */
export async function timed([command, ...args], { env = {}, input, timeoutMs = 900_000 } = {}) {
  const script = 'TIMEFORMAT="seconds %R %U %S"; time "$@"';
  const child = spawn('bash', ['-c', script, 'bash', command, ...args.map(String)], {
    env: { ...process.env, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const watch = setTimeout(() => end(child), timeoutMs);
  let rssMib = 0;
  const sampling = setInterval(() => {
    rssMib = Math.max(rssMib, memoryMib(child.pid));
  }, 50);
  const texts = { stdout: '', stderr: '' };
  for (const name of Object.keys(texts)) {
    child[name].setEncoding('utf8').on('data', (text) => {
      texts[name] += text;
    });
  }
  child.stdin?.on('error', () => undefined).end(input);
  const [code, signal] = await once(child, 'close');
  clearTimeout(watch);
  clearInterval(sampling);
  if (code !== 0) {
    const last = texts.stderr.slice(-1000);
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}: ${last}`);
  }
  const found = /seconds ([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(texts.stderr);
  const [seconds, user, system] = found.slice(1).map(Number);
  return { ...texts, seconds, cpuSeconds: user + system, rssMib };
}

/** Starts a server in a process of its own; resolves when what it prints matches, with the match. */
export async function server([command, ...args], pattern, env = {}) {
  const child = spawn(command, args.map(String), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  const close = () => end(child);
  const found = await new Promise((resolve, reject) => {
    const watch = setTimeout(() => reject(new Error(`${command} does not start: ${text}`)), 60_000);
    const look = (chunk) => {
      text = (text + chunk).slice(-20_000);
      const match = pattern.exec(text);
      if (match === null) return;
      clearTimeout(watch);
      resolve(match);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${command} ended: ${text}`)));
  }).catch((error) => {
    close();
    throw error;
  });
  return { found, pid: child.pid, close };
}

/** Ends a process and its children: it leads a group of its own. */
function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Processor seconds, so far, of a process and of its living children. */
export function cpuSecondsOf(pid) {
  return family(pid).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_A_SECOND;
}

/** Memory in use, in MiB, of a process and of its living children. */
export function memoryMib(pid) {
  return family(pid).reduce((sum, { rssMib }) => sum + rssMib, 0);
}

function family(pid) {
  const found = statOf(pid);
  return found === undefined ? [] : [found, ...childrenOf(pid).flatMap(family)];
}

/** Each thread lists the children that it started. */
function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}

/** Fields of /proc/PID/stat, whose second may have blanks in it; undefined when the process has ended. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      ticks: Number(fields[11]) + Number(fields[12]),
      rssMib: (Number(fields[21]) * 4096) / 2 ** 20,
    };
  } catch {
    return undefined;
  }
}
