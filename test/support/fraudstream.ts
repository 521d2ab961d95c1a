import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root: string = join(import.meta.dirname, '..', '..');

/** The command line of this folder. */
export const program: string = join(root, 'bin', 'fraudstream');
/** Where golden data lies. */
export const fixtures: string = join(root, 'fixtures');

/** Ends what hangs: a test that takes so long has failed; runs by hand with larger figures set more. */
const PATIENCE_MS = Number(process.env.FRAUDSTREAM_PATIENCE_MS ?? 300_000);

/** What a process has printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** Resolves with the match when stdout or stderr has it; rejects when the process ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Standard output so far. */
  printed(): string;
}

type Env = Readonly<Record<string, string>>;

/** The environment of a machine without AWS: no credentials, no config files, no metadata service. */
const bare: Env = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** What an embedded Kinesis asks for. */
export const local: Env = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
};

/** Starts `fraudstream` with arguments, in a bare environment with these variables added. */
export function start(args: readonly string[], env: Env = {}, input?: string): Running {
  const running = startProgram(process.execPath, [program, ...args], env);
  if (input !== undefined) running.child.stdin.end(input);
  return running;
}

/** The same for another program. The working directory has no config file. */
export function startProgram(command: string, args: readonly string[], env: Env = {}): Running {
  const child = spawn(command, args, {
    cwd: tmpdir(),
    env: { ...bare, ...env },
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  const texts = { out: '', err: '' };
  const listeners = new Set<() => void>();
  for (const [name, stream] of [
    ['out', child.stdout],
    ['err', child.stderr],
  ] as const) {
    // Decoded as a stream: a character may lie across two chunks.
    stream.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      for (const listener of listeners) listener();
    });
  }
  // Whoever does not read its input may close it.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(([code]): Ended => ({ code, ...texts }));
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(texts.out) ?? pattern.exec(texts.err);
        if (match === null) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      look();
      const refuse = (): void =>
        reject(new Error(`ended without ${pattern}:\n${texts.out}\n${texts.err}`));
      ended.then(refuse, reject);
    });
  return { child, ended, says, printed: () => texts.out };
}

/** Runs `fraudstream` to its end, with `input` on stdin. */
export function fraudstream(args: readonly string[], env: Env = {}, input = ''): Promise<Ended> {
  return start(args, env, input).ended;
}

/** Runs a line of a shell, in which `fraudstream` is ours. */
export function shell(line: string, env: Env = {}): Promise<Ended> {
  const ours = `fraudstream() { '${process.execPath}' '${program}' "$@"; }`;
  return startProgram('bash', ['-c', `${ours}\n${line}`], env).ended;
}
