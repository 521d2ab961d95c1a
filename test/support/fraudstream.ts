import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root: string = join(import.meta.dirname, '..', '..');

/** The front door. */
export const program: string = join(root, 'bin', 'fraudstream');
/** Where golden data lies. */
export const fixtures: string = join(root, 'fixtures');

/** What a process said, and how it ended. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves with the match when stdout or stderr has said so; rejects when the process ends without. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Standard output so far. */
  printed(): string;
}

type Env = Readonly<Record<string, string>>;

/** Ends what hangs: a test that takes so long has failed. */
const PATIENCE_MS = 300_000;

/** Our own variables and those of AWS are not handed down; the working directory has no config. */
export function start(args: readonly string[], env: Env = {}, command = process.execPath): Running {
  const { PATH = '', HOME = '' } = process.env;
  const words = command === process.execPath ? [program, ...args] : args;
  const child = spawn(command, words, {
    cwd: tmpdir(),
    env: { PATH, HOME, ...env },
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  const texts = { out: '', err: '' };
  const listeners = new Set<() => void>();
  for (const [name, stream] of [
    ['out', child.stdout],
    ['err', child.stderr],
  ] as const) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(texts.out) ?? pattern.exec(texts.err);
        if (match !== null) resolve(match);
      };
      listeners.add(look);
      look();
      void outcome.then(() => reject(new Error(`ended without ${pattern}: ${texts.err}`)), reject);
    });
  return { child, outcome, said, printed: () => texts.out };
}

/** Runs to the end, with `input` on stdin. */
export async function fraudstream(
  args: readonly string[],
  env: Env = {},
  input = '',
): Promise<Outcome> {
  const { child, outcome } = start(args, env);
  // Whoever does not read its input may close it.
  child.stdin?.on('error', () => undefined).end(input);
  return outcome;
}

/** Runs a line of a shell, in which `fraudstream` is ours. */
export async function shell(line: string, env: Env = {}): Promise<Outcome> {
  const ours = `fraudstream() { '${process.execPath}' '${program}' "$@"; }`;
  return start(['-c', `${ours}\n${line}`], env, 'bash').outcome;
}
